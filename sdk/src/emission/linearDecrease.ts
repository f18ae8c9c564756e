import { InvalidSchedule } from "../errors/input.js";
import type { Wei } from "../units/brands.js";
import { startOfDay } from "../units/clock.js";
import { maxUint, unixSeconds, type Integer } from "../units/integers.js";

/** A schedule that emits `max(initialWei - n * decreaseWei, 0)` in its n-th interval, linear within it (design 3). */
export interface LinearDecrease {
  readonly initialWei: bigint;
  /** Zero: constant for ever. */
  readonly decreaseWei: bigint;
  /** First second of interval 0, Unix seconds. */
  readonly startAt: bigint;
  /** Length of an interval in seconds, above zero. */
  readonly intervalSeconds: bigint;
}

const MAX_AMOUNT = maxUint(128);

/**
 * Take the parameters of a schedule. Amounts are at most 2^128 - 1, so that no product of the formula can overflow on chain.
 * @throws InvalidSchedule
 */
export function linearDecrease(schedule: LinearDecrease): LinearDecrease {
  requireWithin("initialWei", schedule.initialWei, 0n, MAX_AMOUNT);
  requireWithin("decreaseWei", schedule.decreaseWei, 0n, MAX_AMOUNT);
  requireWithin("startAt", schedule.startAt, 0n, maxUint(64));
  requireWithin("intervalSeconds", schedule.intervalSeconds, 1n, maxUint(64));
  return Object.freeze({ ...schedule });
}

/**
 * Wei emitted from the start until `t`, exactly, in closed form. Zero before the start. Take differences of two results,
 * never sums of increments.
 */
export function cumulativeWei(schedule: LinearDecrease, t: Integer): Wei {
  const at = unixSeconds(t);
  if (at <= schedule.startAt) return 0n as Wei;
  const elapsed = at - schedule.startAt;
  const whole = elapsed / schedule.intervalSeconds;
  const last = intervalsOf(schedule);
  if (last !== undefined && whole >= last) return sumOfIntervals(schedule, last) as Wei;
  const rate = schedule.initialWei - whole * schedule.decreaseWei;
  const partial = (rate * (elapsed % schedule.intervalSeconds)) / schedule.intervalSeconds;
  return (sumOfIntervals(schedule, whole) + partial) as Wei;
}

/** Wei the schedule emits within a block-day, counted from its start: the `scheduled(day)` of the guard (design 4). */
export function scheduledWei(schedule: LinearDecrease, day: Integer): Wei {
  const from = startOfDay(day, schedule.startAt);
  const to = startOfDay(BigInt(day) + 1n, schedule.startAt);
  return (cumulativeWei(schedule, to) - cumulativeWei(schedule, from)) as Wei;
}

/** Number of intervals that emit anything: ceil(initial / decrease); undefined when it never ends. */
function intervalsOf(schedule: LinearDecrease): bigint | undefined {
  if (schedule.decreaseWei === 0n) return undefined;
  return (schedule.initialWei + schedule.decreaseWei - 1n) / schedule.decreaseWei;
}

/** Sum of the first n intervals: n * initial - decrease * (0 + 1 + … + (n - 1)). */
function sumOfIntervals(schedule: LinearDecrease, n: bigint): bigint {
  if (n === 0n) return 0n;
  return n * schedule.initialWei - (schedule.decreaseWei * (n * (n - 1n))) / 2n;
}

function requireWithin(field: string, value: bigint, least: bigint, most: bigint): void {
  if (typeof value !== "bigint" || value < least || value > most) {
    throw new InvalidSchedule(field, `a bigint in [${least}, ${most}]`, value);
  }
}
