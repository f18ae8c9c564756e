/** The one in the middle, of an even number the upper one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** What is timed against each other: a name, and what gives the seconds or milliseconds of one round. */
export type Contest<Name extends string> = Readonly<Record<Name, () => number | Promise<number>>>;

/**
 * Time everything in turns within each round, and give the rounds of each: so that all see the same machine, however busy it
 * is. The first `warmUp` rounds do not count.
 */
export async function interleaved<Name extends string>(
  contest: Contest<Name>,
  rounds: number,
  warmUp = 1,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contest) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const time = await contest[name]();
      if (round >= warmUp) times[name].push(time);
    }
  }
  return times;
}

/** Median over the rounds of how many times as long `slow` takes as `fast`. */
export function timesAsLong(slow: readonly number[], fast: readonly number[]): number {
  return median(slow.map((time, round) => time / (fast[round] ?? NaN)));
}

/** Milliseconds that `act` takes. */
export function timed(act: () => unknown): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}
