import { runWorld, type RunOptions, type Step } from "./run.js";

/** A trace that still shows a difference, as short as it was found. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly runs: number;
}

/**
 * Drop steps as long as what is left still differs in the same figure: halves first, then quarters, down to single steps. Stops
 * after `mostRuns` runs of the world.
 */
export async function shrink(
  worldSeed: bigint,
  steps: readonly Step[],
  what: string,
  options: RunOptions,
  mostRuns = 150,
): Promise<Trace> {
  let best = steps;
  let runs = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.length - 1 && runs < mostRuns;) {
      const shorter = [...best.slice(0, from), ...best.slice(Math.min(from + size, best.length - 1))];
      runs++;
      const { failure } = await runWorld(worldSeed, shorter, options);
      if (failure?.what === what) best = shorter.slice(0, failure.step + 1);
      else from += size;
    }
  }
  return { steps: best, runs };
}
