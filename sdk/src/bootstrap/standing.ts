import { providerId, type Integer, type ProviderId, type UMor } from "../units/index.js";
import { SEASON_RANKS, compareEntries, totalOf, type SeasonEntry } from "./ranking.js";
import { shareOfDown } from "./shares.js";

/** Where a provider stands in a season, and what would lift it. Amounts in uMOR. */
export interface SeasonStanding {
  readonly id: ProviderId;
  readonly weightUMor: UMor;
  /** Place among the hundred, from 0, the best; undefined when it is not among them. */
  readonly rank: number | undefined;
  /** Its part of the pool if these entries were the last; 0 without a rank. */
  readonly shareUMor: UMor;
  /** Further weight with which it would be among the hundred; 0 with a rank. */
  readonly toEnterUMor: UMor;
  /** Further weight with which it would stand one rank higher; undefined for the first and for one without a rank. */
  readonly toRiseUMor: UMor | undefined;
}

/**
 * Say where the provider `id` stands among `entries`, best first, as `rankSeason` or a season's list gives them; `weightUMor`
 * is its own weight, entered or not.
 */
export function standingOf(
  entries: readonly SeasonEntry[],
  poolUMor: bigint,
  id: Integer,
  weightUMor: bigint,
): SeasonStanding {
  const own: SeasonEntry = { id: providerId(id), weightUMor: weightUMor as UMor };
  const at = entries.findIndex((entry) => entry.id === own.id);
  const above = entries[at - 1];
  return {
    ...own,
    rank: at < 0 ? undefined : at,
    shareUMor: at < 0 ? (0n as UMor) : shareOfDown(poolUMor, entries[at]!.weightUMor, totalOf(entries)),
    toEnterUMor: at < 0 ? liftToEnter(entries, own) : (0n as UMor),
    toRiseUMor: above === undefined ? undefined : liftAbove(above, entries[at]!),
  };
}

/** Free places take any weight above zero; a full list takes what is better than its last. */
function liftToEnter(entries: readonly SeasonEntry[], own: SeasonEntry): UMor {
  const last = entries[SEASON_RANKS - 1];
  if (last !== undefined) return compareEntries(own, last) < 0 ? (0n as UMor) : liftAbove(last, own);
  return (own.weightUMor > 0n ? 0n : 1n) as UMor;
}

/** The same weight suffices a lower id; a higher one needs 1 uMOR more. */
function liftAbove(other: SeasonEntry, own: SeasonEntry): UMor {
  const needed = own.id < other.id ? other.weightUMor : other.weightUMor + 1n;
  return (needed - own.weightUMor) as UMor;
}
