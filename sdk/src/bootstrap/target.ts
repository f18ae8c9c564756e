import { cumulativeWei, type LinearDecrease } from "../emission/linearDecrease.js";
import { WEI_PER_UMOR, unixSeconds, type Integer, type UMor, type Wei } from "../units/index.js";
import { seasonBounds, type BootstrapWindow } from "./clock.js";

/** The pool takes one part in this many of the compute bucket's emission: 2.4 % of all MOR is 10 % of its 24 %. */
export const BOOTSTRAP_PARTS = 10n;

/** What the bootstrap pool has been promised and given so far. */
export interface PoolBooks {
  /** Booked into the pool since the deployment, in wei. */
  readonly accruedWei: bigint;
  /** Allotted to the seasons before, in uMOR: the sums of their shares. */
  readonly allottedUMor: bigint;
}

/** Wei that the pool is meant to hold in all by `t`, if enough arrives: a tenth of the emission of the window until then. */
export function bootstrapTargetWei(window: BootstrapWindow, schedule: LinearDecrease, t: Integer): Wei {
  const at = unixSeconds(t);
  if (at <= window.startAt) return 0n as Wei;
  const until = at < window.endAt ? at : window.endAt;
  return ((cumulativeWei(schedule, until) - cumulativeWei(schedule, window.startAt)) / BOOTSTRAP_PARTS) as Wei;
}

/**
 * Wei that the pool still takes from arrivals booked at `t`, before anything else. Late tokens catch up, behind the window
 * too, until the last season is closed.
 */
export function bootstrapLackWei(
  window: BootstrapWindow,
  schedule: LinearDecrease,
  accruedWei: bigint,
  t: Integer,
): Wei {
  const target = bootstrapTargetWei(window, schedule, t);
  return (target > accruedWei ? target - accruedWei : 0n) as Wei;
}

/**
 * Pool of a season in uMOR, rounded down: what was promised until its end, as far as it has arrived, less what the seasons
 * before were allotted. Late tokens and remainders roll on by themselves; a late call changes nothing else.
 * @throws BootstrapSeasonUnknown
 */
export function seasonPoolUMor(
  window: BootstrapWindow,
  schedule: LinearDecrease,
  season: bigint,
  books: PoolBooks,
): UMor {
  return poolDown(bootstrapTargetWei(window, schedule, seasonBounds(window, season).endAt), books);
}

/** Pool in uMOR of a season by whose end `promisedWei` was promised in all, rounded down. */
export function poolDown(promisedWei: bigint, { accruedWei, allottedUMor }: PoolBooks): UMor {
  const coveredUMor = (promisedWei < accruedWei ? promisedWei : accruedWei) / WEI_PER_UMOR;
  return (coveredUMor > allottedUMor ? coveredUMor - allottedUMor : 0n) as UMor;
}
