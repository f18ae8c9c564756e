/**
 * A plain model of the bootstrap pool, from design.md section 9 alone: moments, emissions and lanes are bigints, lists are
 * sorted whole, nothing is incremental. It shares no code with the SDK.
 */
export interface ModelWindow {
  readonly startAt: bigint;
  readonly endAt: bigint;
  readonly length: bigint;
}

/** An attestation that stands: when it became active, and every lane after it. */
export interface ModelRoot {
  readonly seq: bigint;
  readonly activeAt: bigint;
  readonly lanes: readonly bigint[];
}

export interface ModelEntry {
  readonly id: number;
  readonly weight: bigint;
}

export interface ModelSeason {
  readonly entries: readonly ModelEntry[];
  readonly pool: bigint;
  readonly shares: readonly bigint[];
  readonly rolledOn: bigint;
}

const UMOR = 10n ** 12n;

/** The root of a moment: greatest seq that was active then, counting only those that stand. */
export function rootAt(roots: readonly ModelRoot[], t: bigint): readonly bigint[] {
  const active = roots.filter(({ activeAt }) => activeAt <= t).sort((a, b) => (a.seq < b.seq ? -1 : 1));
  return active[active.length - 1]?.lanes ?? [];
}

/** Everyone with a weight, best first, ties to the lower id; the first hundred share. */
export function best(before: readonly bigint[], after: readonly bigint[], places = 100): ModelEntry[] {
  return after
    .map((lane, id) => ({ id, weight: lane - (before[id] ?? 0n) }))
    .filter(({ weight }) => weight > 0n)
    .sort((a, b) => (b.weight > a.weight ? 1 : b.weight < a.weight ? -1 : a.id - b.id))
    .slice(0, places);
}

/**
 * Every season of a window. `cumulative` is the emission until a moment in wei, `arrivedBy` what the pool had taken from
 * arrivals when a season was closed; `isEntered` whether anyone cared to enter. A season shares what was promised to it and all that earlier ones left, as far as it
 * is there.
 */
export function playSeasons(
  { startAt, endAt, length }: ModelWindow,
  roots: readonly ModelRoot[],
  cumulative: (t: bigint) => bigint,
  arrivedBy: (season: number) => bigint,
  isEntered: (season: number) => boolean = () => true,
): ModelSeason[] {
  const seasons: ModelSeason[] = [];
  let spent = 0n;
  for (let from = startAt; from < endAt; from += length) {
    const to = from + length < endAt ? from + length : endAt;
    const promised = (cumulative(to) - cumulative(startAt)) / 10n;
    const there = arrivedBy(seasons.length) - spent;
    const pool = (there < promised - spent ? there : promised - spent) / UMOR;
    const entries = isEntered(seasons.length) ? best(rootAt(roots, from), rootAt(roots, to)) : [];
    const total = entries.reduce((sum, { weight }) => sum + weight, 0n);
    const shares = entries.map(({ weight }) => (pool * weight) / total);
    const given = shares.reduce((sum, share) => sum + share, 0n);
    spent += given * UMOR;
    seasons.push({ entries, pool, shares, rolledOn: pool - given });
  }
  return seasons;
}
