/** Values of the bench, all in uMOR: deltas of an hour and of a day, lanes that are new and lanes of years. */
export const DELTAS = { hourly: [20_000n, 300_000n], daily: [1_000_000n, 50_000_000n] } as const;
export const MATURE = [100_000_000n, 5_000_000_000n] as const;

/** Deterministic values in [low, high): a 64-bit linear congruential generator, upper bits. */
export function generator(seed: bigint): (low: bigint, high: bigint) => bigint {
  let state = seed;
  return (low, high) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return low + ((state >> 16n) % (high - low));
  };
}

/** Ids 0 to `n` - 1. */
export const idsUpTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
