import { hexlify } from "ethers";
import { packList } from "../bootstrap/list.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import {
  bootstrapReleasedEvent,
  seasonClosedEvent,
  type BootstrapReleased,
  type SeasonClosed,
} from "../events/bootstrap.js";
import type { UMor } from "../units/brands.js";
import { defineWrite } from "./write.js";

/** A season and its list. */
export interface SeasonList {
  readonly season: bigint;
  /** List in force, best first, as `readSeason` gives it; empty when nobody was entered. */
  readonly list: readonly SeasonEntry[];
}

/** What was fixed, and what became free behind the last season. */
export interface SeasonClosing extends SeasonClosed {
  readonly released: BootstrapReleased | undefined;
}

/**
 * Close the next season and fix its pool (design 9), any time after its entry window. Anyone may, and when it is done does
 * not matter. Returns the pool in uMOR.
 *
 * @throws BootstrapSeasonOutOfOrder, BootstrapSeasonOpen, BootstrapListStale
 */
export const closeSeason = defineWrite<SeasonList, UMor, SeasonClosing>({
  verb: "closeSeason",
  contract: "bootstrap",
  method: "close",
  params: (_, { season, list }) => [season, hexlify(packList(list))],
  returned: (result) => result[0] as UMor,
  outcome: (d, receipt) => ({
    ...seasonClosedEvent.first(receipt, d.addresses.bootstrap),
    released: bootstrapReleasedEvent.all(receipt, d.addresses.compute)[0],
  }),
});
