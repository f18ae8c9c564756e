import { InvalidSetting } from "./errors.js";
import { drawFrom, type Quantiles } from "./quantiles.js";
import { createRandom } from "./random.js";
import type { TraceRow } from "./trace.js";

/**
 * The shape of the Azure conversation trace of 2023 (Patel et al., "Splitwise", ISCA 2024): figures of it, none of its
 * rows.
 */
const GENERATED_TOKENS: Quantiles = [
  [0, 7],
  [50, 41],
  [100, 54],
  [200, 77],
  [300, 91],
  [400, 103],
  [500, 129],
  [600, 177],
  [700, 384],
  [800, 400],
  [900, 424],
  [950, 451],
  [980, 540],
  [990, 601],
  [999, 954],
  [1_000, 1_000],
];

const CONTEXT_TOKENS: Quantiles = [
  [0, 2],
  [100, 207],
  [300, 403],
  [500, 1_020],
  [700, 1_130],
  [800, 1_315],
  [900, 2_735],
  [950, 4_083],
  [990, 4_142],
  [1_000, 14_050],
];

const GAP_MS: Quantiles = [
  [0, 0],
  [50, 6],
  [100, 16],
  [200, 36],
  [300, 61],
  [400, 87],
  [500, 119],
  [600, 159],
  [700, 214],
  [800, 289],
  [900, 421],
  [950, 565],
  [980, 749],
  [990, 891],
  [999, 1_431],
  [1_000, 4_315],
];

/** 2023-11-16 18:15:46 UTC, where the real hour begins. */
const START_MS = 1_700_158_546_000n;

/**
 * Make a trace of `count` requests from a seed: about 66 requests in 12 seconds, about 211 T each. Throws
 * InvalidSetting.
 */
export function syntheticTrace(seed: number, count: number): TraceRow[] {
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidSetting("requests", count, "a whole number above 0");
  const [gaps, generated, context] = [createRandom(seed, 1), createRandom(seed, 2), createRandom(seed, 3)];
  let arrivalMs = START_MS;
  return Array.from({ length: count }, () => {
    arrivalMs += BigInt(drawFrom(GAP_MS, gaps));
    return {
      arrivalMs,
      contextTokens: BigInt(drawFrom(CONTEXT_TOKENS, context)),
      tokens: BigInt(drawFrom(GENERATED_TOKENS, generated)),
    };
  });
}
