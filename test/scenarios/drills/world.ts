import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { startExporter, type ChainExporter, type ExporterOptions } from "@yellowstone-compute/sdk/service";
import { deployWithProviders, GOVERNANCE_DELAY, networkHelpers, ROUTERS } from "../../sdk/actions/fixture.js";
import { PAYER } from "../../sdk/relayer/world.js";
import { evaluate, parseMetrics, type Scrape } from "../../utils/promql.js";
import { ROOT } from "../../utils/script.js";

const { load } = createRequire(import.meta.url)("js-yaml") as { load: (text: string) => unknown };

/** An alert rule as the file has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** The rules of docs/operate/alerts.yml. */
export const ALERTS: readonly AlertRule[] = (
  load(readFileSync(join(ROOT, "docs", "operate", "alerts.yml"), "utf8")) as { groups: { rules: AlertRule[] }[] }
).groups.flatMap(({ rules }) => rules);

/** Six providers, the first four with 10 uMOR that are active; governance is admin too, as in a real deployment. */
async function running() {
  const suite = await deployWithProviders(6, { dailyMor: 100n });
  const { d, asGovernance, sender } = suite;
  const governance = await accountOf(asGovernance);
  const delaySeconds = BigInt(GOVERNANCE_DELAY);
  await sdk.grantRole.sendAndWait(d, { roleId: sdk.ADMIN_ROLE, account: governance, delaySeconds });
  await (await d.authority.renounceRole(sdk.ADMIN_ROLE, sender.address)).wait();
  await networkHelpers.setBalance(PAYER.address, 10n ** 18n);
  const drill = new Drill(suite);
  await drill.attest([0, 1, 2, 3].map((id) => [id, 10n]));
  await drill.pass(d.activationDelaySeconds);
  return suite;
}

/** An incident that is rehearsed on the real contracts, seen through exporter and alert rules. */
export class Drill {
  #exporter: ChainExporter | undefined;
  readonly #scrapes: Scrape[] = [];
  /** Seconds by which the wall is ahead of the chain. */
  ahead = 0;

  constructor(readonly suite: Awaited<ReturnType<typeof deployWithProviders>>) {}

  /** Begin on the shared state, with an exporter that has scraped once and no alert that fires. */
  static async begin(options: Omit<ExporterOptions, "now"> = {}): Promise<Drill> {
    const drill = new Drill(await networkHelpers.loadFixture(running));
    const now = () => BigInt(drill.#now) * 1_000n;
    drill.#now = await networkHelpers.time.latest();
    drill.#exporter = await startExporter(drill.d, { pollMs: 3_600_000, keepBlocks: 8, ...options, now });
    try {
      expect([...(await drill.firing())]).to.deep.equal([]);
      return drill;
    } catch (error) {
      await drill.end();
      throw error;
    }
  }

  #now = 0;

  get d(): sdk.Deployment {
    return this.suite.d;
  }

  get guardian(): sdk.Deployment {
    return this.suite.asGuardian;
  }

  get governance(): sdk.Deployment {
    return this.suite.asGovernance;
  }

  get exporter(): ChainExporter {
    return this.#exporter!;
  }

  /** Alerts that fire now, as Prometheus would see it after a scrape. */
  async firing(): Promise<Set<string>> {
    this.#now = (await networkHelpers.time.latest()) + this.ahead;
    await this.exporter.refresh();
    const text = await (await fetch(`${this.exporter.url}/metrics`)).text();
    this.#scrapes.push({ at: this.#now, samples: parseMetrics(text) });
    return new Set(
      ALERTS.filter(({ expr }) => (evaluate(expr, this.#scrapes) as readonly unknown[]).length > 0).map(
        ({ alert }) => alert,
      ),
    );
  }

  /** A metric of the last scrape. */
  metric(name: string, label = ""): number | undefined {
    const { samples } = this.#scrapes.at(-1)!;
    return samples.find((sample) => sample.name === name && Object.values(sample.labels).join() === label)?.value;
  }

  /** Let time pass on chain. Prometheus scrapes all the while: here at the end of it. */
  async pass(seconds: bigint | number): Promise<void> {
    await networkHelpers.time.increase(seconds);
    await networkHelpers.mine();
    if (this.#exporter !== undefined) await this.firing();
  }

  /** What a set's routers sign and anyone posts: credits on top of the ledger as the chain has it. */
  async signed(
    credits: readonly (readonly [number, bigint])[],
    { set, signers = ROUTERS.slice(0, 2), d = this.d }: SigningOptions = {},
  ): Promise<sdk.AttestationPost> {
    const [{ tree }, { head }, inForce] = await Promise.all([
      sdk.rebuildLedger(d),
      sdk.readState(d),
      set ?? sdk.readRouterSet(d),
    ]);
    const update = sdk.buildUpdate(tree, new Map(credits));
    const attestation: sdk.Attestation = {
      seq: head.lastSeq + 1n,
      previousRoot: sdk.hash32(sdk.bytesToHex(update.previousRoot)),
      newRoot: sdk.hash32(sdk.bytesToHex(update.newRoot)),
      credited: sdk.uMor(update.creditedUMor),
      debitsHash: sdk.ZERO_HASH,
      firstBlock: head.nextBlock,
      lastBlock: head.nextBlock - 1n,
      reportsRoot: sdk.keccak256Text("reports"),
      routerSet: sdk.routerSetDigest(inForce),
      deadline: sdk.unixSeconds(head.timestamp + 3_600n),
    };
    const signatures = new Map<sdk.Address, sdk.Hex>();
    for (const signer of signers) {
      const { signature } = await sdk.signMessage(signer, "Attestation", attestation, d.domain);
      signatures.set(signer.address, signature);
    }
    const quorum = sdk.packQuorum(inForce, signatures);
    return { attestation, deltas: update.deltas, witness: update.witness, quorum };
  }

  /** Sign and post. */
  async attest(credits: readonly (readonly [number, bigint])[], options?: SigningOptions) {
    return (await sdk.postAttestation.sendAndWait(this.d, await this.signed(credits, options))).outcome;
  }

  /** Governance schedules a call, waits its delay out and sends it. */
  async govern<Args, Outcome>(verb: sdk.Write<Args, void, Outcome>, args: Args): Promise<Outcome> {
    await sdk.scheduleCall.sendAndWait(this.governance, { call: verb.call(this.d, args) });
    await this.pass(GOVERNANCE_DELAY);
    return (await verb.sendAndWait(this.governance, args)).outcome;
  }

  /** A stranger claims everything that is active, and tells how much was paid, in uMOR. */
  async claimAll(): Promise<bigint> {
    const { asStranger } = this.suite;
    const { head } = await sdk.readState(asStranger);
    const { tree, seq } = await sdk.rebuildLedger(asStranger, { untilSeq: head.activeSeq });
    const ids = Array.from({ length: Number(head.providerCount) }, (_, id) => id);
    return (await sdk.claim.sendAndWait(asStranger, sdk.claimFor(seq, tree, ids))).outcome.paidUMor;
  }

  async end(): Promise<void> {
    await this.#exporter?.stop();
  }
}

interface SigningOptions {
  readonly set?: sdk.RouterSet;
  readonly signers?: readonly sdk.LocalSigner[];
  readonly d?: sdk.Deployment;
}

/** Address that a deployment's runner sends from. */
export async function accountOf({ runner }: sdk.Deployment): Promise<sdk.Address> {
  return sdk.address(await (runner as unknown as { getAddress(): Promise<string> }).getAddress());
}

/** The error that something is refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Describe the drill of a section of the runbook, by its heading. */
export function drill(heading: string, steps: (begin: typeof Drill.begin) => Promise<void>): void {
  describe(`drill: ${heading}`, () => {
    const begun: Drill[] = [];
    after(() => Promise.all(begun.map((one) => one.end())));
    it("is seen, answered and over as the runbook says", () =>
      steps(async (options) => {
        const one = await Drill.begin(options);
        begun.push(one);
        return one;
      }));
  });
}
