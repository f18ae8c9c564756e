// An independent calculation of what every provider is credited and paid, from the raw reports and from the chain. It
// shares no code with the SDK's ledger, quality or router modules: its own gate, its own prefix rule, its own tree, plain
// ethers for the chain.
import { Contract, getAddress, id, keccak256, toBeHex, zeroPadValue, type Provider } from "ethers";
import { reconcileSeasons, type CalculatedPool, type CalculatedSeason } from "./reconcileSeasons.js";
import type { ExitRecord, PostedAttestation, RawReport, ReplayRecords, SettlementStep } from "./records.js";

const UMOR = 10n ** 12n;
const TOLERANCE = 20n;
const WINDOW = 50;
const MINIMUM = 10;
const CAP = 3n;
const SAMPLES_OF_A_USER = 10;

/** What the chain is asked for. */
export interface OnChain {
  readonly provider: Provider;
  readonly compute: string;
  readonly bootstrap: string;
  readonly registry: string;
  readonly token: string;
  readonly payouts: readonly string[];
  readonly owners: readonly string[];
}

/** One line for each figure that was compared and did not agree. */
export interface Reconciliation {
  readonly differences: readonly string[];
  readonly creditedUMor: readonly bigint[];
  readonly absorbedUMor: readonly bigint[];
  /** Shares of the bootstrap pool that were awarded. */
  readonly awardedUMor: readonly bigint[];
  readonly bootstrap: CalculatedPool;
  readonly paidWei: readonly bigint[];
  readonly served: readonly number[];
  readonly meanNsPerToken: readonly bigint[];
  readonly pool: { heldWei: bigint; unusedWei: bigint; owedWei: bigint; bootstrapWei: bigint; budgetWei: bigint };
}

/** Recompute everything and compare it with the chain, to the uMOR and to the wei. */
export async function reconcile(
  { reports, attestations, steps, exits }: ReplayRecords,
  emissionStart: bigint,
  chain: OnChain,
): Promise<Reconciliation> {
  const differences: string[] = [];
  const expect = (what: string, actual: bigint | string, expected: bigint | string) => {
    if (actual !== expected) differences.push(`${what}: chain ${actual}, calculated ${expected}`);
  };
  const providers = chain.payouts.length;
  const judged = judge(reports, providers);
  const history = attestedLanes(judged.credits, attestations, emissionStart, providers);
  const lanes = history.standing;
  attestations.forEach(({ seq, creditedUMor }, i) => {
    expect(`attestation ${seq}, credited uMOR`, creditedUMor, history.creditedUMor[i] ?? 0n);
  });
  const bootstrap = await reconcileSeasons(chain, emissionStart, attestations, history.after, expect);
  const accounts = settle(steps, exits, attestations, history.after, bootstrap.seasons, providers);

  const compute = new Contract(chain.compute, COMPUTE_VIEWS, chain.provider);
  const read = (name: string): Promise<bigint> => compute.getFunction(name)() as Promise<bigint>;
  expect("root of the ledger", (await compute.getFunction("headRoot")()) as string, rootOf(lanes));
  const paidWei = await transfers(chain, chain.compute, chain.payouts);
  const bondWei = await transfers(chain, chain.registry, chain.owners);
  const [coveredWei] = await transfers(chain, chain.registry, [chain.compute]);
  const registry = new Contract(chain.registry, REGISTRY_VIEWS, chain.provider);
  for (let p = 0; p < providers; p++) {
    const { paid, absorbed, awarded, settled, debt, bondPaidWei } = accounts[p]!;
    expect(`provider ${p}, paid wei`, paidWei[p] ?? 0n, paid * UMOR);
    expect(`provider ${p}, settled and awarded uMOR`, settled + awarded, paid + absorbed);
    const payees = (await registry.getFunction("payeesOf")(p >> 2, 1, 15)) as bigint[];
    expect(`provider ${p}, debt uMOR`, (payees[p & 3] ?? 0n) >> 160n, debt);
    expect(`provider ${p}, bond paid back`, bondWei[p] ?? 0n, bondPaidWei);
  }
  expect("debts covered by bonds", coveredWei ?? 0n, total(accounts.map((one) => one.bondCoveredUMor)) * UMOR);

  const token = new Contract(chain.token, ["function balanceOf(address) view returns (uint256)"], chain.provider);
  const pool = {
    heldWei: (await token.getFunction("balanceOf")(chain.compute)) as bigint,
    unusedWei: await read("unusedWei"),
    owedWei: await read("owedWei"),
    bootstrapWei: await read("bootstrapWei"),
    budgetWei: await read("budgetWei"),
  };
  expect("tokens held", pool.heldWei, pool.unusedWei + pool.owedWei + pool.bootstrapWei);
  expect("bootstrap wei", pool.bootstrapWei, bootstrap.bootstrapWei);
  expect("bootstrap accrued wei", await read("bootstrapAccruedWei"), bootstrap.accruedWei);
  const spentWei = total(paidWei) + pool.owedWei + bootstrap.bootstrapWei;
  expect("unused wei", pool.unusedWei, bootstrap.arrivedWei - spentWei);
  expect("owed wei", pool.owedWei, (total(lanes) - total(accounts.map(({ settled }) => settled))) * UMOR);
  expect("attested uMOR", await read("attestedUMor"), total(lanes));
  const { served, meanNsPerToken } = judged;
  const absorbedUMor = accounts.map(({ absorbed }) => absorbed);
  const awardedUMor = accounts.map(({ awarded }) => awarded);
  return {
    differences,
    creditedUMor: lanes,
    absorbedUMor,
    awardedUMor,
    bootstrap,
    paidWei,
    served,
    meanNsPerToken,
    pool,
  };
}

const REGISTRY_VIEWS = ["function payeesOf(uint256, uint256, uint256) view returns (uint256[])"];
const COMPUTE_VIEWS = [
  "function headRoot() view returns (bytes32)",
  ...["unusedWei", "owedWei", "bootstrapWei", "bootstrapAccruedWei", "budgetWei"].map(
    (name) => `function ${name}() view returns (uint128)`,
  ),
  "function attestedUMor() view returns (uint64)",
];

interface Credit {
  readonly provider: number;
  readonly wei: bigint;
  readonly atMs: bigint;
}

/**
 * The quality rule over all reports, model by model: credited if not more than 20 % slower than the last 50 passed ones, of
 * which no more than 10 are of one user.
 */
function judge(reports: readonly RawReport[], providers: number) {
  const samples = new Map<number, { readonly user: number; readonly speed: bigint }[]>();
  const credits: Credit[] = [];
  const served = new Array<number>(providers).fill(0);
  const speeds = Array.from({ length: providers }, (): bigint[] => []);
  for (const { provider, user, model, priceWei, tokens, passed, latencyMs, atMs } of reports) {
    if (!passed || tokens === 0n) continue;
    const speed = (latencyMs * 1_000_000n) / tokens;
    const window = samples.get(model) ?? [];
    samples.set(model, window);
    const sum = window.reduce((all, { speed: each }) => all + each, 0n);
    const count = BigInt(window.length);
    const young = window.length < MINIMUM;
    speeds[provider]?.push(speed);
    const cap = young ? speed : (sum * CAP) / count;
    window.push({ user, speed: speed < cap ? speed : cap });
    const own = window.filter((sample) => sample.user === user);
    if (own.length > SAMPLES_OF_A_USER) window.splice(window.indexOf(own[0]!), 1);
    else if (window.length > WINDOW) window.shift();
    if (!young && speed * count * 100n > sum * (100n + TOLERANCE)) continue;
    credits.push({ provider, wei: tokens * priceWei, atMs });
    served[provider] = (served[provider] ?? 0) + 1;
  }
  const meanNsPerToken = speeds.map((all) => (all.length === 0 ? 0n : total(all) / BigInt(all.length)));
  return { credits, served, meanNsPerToken };
}

/**
 * Lanes after each attestation: first earned, first attested, as far as its blocks and its allowance go. A vetoed one leaves
 * everything as it was before it.
 */
function attestedLanes(
  credits: readonly Credit[],
  attestations: readonly PostedAttestation[],
  emissionStart: bigint,
  providers: number,
) {
  let lifetimeWei = new Array<bigint>(providers).fill(0n);
  const lanes = () => lifetimeWei.map((amount) => amount / UMOR);
  const after = new Map<bigint, bigint[]>();
  const creditedUMor: bigint[] = [];
  let next = 0;
  for (const { seq, lastBlock, allowanceUMor, vetoed } of attestations) {
    const before = { lifetimeWei: [...lifetimeWei], next, sum: total(lanes()) };
    for (; next < credits.length; next++) {
      const { provider, wei, atMs } = credits[next]!;
      if ((atMs / 1_000n - emissionStart) / 12n > lastBlock) break;
      lifetimeWei[provider] = (lifetimeWei[provider] ?? 0n) + wei;
      if (total(lanes()) <= before.sum + allowanceUMor) continue;
      lifetimeWei[provider] -= wei;
      break;
    }
    creditedUMor.push(total(lanes()) - before.sum);
    if (vetoed) ({ lifetimeWei, next } = before);
    else after.set(seq, lanes());
  }
  return { after, creditedUMor, standing: lanes() };
}

/** Claims, awards, debits and exits in the order they happened, by the rules of the design. */
function settle(
  steps: readonly SettlementStep[],
  exits: readonly ExitRecord[],
  attestations: readonly PostedAttestation[],
  lanesAfter: ReadonlyMap<bigint, readonly bigint[]>,
  seasons: readonly CalculatedSeason[],
  providers: number,
) {
  const accounts = Array.from({ length: providers }, () => ({
    settled: 0n,
    paid: 0n,
    absorbed: 0n,
    awarded: 0n,
    debt: 0n,
    bondPaidWei: 0n,
    bondCoveredUMor: 0n,
  }));
  for (const step of steps) {
    if (step.kind === "exit") {
      const account = accounts[step.provider]!;
      const bondWei = exits.find(({ provider }) => provider === step.provider)?.bondWei ?? 0n;
      const covered = bondWei / UMOR < account.debt ? bondWei / UMOR : account.debt;
      account.debt -= covered;
      account.bondCoveredUMor += covered;
      account.bondPaidWei += bondWei - covered * UMOR;
    } else if (step.kind === "debit") {
      const debits = attestations.find(({ seq }) => seq === step.seq)?.debits ?? [];
      for (const { provider, amountUMor } of debits) accounts[provider]!.debt += amountUMor;
    } else if (step.kind === "award") {
      for (const { provider, share } of seasons[Number(step.season)]?.ranks ?? []) {
        accounts[provider]!.awarded += share;
        pay(accounts[provider]!, share);
      }
    } else {
      (lanesAfter.get(step.seq) ?? []).forEach((lane, p) => {
        const account = accounts[p]!;
        const due = lane > account.settled ? lane - account.settled : 0n;
        account.settled += due;
        pay(account, due);
      });
    }
  }
  return accounts;
}

/** Debt is netted against whatever is paid. */
function pay(account: { paid: bigint; absorbed: bigint; debt: bigint }, due: bigint): void {
  const netted = due < account.debt ? due : account.debt;
  account.debt -= netted;
  account.absorbed += netted;
  account.paid += due - netted;
}

/** Root of the 20 levels over words of four lanes, by definition. */
function rootOf(lanes: readonly bigint[]): string {
  let nodes: string[] = [];
  for (let first = 0; first < lanes.length; first += 4) {
    const word = [3, 2, 1, 0].reduce((packed, lane) => (packed << 64n) | (lanes[first + lane] ?? 0n), 0n);
    nodes.push(zeroPadValue(toBeHex(word), 32));
  }
  let empty = zeroPadValue("0x", 32);
  for (let level = 0; level < 20; level++) {
    const parents: string[] = [];
    for (let i = 0; i < nodes.length; i += 2) {
      parents.push(keccak256(`${nodes[i]}${(nodes[i + 1] ?? empty).slice(2)}`));
    }
    empty = keccak256(`${empty}${empty.slice(2)}`);
    nodes = parents;
  }
  return nodes[0] ?? empty;
}

/** What the token itself says was sent from `from` to each of `to`. */
async function transfers({ provider, token }: OnChain, from: string, to: readonly string[]): Promise<bigint[]> {
  const topics = [id("Transfer(address,address,uint256)"), zeroPadValue(from, 32)];
  const logs = await provider.getLogs({ address: token, topics, fromBlock: 0, toBlock: "latest" });
  const sent = to.map(() => 0n);
  for (const {
    topics: [, , receiver = "0x"],
    data,
  } of logs) {
    const p = to.findIndex((one) => getAddress(one) === getAddress(`0x${receiver.slice(26)}`));
    if (p >= 0) sent[p] = (sent[p] ?? 0n) + BigInt(data);
  }
  return sent;
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
