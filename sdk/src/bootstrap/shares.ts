import type { UMor } from "../units/index.js";
import { totalOf, type SeasonEntry } from "./ranking.js";

/** An entry with its part of the season's pool, in uMOR. */
export interface SeasonShare extends SeasonEntry {
  readonly shareUMor: UMor;
}

/** A season's pool, shared out. */
export interface Shares {
  /** In the order of the entries. */
  readonly shares: readonly SeasonShare[];
  /** Sum of the shares. */
  readonly allottedUMor: UMor;
  /** What rounding leaves: it stays in the pool for the next season. All of it when nobody was entered. */
  readonly remainderUMor: UMor;
}

/** Share of a weight: floor(pool x weight / total), in uMOR; 0 of a total of 0. */
export function shareOfDown(poolUMor: bigint, weightUMor: bigint, totalUMor: bigint): UMor {
  return (totalUMor === 0n ? 0n : (poolUMor * weightUMor) / totalUMor) as UMor;
}

/** Share the pool of a season pro rata to the weights of its entries, each rounded down (design 9). */
export function awardShares(entries: readonly SeasonEntry[], poolUMor: bigint): Shares {
  const totalUMor = totalOf(entries);
  const shares = entries.map((entry) => ({
    ...entry,
    shareUMor: shareOfDown(poolUMor, entry.weightUMor, totalUMor),
  }));
  const allotted = shares.reduce((sum, { shareUMor }) => sum + shareUMor, 0n);
  return { shares, allottedUMor: allotted as UMor, remainderUMor: (poolUMor - allotted) as UMor };
}
