import type { Deployment } from "../deployment/deployment.js";
import type { LedgerTree } from "../ledger/tree.js";
import type { EventRange } from "./readEvents.js";
import type { Season } from "./readSeason.js";
import { rebuildLedger } from "./rebuildLedger.js";

/** The ledgers at the two roots of a season: what `rankSeason` and `planEntries` take. */
export interface SeasonLedgers {
  readonly before: LedgerTree;
  readonly after: LedgerTree;
}

/**
 * Rebuild the ledgers at the two roots of a season from the events, every root compared.
 *
 * @example
 * const { before, after } = await readSeasonLedgers(d, await readSeason(d, 3));
 * const { entries } = rankSeason(before, after);
 * @throws LedgerDiverged
 */
export async function readSeasonLedgers(
  d: Deployment,
  { before, after }: Pick<Season, "before" | "after">,
  range: EventRange = {},
): Promise<SeasonLedgers> {
  const first = await rebuildLedger(d, { ...range, untilSeq: before.seq });
  const second = await rebuildLedger(d, { ...range, from: first, untilSeq: after.seq });
  return { before: first.tree, after: second.tree };
}
