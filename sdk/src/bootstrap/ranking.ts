import { LaneShrunk } from "../errors/bootstrap.js";
import { LANES_PER_WORD, providerId, type ProviderId, type UMor } from "../units/index.js";
import type { LedgerTree } from "../ledger/tree.js";

/** Greatest weight of an entry: the contract cuts what is above it. All MOR are less. */
export const MAX_WEIGHT_UMOR = 2n ** 48n - 1n;
/** Most providers that share a season's pool. */
export const SEASON_RANKS = 100;

/** A provider's weight in a season: what it was credited between the two roots, debits not counted (design 9). */
export interface SeasonEntry {
  readonly id: ProviderId;
  readonly weightUMor: UMor;
}

/** The true outcome of a season: what the contract's list is when everyone who should be is entered. */
export interface Ranking {
  /** The best hundred, best first; ties to the lower id. */
  readonly entries: readonly SeasonEntry[];
  /** Sum of their weights. */
  readonly totalUMor: UMor;
  /** Providers with a weight above zero, the best hundred among them. */
  readonly competing: number;
  /** Weight of all of them. */
  readonly creditedUMor: UMor;
}

/** Order of a season: the greater weight first, then the lower id. Negative when `a` goes before `b`. */
export function compareEntries(a: SeasonEntry, b: SeasonEntry): number {
  if (a.weightUMor !== b.weightUMor) return a.weightUMor > b.weightUMor ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/**
 * Rank a season from the ledgers at its two roots, exactly as the contract's list comes out. Pure.
 *
 * @example
 * const { entries } = rankSeason(atTheStart.tree, atTheEnd.tree);
 * const { shares } = awardShares(entries, poolUMor);
 * @throws LaneShrunk when the ledgers are not those of one season
 */
export function rankSeason(before: LedgerTree, after: LedgerTree): Ranking {
  const entries: SeasonEntry[] = [];
  let [creditedUMor, competing] = [0n, 0];
  const end = Math.max(before.wordCount, after.wordCount) * LANES_PER_WORD;
  for (let id = 0; id < end; id++) {
    const weightUMor = weightOf(before, after, id);
    if (weightUMor === 0n) continue;
    creditedUMor += weightUMor;
    competing += 1;
    keepBest(entries, { id: providerId(id), weightUMor });
  }
  return { entries, totalUMor: totalOf(entries), competing, creditedUMor: creditedUMor as UMor };
}

/** Weight of provider `id` between two roots, in uMOR. @throws LaneShrunk */
export function weightOf(before: LedgerTree, after: LedgerTree, id: number): UMor {
  const [from, to] = [before.lane(id), after.lane(id)];
  if (to < from) throw new LaneShrunk(id, from, to);
  return (to - from < MAX_WEIGHT_UMOR ? to - from : MAX_WEIGHT_UMOR) as UMor;
}

/** Sum of the weights of entries. */
export function totalOf(entries: readonly SeasonEntry[]): UMor {
  return entries.reduce((sum, { weightUMor }) => sum + weightUMor, 0n) as UMor;
}

/** Puts an entry in its place among the best hundred, best first; the worst falls out. */
function keepBest(best: SeasonEntry[], entry: SeasonEntry): void {
  const worst = best[SEASON_RANKS - 1];
  if (worst !== undefined && compareEntries(worst, entry) < 0) return;
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareEntries(best[middle]!, entry) < 0) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, entry);
  if (best.length > SEASON_RANKS) best.pop();
}
