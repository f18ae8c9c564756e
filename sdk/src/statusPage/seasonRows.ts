import { seasonBounds, seasonPhase, type BootstrapWindow } from "../bootstrap/clock.js";
import { MAX_WEIGHT_UMOR, SEASON_RANKS, compareEntries, type SeasonEntry } from "../bootstrap/ranking.js";
import { awardShares } from "../bootstrap/shares.js";
import type { UMor } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import type { SeasonBook } from "./seasonFold.js";
import type { SeasonRow } from "./snapshot.js";

/**
 * Make the row of a season at a moment of the chain. Until it is decided who is in the list, everyone with a weight counts,
 * entered or not; `poolUMor` is that of a season that is not closed.
 */
export function seasonRowOf(
  window: BootstrapWindow,
  season: bigint,
  book: SeasonBook,
  at: bigint,
  poolUMor: UMor,
): SeasonRow {
  const bounds = seasonBounds(window, season);
  const phase = book.closed === undefined ? seasonPhase(bounds, at) : "closed";
  const isFinal = phase === "closed" || phase === "closable";
  const entries = isFinal ? book.list : bestOf(book.weights);
  const pool = book.closed?.poolUMor ?? poolUMor;
  const entered = new Set(book.list.map(({ id }) => id));
  const awarded = new Set(book.awarded);
  return {
    ...bounds,
    phase,
    poolUMor: pool,
    competing: book.weights.size,
    ranks: awardShares(entries, pool).shares.map((share, rank) => ({
      ...share,
      entered: entered.has(share.id),
      awarded: phase === "closed" && awarded.has(rank),
    })),
  };
}

/** The best hundred by weight, as the contract's list comes out when everyone is entered. */
function bestOf(weights: ReadonlyMap<number, bigint>): SeasonEntry[] {
  const cut = (weight: bigint) => (weight < MAX_WEIGHT_UMOR ? weight : MAX_WEIGHT_UMOR) as UMor;
  const entries = [...weights].map(([id, weight]) => ({ id: providerId(id), weightUMor: cut(weight) }));
  return entries.sort(compareEntries).slice(0, SEASON_RANKS);
}
