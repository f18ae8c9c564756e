// An independent calculation of what every provider is credited and paid, from the raw reports and from the chain. It
// shares no code with the SDK's ledger, quality or router modules: its own gate, its own prefix rule, its own tree, plain
// ethers for the chain.
import { Contract, getAddress, id, keccak256, toBeHex, zeroPadValue, type Provider } from "ethers";
import type { PostedAttestation, RawReport } from "./records.js";

const UMOR = 10n ** 12n;
const TOLERANCE = 20n;
const WINDOW = 50;
const MINIMUM = 10;
const CAP = 3n;

/** What the chain is asked for. */
export interface OnChain {
  readonly provider: Provider;
  readonly compute: string;
  readonly token: string;
  readonly payouts: readonly string[];
}

/** One line for each figure that was compared and did not agree. */
export interface Reconciliation {
  readonly differences: readonly string[];
  readonly creditedUMor: readonly bigint[];
  readonly paidWei: readonly bigint[];
  readonly served: readonly number[];
  readonly meanNsPerToken: readonly bigint[];
  readonly pool: { heldWei: bigint; unusedWei: bigint; owedWei: bigint; bootstrapWei: bigint; budgetWei: bigint };
}

/** Recompute everything and compare it with the chain, to the uMOR and to the wei. */
export async function reconcile(
  reports: readonly RawReport[],
  attestations: readonly PostedAttestation[],
  emissionStart: bigint,
  chain: OnChain,
): Promise<Reconciliation> {
  const differences: string[] = [];
  const expect = (what: string, actual: bigint | string, expected: bigint | string) => {
    if (actual !== expected) differences.push(`${what}: chain ${actual}, calculated ${expected}`);
  };
  const providers = chain.payouts.length;
  const judged = judge(reports, providers);
  const lanesAt = attestedLanes(judged.credits, attestations, emissionStart, providers);
  const lanes = lanesAt[lanesAt.length - 1] ?? new Array<bigint>(providers).fill(0n);
  let settled = new Array<bigint>(providers).fill(0n);
  attestations.forEach(({ seq, creditedUMor, claimed }, i) => {
    const before = i === 0 ? 0n : total(lanesAt[i - 1] ?? []);
    expect(`attestation ${seq}, credited uMOR`, creditedUMor, total(lanesAt[i] ?? []) - before);
    if (claimed) settled = lanesAt[i] ?? settled;
  });

  const compute = new Contract(chain.compute, COMPUTE_VIEWS, chain.provider);
  const read = (name: string): Promise<bigint> => compute.getFunction(name)() as Promise<bigint>;
  expect("root of the ledger", (await compute.getFunction("headRoot")()) as string, rootOf(lanes));
  const paidWei = await transfersTo(chain);
  for (let p = 0; p < providers; p++) expect(`provider ${p}, paid wei`, paidWei[p] ?? 0n, (settled[p] ?? 0n) * UMOR);

  const token = new Contract(chain.token, ["function balanceOf(address) view returns (uint256)"], chain.provider);
  const pool = {
    heldWei: (await token.getFunction("balanceOf")(chain.compute)) as bigint,
    unusedWei: await read("unusedWei"),
    owedWei: await read("owedWei"),
    bootstrapWei: await read("bootstrapWei"),
    budgetWei: await read("budgetWei"),
  };
  expect("tokens held", pool.heldWei, pool.unusedWei + pool.owedWei + pool.bootstrapWei);
  expect("owed wei", pool.owedWei, (total(lanes) - total(settled)) * UMOR);
  expect("attested uMOR", await read("attestedUMor"), total(lanes));
  const { served, meanNsPerToken } = judged;
  return { differences, creditedUMor: lanes, paidWei, served, meanNsPerToken, pool };
}

const COMPUTE_VIEWS = [
  "function headRoot() view returns (bytes32)",
  ...["unusedWei", "owedWei", "bootstrapWei", "budgetWei"].map((name) => `function ${name}() view returns (uint128)`),
  "function attestedUMor() view returns (uint64)",
];

interface Credit {
  readonly provider: number;
  readonly wei: bigint;
  readonly atMs: bigint;
}

/** The quality rule over all reports, model by model: credited if not more than 20 % slower than the last passed ones. */
function judge(reports: readonly RawReport[], providers: number) {
  const samples = new Map<number, bigint[]>();
  const credits: Credit[] = [];
  const served = new Array<number>(providers).fill(0);
  const speeds = Array.from({ length: providers }, (): bigint[] => []);
  for (const { provider, model, priceWei, tokens, passed, latencyMs, atMs } of reports) {
    if (!passed || tokens === 0n) continue;
    const speed = (latencyMs * 1_000_000n) / tokens;
    const window = samples.get(model) ?? [];
    samples.set(model, window);
    const sum = total(window);
    const count = BigInt(window.length);
    const young = window.length < MINIMUM;
    speeds[provider]?.push(speed);
    const cap = young ? speed : (sum * CAP) / count;
    window.push(speed < cap ? speed : cap);
    if (window.length > WINDOW) window.shift();
    if (!young && speed * count * 100n > sum * (100n + TOLERANCE)) continue;
    credits.push({ provider, wei: tokens * priceWei, atMs });
    served[provider] = (served[provider] ?? 0) + 1;
  }
  const meanNsPerToken = speeds.map((all) => (all.length === 0 ? 0n : total(all) / BigInt(all.length)));
  return { credits, served, meanNsPerToken };
}

/** Lanes after each attestation: first earned, first attested, as far as its blocks and its allowance go. */
function attestedLanes(
  credits: readonly Credit[],
  attestations: readonly PostedAttestation[],
  emissionStart: bigint,
  providers: number,
): bigint[][] {
  const lifetimeWei = new Array<bigint>(providers).fill(0n);
  const lanes = () => lifetimeWei.map((amount) => amount / UMOR);
  const result: bigint[][] = [];
  let next = 0;
  for (const { lastBlock, allowanceUMor } of attestations) {
    const limit = total(lanes()) + allowanceUMor;
    for (; next < credits.length; next++) {
      const { provider, wei, atMs } = credits[next]!;
      if ((atMs / 1_000n - emissionStart) / 12n > lastBlock) break;
      lifetimeWei[provider] = (lifetimeWei[provider] ?? 0n) + wei;
      if (total(lanes()) <= limit) continue;
      lifetimeWei[provider] -= wei;
      break;
    }
    result.push(lanes());
  }
  return result;
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

/** What the token itself says was sent from the compute contract to each payout address. */
async function transfersTo({ provider, compute, token, payouts }: OnChain): Promise<bigint[]> {
  const topics = [id("Transfer(address,address,uint256)"), zeroPadValue(compute, 32)];
  const logs = await provider.getLogs({ address: token, topics, fromBlock: 0, toBlock: "latest" });
  const paid = payouts.map(() => 0n);
  for (const {
    topics: [, , to = "0x"],
    data,
  } of logs) {
    const p = payouts.findIndex((payout) => getAddress(payout) === getAddress(`0x${to.slice(26)}`));
    if (p >= 0) paid[p] = (paid[p] ?? 0n) + BigInt(data);
  }
  return paid;
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
