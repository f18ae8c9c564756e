import { computeContractAbi } from "../abi/computeContract.js";
import type { Wei } from "../units/brands.js";
import { defineEvent } from "./define.js";

/** Tokens that had reached the contract were booked (design 4). */
export interface ArrivalBooked {
  readonly amountWei: Wei;
  /** Part of it that went to the bootstrap pool. */
  readonly bootstrapShareWei: Wei;
  /** Free pool after it. */
  readonly unusedWei: Wei;
  /** Arrivals not yet used as emission room, after it. */
  readonly freshWei: Wei;
  readonly bootstrapWei: Wei;
}

/** A block-day was opened (design 4). */
export interface DayOpened {
  readonly day: bigint;
  readonly openingWei: Wei;
  readonly freshWei: Wei;
  readonly scheduledWei: Wei;
}

/** Reads `ArrivalBooked`. */
export const arrivalBookedEvent = defineEvent<ArrivalBooked>(
  "compute",
  computeContractAbi,
  "ArrivalBooked",
  (args) => ({
    amountWei: args["amountWei"] as Wei,
    bootstrapShareWei: args["bootstrapShareWei"] as Wei,
    unusedWei: args["unusedWei"] as Wei,
    freshWei: args["freshWei"] as Wei,
    bootstrapWei: args["bootstrapWei"] as Wei,
  }),
);

/** Reads `DayOpened`. */
export const dayOpenedEvent = defineEvent<DayOpened>("compute", computeContractAbi, "DayOpened", (args) => ({
  day: args["day"] as bigint,
  openingWei: args["openingWei"] as Wei,
  freshWei: args["freshWei"] as Wei,
  scheduledWei: args["scheduledWei"] as Wei,
}));
