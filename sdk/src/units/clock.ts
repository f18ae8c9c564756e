import { BeforeStart } from "../errors/time.js";
import type { UnixSeconds } from "./brands.js";
import { BLOCK_SECONDS, DAY_SECONDS, EMISSION_START } from "./constants.js";
import { unixSeconds, type Integer } from "./integers.js";

const BLOCK = BigInt(BLOCK_SECONDS);
const DAY = BigInt(DAY_SECONDS);

/** Height of the inference block that contains `t`: (t - start) / 12, rounded down (design 2). @throws BeforeStart */
export function blockAt(t: Integer, start: Integer = EMISSION_START): bigint {
  return elapsed(t, start) / BLOCK;
}

/** Block-day that contains `t`: (t - start) / 86,400, rounded down (design 2). @throws BeforeStart */
export function dayAt(t: Integer, start: Integer = EMISSION_START): bigint {
  return elapsed(t, start) / DAY;
}

/** First second of the inference block of this height. */
export function startOfBlock(height: Integer, start: Integer = EMISSION_START): UnixSeconds {
  return unixSeconds(unixSeconds(start) + unixSeconds(height) * BLOCK);
}

/** First second of this block-day. */
export function startOfDay(day: Integer, start: Integer = EMISSION_START): UnixSeconds {
  return unixSeconds(unixSeconds(start) + unixSeconds(day) * DAY);
}

/**
 * Height of the last block that is over at `t`: the highest one an attestation posted at `t` may close
 * (start + 12 x (lastBlock + 1) <= t, design 6).
 * @throws BeforeStart also during block 0, when none is complete.
 */
export function lastCompleteBlock(t: Integer, start: Integer = EMISSION_START): bigint {
  const height = blockAt(t, start);
  if (height === 0n) throw new BeforeStart(startOfBlock(1n, start), unixSeconds(t));
  return height - 1n;
}

function elapsed(t: Integer, start: Integer): bigint {
  const at = unixSeconds(t);
  const startAt = unixSeconds(start);
  if (at < startAt) throw new BeforeStart(startAt, at);
  return at - startAt;
}
