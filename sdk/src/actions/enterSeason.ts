import { hexlify } from "ethers";
import { packList } from "../bootstrap/list.js";
import type { EntryRanges } from "../bootstrap/pieces.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import { providersEnteredEvent } from "../events/bootstrap.js";
import type { Hash32 } from "../units/brands.js";
import { defineWrite } from "./write.js";

/** Which providers are entered into a season, with their proofs. */
export interface SeasonEntering {
  /** A season whose entry window is open. */
  readonly season: bigint;
  /** List in force, best first, as `readSeason` gives it. */
  readonly list: readonly SeasonEntry[];
  /** Proofs under both roots of the season, as `planEntries` gives them. */
  readonly ranges: EntryRanges;
}

/**
 * Enter providers into the list of a season (design 9), one or many. Anyone may: their weights are proved. Returns the hash
 * of the list from then on; the outcome are those that came in, some of which may be displaced already.
 *
 * @example
 * for (const { list, ranges } of planEntries(before, after, ids)) {
 *   await enterSeason.sendAndWait(d, { season, list, ranges });
 * }
 * @throws BootstrapListStale when another entry came first: read the list again; BootstrapEntryNotOpen;
 * BootstrapNothingEntered, which means that all is well; LedgerRootMismatch
 */
export const enterSeason = defineWrite<SeasonEntering, Hash32, readonly SeasonEntry[]>({
  verb: "enterSeason",
  contract: "bootstrap",
  method: "enter",
  params: (_, { season, list, ranges }) => [
    season,
    hexlify(packList(list)),
    hexlify(ranges.before),
    hexlify(ranges.after),
  ],
  returned: (result) => result[0] as Hash32,
  outcome: (d, receipt) => providersEnteredEvent.all(receipt, d.addresses.bootstrap).flatMap(({ entries }) => entries),
});
