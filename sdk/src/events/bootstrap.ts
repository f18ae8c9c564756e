import { bootstrapPoolAbi } from "../abi/bootstrapPool.js";
import { computeContractAbi } from "../abi/computeContract.js";
import { unpackEntries } from "../bootstrap/list.js";
import { ranksOf } from "../bootstrap/ranks.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import { hexToBytes } from "../crypto/hex.js";
import type { Hash32, UMor, Wei } from "../units/brands.js";
import { unpackPayments, type Payment } from "./claimed.js";
import { defineEvent } from "./define.js";

/** Providers came into the list of a season, in order of ids: the list is the best hundred of all of them. */
export interface ProvidersEntered {
  readonly season: bigint;
  readonly entries: readonly SeasonEntry[];
}

/** The pool of a season was fixed. */
export interface SeasonClosed {
  readonly season: bigint;
  /** What there is to share. */
  readonly poolUMor: UMor;
  /** Sum of all weights. */
  readonly totalUMor: UMor;
  /** Sum of the shares, owed from then on; the rest stays for the next season. */
  readonly sharesUMor: UMor;
  readonly listHash: Hash32;
}

/** Ranks of a season, from 0, got their awards: paid, or netted with debt. */
export interface RanksAwarded {
  readonly season: bigint;
  readonly ranks: readonly number[];
}

/** Awards of a season were paid. */
export interface AwardsPaid {
  readonly season: bigint;
  readonly paidUMor: UMor;
  readonly payments: readonly Payment[];
}

/** What no season was allotted became free behind the last one. */
export interface BootstrapReleased {
  readonly amountWei: Wei;
  readonly unusedWei: Wei;
}

/** Reads `ProvidersEntered`. */
export const providersEnteredEvent = defineEvent<ProvidersEntered>(
  "bootstrap",
  bootstrapPoolAbi,
  "ProvidersEntered",
  (args) => ({
    season: args["season"] as bigint,
    // A result is an array, and arrays have a verb of this name.
    entries: unpackEntries(hexToBytes(args.getValue("entries") as string)),
  }),
);

/** Reads `SeasonClosed`. */
export const seasonClosedEvent = defineEvent<SeasonClosed>("bootstrap", bootstrapPoolAbi, "SeasonClosed", (args) => ({
  season: args["season"] as bigint,
  poolUMor: args["poolUMor"] as UMor,
  totalUMor: args["totalUMor"] as UMor,
  sharesUMor: args["sharesUMor"] as UMor,
  listHash: args["listHash"] as Hash32,
}));

/** Reads `RanksAwarded`. */
export const ranksAwardedEvent = defineEvent<RanksAwarded>("bootstrap", bootstrapPoolAbi, "RanksAwarded", (args) => ({
  season: args["season"] as bigint,
  ranks: ranksOf(args["ranks"] as bigint),
}));

/** Reads `AwardsPaid`. */
export const awardsPaidEvent = defineEvent<AwardsPaid>("compute", computeContractAbi, "AwardsPaid", (args) => ({
  season: args["season"] as bigint,
  paidUMor: args["paidUMor"] as UMor,
  payments: unpackPayments(hexToBytes(args["payments"] as string)),
}));

/** Reads `BootstrapReleased`. */
export const bootstrapReleasedEvent = defineEvent<BootstrapReleased>(
  "compute",
  computeContractAbi,
  "BootstrapReleased",
  (args) => ({ amountWei: args["amountWei"] as Wei, unusedWei: args["unusedWei"] as Wei }),
);
