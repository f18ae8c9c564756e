import {
  DAY_SECONDS,
  EMISSION_START,
  WEI_PER_UMOR,
  bootstrapTargetWei,
  bootstrapWindow,
  cumulativeWei,
  linearDecrease,
  scheduledWei,
  seasonBounds,
  type BootstrapWindow,
  type LinearDecrease,
} from "@yellowstone-compute/sdk";
import type { ReplayBid, ReplayInput } from "./input/index.js";

/** The compute bucket's real emission. */
export const SCHEDULE: LinearDecrease = linearDecrease({
  initialWei: 3456n * 10n ** 18n,
  decreaseWei: 592_558_728_240_000_000n,
  startAt: BigInt(EMISSION_START),
  intervalSeconds: BigInt(DAY_SECONDS),
});

/** When and with how much money the trace is replayed. Times in Unix seconds unless they say milliseconds. */
export interface ReplayPlan {
  /** Deployment, first arrival of MOR, first request. */
  readonly deployAt: bigint;
  readonly firstMintAt: bigint;
  readonly firstRequestAtMs: bigint;
  /** The turn of the block-day, in the middle of the trace. */
  readonly boundaryAt: bigint;
  /** Second arrival: late, and less than the day's emission. */
  readonly secondMintAt: bigint;
  readonly firstMintWei: bigint;
  readonly secondMintWei: bigint;
  /** Multiplies every bid. */
  readonly bidScale: bigint;
  readonly bids: readonly ReplayBid[];
  /** What users share in a day: the router's policy, not the guard. */
  readonly accessBudgetWei: bigint;
  readonly day: bigint;
  /** The bootstrap pool fills from the first request on; its last season is half as long as the others. */
  readonly window: BootstrapWindow;
}

/** Demand at the lowest bids is this part of a day's emission: most users stay within their share, the smallest do not. */
const DEMAND_PART = 4n;
/** The second arrival covers this many percent of the second day's demand. */
const SECOND_MINT_PERCENT = 40n;
const HOUR = 3_600n;
/** Length of a season of the main job, and how long it takes entries. */
export const SEASON_SECONDS = 1_200n;
const ENTRY_SECONDS = 600n;

/**
 * Plan a replay that begins after `notBefore`: a day boundary in the middle of the trace, bids scaled so that demand is a
 * quarter of the day's emission, and a late second arrival, so that the second day's allowance binds.
 */
export function planReplay(input: ReplayInput, notBefore: bigint, seasonSeconds = SEASON_SECONDS): ReplayPlan {
  const first = input.requests[0]?.arrivalMs ?? 0n;
  const last = input.requests[input.requests.length - 1]?.arrivalMs ?? first;
  const half = (last - first) / 2_000n;
  const day = (notBefore + 3n * HOUR + half - SCHEDULE.startAt) / BigInt(DAY_SECONDS);
  const boundaryAt = SCHEDULE.startAt + (day + 1n) * BigInt(DAY_SECONDS);
  const firstRequestAt = boundaryAt - half;

  const accessBudgetWei = scheduledWei(SCHEDULE, day);
  const demandWei = demandOf(input);
  const scale = accessBudgetWei / DEMAND_PART / demandWei;
  const bidScale = scale < 1n ? 1n : scale;
  return {
    deployAt: firstRequestAt - 2n * HOUR,
    firstMintAt: firstRequestAt - HOUR,
    firstRequestAtMs: firstRequestAt * 1_000n,
    boundaryAt,
    secondMintAt: boundaryAt + 120n,
    firstMintWei: cumulativeWei(SCHEDULE, boundaryAt) - cumulativeWei(SCHEDULE, boundaryAt - BigInt(DAY_SECONDS)),
    secondMintWei: toWholeUMor((demandWei * bidScale * SECOND_MINT_PERCENT) / 200n),
    bidScale,
    bids: input.bids.map((bid) => ({ ...bid, priceWei: bid.priceWei * bidScale })),
    accessBudgetWei,
    day,
    window: bootstrapWindow({
      startAt: firstRequestAt,
      endAt: firstRequestAt + (7n * seasonSeconds) / 2n,
      seasonSeconds,
      entrySeconds: ENTRY_SECONDS,
    }),
  };
}

/** What arrives when a season ends: what the bootstrap pool was promised for it, in wei. */
export function seasonMintWei({ window }: ReplayPlan, season: bigint): bigint {
  const { startAt, endAt } = seasonBounds(window, season);
  return toWholeUMor(bootstrapTargetWei(window, SCHEDULE, endAt) - bootstrapTargetWei(window, SCHEDULE, startAt));
}

/** All requests at the lowest bid of their model, in wei. */
function demandOf({ requests, bids }: ReplayInput): bigint {
  const lowest = new Map<number, bigint>();
  for (const { model, priceWei } of bids) {
    const known = lowest.get(model);
    if (known === undefined || priceWei < known) lowest.set(model, priceWei);
  }
  const demand = requests.reduce((sum, { model, tokens }) => sum + tokens * (lowest.get(model) ?? 0n), 0n);
  return demand > 0n ? demand : 1n;
}

/** MOR moves between chains in whole uMOR. */
function toWholeUMor(amountWei: bigint): bigint {
  return amountWei - (amountWei % WEI_PER_UMOR);
}
