import type { Random } from "./random.js";

/** A distribution by its quantiles: ascending pairs of a share in per mille, from 0 to 1,000, and the value there. */
export type Quantiles = readonly (readonly [perMille: number, value: number])[];

/** Draw a whole number, straight between neighbouring quantiles: integers only, so that every host draws alike. */
export function drawFrom(quantiles: Quantiles, random: Random): number {
  const drawn = random.below(1_000_000);
  const upper = Math.max(
    1,
    quantiles.findIndex(([perMille]) => drawn < perMille * 1_000),
  );
  const [fromShare, from] = quantiles[upper - 1] ?? [0, 0];
  const [toShare, to] = quantiles[upper] ?? [1_000, from];
  const width = (toShare - fromShare) * 1_000;
  return from + Math.floor(((to - from) * (drawn - fromShare * 1_000) + width / 2) / width);
}
