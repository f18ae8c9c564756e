import { expect } from "chai";
import { EMBEDDED_START, replayOn, runReplay, type ReplaySetup, type Replayed } from "../../scripts/replay/run.js";
import { ReplayChain } from "../../scripts/replay/chain.js";
import { loadInput, type ReplayInput } from "../../scripts/replay/input/index.js";
import { planReplay, SCHEDULE, seasonMintWei, type ReplayPlan } from "../../scripts/replay/plan.js";
import { reconcile, type OnChain } from "../../scripts/replay/reconcile.js";
import type { PostedAttestation, RawReport, SettlementStep } from "../../scripts/replay/records.js";
import { differencesOf, guardBoundIn, summaryOf } from "../../scripts/replay/summary.js";
import { DAY_SECONDS, OUTCOMES } from "@yellowstone-compute/sdk";

/** A trace of minutes: the router attests every 48 s, and the chain goes on until what it attested is active. */
const SHORT: ReplaySetup = {
  cadenceBlocks: 4n,
  tailSeconds: 720n,
  seasonSeconds: 600n,
  output: { write: () => true },
};

/** Keys of `--json`, in their order. */
const JSON_KEYS = [
  ...["requests", "served", "failed", "tooSlow", "empty", "unreported", "unserved", "rejected", "tokens"],
  ...[
    "creditedUMor",
    "backlogUMor",
    "absorbedUMor",
    "awardedUMor",
    "paidWei",
    "owedWei",
    "unusedWei",
    "bootstrapWei",
    "budgetWei",
    "attestations",
    "seasons",
  ],
  ...["transactions", "gasTotal", "gasPerRequest", "l1FeeWei", "seconds", "memoryPeakBytes", "reconciled"],
];

const dayOfBlock = (height: bigint) => (height * 12n) / BigInt(DAY_SECONDS);

describe("scenario: the main job on a synthetic trace", function () {
  this.timeout(60_000);

  for (const { seed, requests } of [
    { seed: 1, requests: 1_400 },
    { seed: 2, requests: 700 },
    { seed: 7, requests: 700 },
  ]) {
    it(`seed ${seed}, ${requests} requests: every wei is accounted for`, async () => {
      const input = loadInput({ seed, requests, users: 200 });
      const result = await runReplay(input, { seed, capacity: 2, rpc: undefined }, SHORT);
      const { records, reconciliation, figures, plan, blocks, chain } = result;
      expect(differencesOf(input, result)).to.deep.equal([]);

      const ends = OUTCOMES.map((outcome) => records.outcomes[outcome]);
      expect(ends.reduce((sum, count) => sum + count)).to.equal(requests);
      expect(figures, "nothing is left underway").to.include({ waiting: 0, matched: 0 });
      for (const outcome of ["served", "failed", "tooSlow", "rejected"] as const) {
        expect(records.outcomes[outcome], outcome).to.be.greaterThan(0);
      }
      expect(records.queued, "RFCs that waited").to.be.greaterThan(0);
      expect([...records.rejections.keys()], "small balances meet their UserMax").to.include("QuotaExceeded");

      const days = new Set(records.attestations.map(({ lastBlock }) => dayOfBlock(lastBlock)));
      expect(days, "the block-day turns").to.deep.equal(new Set([plan.day, plan.day + 1n]));
      expect(guardBoundIn(records).length, "guard bound").to.be.greaterThan(0);
      expect(figures.backlogUMor > 0n, "credits wait").to.equal(true);
      const claimed = records.attestations.filter((attestation) => attestation.claimed);
      expect(claimed.length, "activations that were claimed").to.be.greaterThan(1);

      const { pool, paidWei, creditedUMor, absorbedUMor, awardedUMor } = reconciliation;
      const coveredWei = total(records.exits.map((exit) => exit.coveredWei));
      expect(pool.heldWei).to.equal(pool.unusedWei + pool.owedWei + pool.bootstrapWei);
      expect(total(paidWei) + pool.owedWei + total(absorbedUMor) * 10n ** 12n).to.equal(
        total([...creditedUMor, ...awardedUMor]) * 10n ** 12n,
      );
      const seasonMintsWei = total(records.seasons.map(({ season }) => seasonMintWei(plan, season)));
      const arrivedWei = plan.firstMintWei + plan.secondMintWei + seasonMintsWei + coveredWei;
      expect(total(paidWei) + pool.heldWei, "all that arrived").to.equal(arrivedWei);
      expect(records.seasons.map(({ season }) => season)).to.deep.equal([0n, 1n, 2n, 3n]);
      const won = records.seasons.filter(({ ranks }) => ranks.length > 0);
      expect(won.length, "seasons that were shared, and some that were not").to.be.within(1, 3);
      for (const { poolUMor, ranks } of won) {
        const sharedUMor = total(ranks.map(({ shareUMor }) => shareUMor));
        expect(poolUMor - sharedUMor < BigInt(ranks.length), "less than a uMOR a rank rolls on").to.equal(true);
        expect(sharedUMor > 0n).to.equal(true);
      }
      expect(chain.l1FeeWei > 0n, "the L1 data fee is charged").to.equal(true);
      expect(blocks).to.be.greaterThan(50);

      const summary = summaryOf(input, result, { seconds: 1.23, memoryPeakBytes: 4_096 });
      expect(Object.keys(summary)).to.deep.equal(JSON_KEYS);
      expect(summary).to.include({ requests, reconciled: true, seconds: 1.2, memoryPeakBytes: 4_096 });
    });
  }

  it("one seed is one result, but for the fees", async () => {
    const run = async () => {
      const input = loadInput({ seed: 5, requests: 150, users: 50 });
      const result = await runReplay(input, { seed: 5, capacity: 1, rpc: undefined }, SHORT);
      const summary = summaryOf(input, result, { seconds: 0, memoryPeakBytes: 0 });
      // Ignition deploys in no fixed order: other addresses are other signatures, a few bytes dearer or cheaper.
      return { ...summary, gasTotal: "", gasPerRequest: 0, l1FeeWei: "" };
    };
    expect(await run()).to.deep.equal(await run());
  });
});

describe("scenario: the reconciliation can fail", function () {
  this.timeout(60_000);
  let chain: ReplayChain;
  let played: Replayed;
  let plan: ReplayPlan;
  let input: ReplayInput;

  before(async () => {
    input = loadInput({ seed: 3, requests: 400, users: 100 });
    chain = await ReplayChain.open(undefined, EMBEDDED_START);
    plan = planReplay(input, chain.time, SHORT.seasonSeconds);
    played = await replayOn(chain, input, plan, { seed: 3, capacity: 2 }, SHORT);
  });
  after(() => chain.close());

  /** What the check says of records or of a chain that were tampered with. */
  async function said(change: {
    reports?: (reports: RawReport[]) => void;
    attestations?: (attestations: PostedAttestation[]) => void;
    steps?: (steps: readonly SettlementStep[]) => SettlementStep[];
    onChain?: Partial<OnChain>;
  }): Promise<string> {
    const { records, emissionStart } = played;
    const reports = records.reports.map((report) => ({ ...report }));
    const attestations = records.attestations.map((attestation) => ({ ...attestation }));
    change.reports?.(reports);
    change.attestations?.(attestations);
    const steps = change.steps?.(records.steps) ?? records.steps;
    const onChain = { ...played.onChain, ...change.onChain };
    return (await reconcile({ ...records, reports, attestations, steps }, emissionStart, onChain)).differences.join(
      "\n",
    );
  }
  const firstPaid = (reports: readonly RawReport[]) => reports.findIndex(({ passed, tokens }) => passed && tokens > 0n);

  it("agrees with what happened", async () => {
    expect(played.emissionStart).to.equal(SCHEDULE.startAt);
    expect(await said({})).to.equal("");
  });

  it("one token more in one report", async () => {
    const reports = (all: RawReport[]) => {
      const at = firstPaid(all);
      all[at] = { ...all[at]!, tokens: all[at]!.tokens + 1n };
    };
    const differences = await said({ reports });
    for (const figure of ["credited uMOR", "root of the ledger", "paid wei", "attested uMOR"]) {
      expect(differences).to.include(figure);
    }
  });

  it("a report that was lost, or that came from another provider", async () => {
    expect(await said({ reports: (all) => void all.splice(firstPaid(all), 1) })).to.include("root of the ledger");
    const another = (all: RawReport[]) => {
      const at = firstPaid(all);
      all[at] = { ...all[at]!, provider: (all[at]!.provider + 1) % input.providers.length };
    };
    expect(await said({ reports: another })).to.match(/provider \d+, paid wei: chain \d+, calculated \d+/);
  });

  it("one uMOR in what an attestation says it credited", async () => {
    const attestations = (all: PostedAttestation[]) => {
      all[0] = { ...all[0]!, creditedUMor: all[0]!.creditedUMor - 1n };
    };
    expect(await said({ attestations })).to.match(/^attestation 1, credited uMOR: chain \d+, calculated \d+$/);
  });

  it("a payment that nobody asked for, and one that went elsewhere", async () => {
    const lastClaim = played.records.steps.findLastIndex(({ kind }) => kind === "claim");
    expect(await said({ steps: (all) => all.toSpliced(lastClaim, 1) }))
      .to.include("paid wei")
      .and.include("owed wei");
    const [first, second, ...rest] = played.onChain.payouts;
    const swapped = { payouts: [second!, first!, ...rest] };
    expect(await said({ onChain: swapped }))
      .to.include("provider 0, paid wei")
      .and.include("provider 1, paid wei");
  });

  it("an award that was not recorded, and an attestation that counts for another season", async () => {
    expect(await said({ steps: (all) => all.filter(({ kind }) => kind !== "award") }))
      .to.match(/provider \d+, paid wei/)
      .and.not.include("list");
    const last = played.records.seasons.findLast(({ ranks }) => ranks.length > 0)!;
    const attestations = (all: PostedAttestation[]) => {
      const at = all.findLastIndex(({ vetoed, activeAt }) => !vetoed && activeAt <= last.endAt);
      all[at] = { ...all[at]!, activeAt: last.endAt + 1n };
    };
    expect(await said({ attestations })).to.include(`season ${last.season}, list: chain 0x`);
  });

  it("one wei that the books do not know", async () => {
    const { connection } = chain;
    const token = await connection.ethers.getContractAt("TestMor", played.onChain.token);
    await token.mint(played.onChain.compute, 1n);
    expect(await said({})).to.match(/^tokens held: chain \d+, calculated \d+$/);
  });
});

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
