// The bootstrap pool by an independent calculation: which attestation counted for which season, who ranked where, what
// arrived for it, what was shared. Plain bigints and ethers; nothing of the SDK.
import { Contract, id, keccak256, toBeHex } from "ethers";
import type { PostedAttestation } from "./records.js";
import type { OnChain } from "./reconcile.js";

const UMOR = 10n ** 12n;
const DAY = 86_400n;
const INITIAL_WEI = 3_456n * 10n ** 18n;
const DECREASE_WEI = 592_558_728_240_000_000n;
const RANKS = 100;
const ARRIVAL = "ArrivalBooked(uint256,uint256,uint256,uint256,uint256)";
const VIEWS = [
  ...["WINDOW_START", "WINDOW_END", "SEASON_LENGTH", "SEASON_COUNT"].map(
    (name) => `function ${name}() view returns (uint256)`,
  ),
  "function seasonOf(uint256) view returns (tuple(uint256 startAt, uint256 endAt, uint256 entryEndAt, bytes32 listHash, bool closed, uint64 poolUMor, uint64 totalUMor, uint128 awardedRanks))",
];

/** A season as it should be. */
export interface CalculatedSeason {
  readonly poolUMor: bigint;
  readonly ranks: readonly { readonly provider: number; readonly weight: bigint; readonly share: bigint }[];
}

/** Seasons, what reached the compute contract in all, and what should be left in the pool. */
export interface CalculatedPool {
  readonly seasons: readonly CalculatedSeason[];
  readonly arrivedWei: bigint;
  readonly accruedWei: bigint;
  readonly bootstrapWei: bigint;
}

interface Booking {
  readonly at: bigint;
  readonly amountWei: bigint;
}

/** Calculate every season of the window and compare it with the pool contract; `expect` notes what differs. */
export async function reconcileSeasons(
  chain: OnChain,
  emissionStart: bigint,
  attestations: readonly PostedAttestation[],
  lanesAfter: ReadonlyMap<bigint, readonly bigint[]>,
  expect: (what: string, actual: bigint | string, expected: bigint | string) => void,
): Promise<CalculatedPool> {
  const pool = new Contract(chain.bootstrap, VIEWS, chain.provider);
  const read = (name: string): Promise<bigint> => pool.getFunction(name)() as Promise<bigint>;
  const [start, end, length] = [await read("WINDOW_START"), await read("WINDOW_END"), await read("SEASON_LENGTH")];
  const emitted = (t: bigint) => emittedBy(t - emissionStart);
  const target = (t: bigint) => (t <= start ? 0n : (emitted(t < end ? t : end) - emitted(start)) / 10n);
  const rootAt = (t: bigint) => {
    const [last] = attestations.filter(({ vetoed, activeAt }) => !vetoed && activeAt <= t).slice(-1);
    return last === undefined ? [] : (lanesAfter.get(last.seq) ?? []);
  };
  const bookings = await bookingsOf(chain);
  const seasons: CalculatedSeason[] = [];
  let [accruedWei, sharedUMor, next] = [0n, 0n, 0];
  const bookUntil = (t: bigint) => {
    for (; next < bookings.length && bookings[next]!.at <= t; next++) {
      const { at, amountWei } = bookings[next]!;
      const lackWei = target(at) - accruedWei;
      accruedWei += amountWei < lackWei ? amountWei : lackWei;
    }
  };
  for (let from = start; from < end; from += length) {
    const to = from + length < end ? from + length : end;
    const closedAt = await closedAtOf(chain, BigInt(seasons.length));
    bookUntil(closedAt);
    const coveredUMor = (accruedWei < target(to) ? accruedWei : target(to)) / UMOR;
    const season = shareOut(rank(rootAt(from), rootAt(to)), coveredUMor - sharedUMor);
    sharedUMor += season.ranks.reduce((sum, { share }) => sum + share, 0n);
    const known = (await pool.getFunction("seasonOf")(seasons.length)) as Record<string, bigint | string>;
    const name = `season ${seasons.length}`;
    expect(`${name}, list`, known["listHash"]!, hashOf(season));
    expect(`${name}, pool uMOR`, known["poolUMor"]!, season.ranks.length === 0 ? 0n : season.poolUMor);
    expect(`${name}, awarded ranks`, known["awardedRanks"]!, (1n << BigInt(season.ranks.length)) - 1n);
    seasons.push(season);
  }
  expect("seasons", await read("SEASON_COUNT"), BigInt(seasons.length));
  // The last season winds the pool up: what is left is free, and nothing is taken any more.
  const arrivedWei = bookings.reduce((sum, { amountWei }) => sum + amountWei, 0n);
  return { seasons, arrivedWei, accruedWei, bootstrapWei: 0n };
}

/** The real schedule, day by day. */
function emittedBy(elapsed: bigint): bigint {
  let sum = 0n;
  for (let left = elapsed, rate = INITIAL_WEI; left > 0n && rate > 0n; left -= DAY, rate -= DECREASE_WEI) {
    sum += left < DAY ? (rate * left) / DAY : rate;
  }
  return sum;
}

/** Whoever was credited, most first, ties to the lower id. */
function rank(before: readonly bigint[], after: readonly bigint[]) {
  return after
    .map((lane, provider) => ({ provider, weight: lane - (before[provider] ?? 0n) }))
    .filter(({ weight }) => weight > 0n)
    .sort((a, b) => (a.weight === b.weight ? a.provider - b.provider : a.weight > b.weight ? -1 : 1))
    .slice(0, RANKS);
}

function shareOut(ranked: readonly { provider: number; weight: bigint }[], poolUMor: bigint): CalculatedSeason {
  const total = ranked.reduce((sum, { weight }) => sum + weight, 0n);
  return { poolUMor, ranks: ranked.map((one) => ({ ...one, share: (poolUMor * one.weight) / total })) };
}

function hashOf({ ranks }: CalculatedSeason): string {
  const packed = ranks.map(({ provider, weight }) => toBeHex((weight << 24n) | BigInt(provider), 9).slice(2)).join("");
  return packed === "" ? toBeHex(0, 32) : keccak256(`0x${packed}`);
}

/** When arrivals were booked, and how much, from the compute contract's log. */
async function bookingsOf({ provider, compute }: OnChain): Promise<Booking[]> {
  const logs = await provider.getLogs({ address: compute, topics: [id(ARRIVAL)], fromBlock: 0, toBlock: "latest" });
  return Promise.all(
    logs.map(async ({ blockNumber, data }) => ({
      at: await timeOf({ provider }, blockNumber),
      amountWei: BigInt(data.slice(0, 66)),
    })),
  );
}

async function closedAtOf({ provider, bootstrap }: OnChain, season: bigint): Promise<bigint> {
  const topics = [id("SeasonClosed(uint32,uint64,uint64,uint64,bytes32)"), toBeHex(season, 32)];
  const [log] = await provider.getLogs({ address: bootstrap, topics, fromBlock: 0, toBlock: "latest" });
  return log === undefined ? 0n : timeOf({ provider }, log.blockNumber);
}

async function timeOf({ provider }: Pick<OnChain, "provider">, blockNumber: number): Promise<bigint> {
  return BigInt((await provider.getBlock(blockNumber))?.timestamp ?? 0);
}
