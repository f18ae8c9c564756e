import { providerRegistryAbi } from "../abi/providerRegistry.js";
import type { Hash32, ProviderId, UnixSeconds, Wei } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";

/** A slash was ordered; it may be executed from `executableAt` on (design 8). */
export interface SlashPosted {
  readonly eventId: Hash32;
  readonly id: ProviderId;
  readonly amountWei: Wei;
  readonly reasonHash: Hash32;
  readonly executableAt: UnixSeconds;
}

/** The guardian dropped a slash. */
export interface SlashVetoed {
  readonly eventId: Hash32;
}

/** A bond was slashed: `takenWei` went to the compute contract as a gift. */
export interface SlashExecuted {
  readonly eventId: Hash32;
  readonly id: ProviderId;
  readonly takenWei: Wei;
  /** The bond after it. */
  readonly bondWei: Wei;
}

/** Reads `SlashPosted`. */
export const slashPostedEvent = defineEvent<SlashPosted>("registry", providerRegistryAbi, "SlashPosted", (args) => ({
  eventId: args["eventId"] as Hash32,
  id: providerId(args["id"] as bigint),
  amountWei: args["amountWei"] as Wei,
  reasonHash: args["reasonHash"] as Hash32,
  executableAt: args["executableAt"] as UnixSeconds,
}));

/** Reads `SlashVetoed`. */
export const slashVetoedEvent = defineEvent<SlashVetoed>("registry", providerRegistryAbi, "SlashVetoed", (args) => ({
  eventId: args["eventId"] as Hash32,
}));

/** Reads `SlashExecuted`. */
export const slashExecutedEvent = defineEvent<SlashExecuted>(
  "registry",
  providerRegistryAbi,
  "SlashExecuted",
  (args) => ({
    eventId: args["eventId"] as Hash32,
    id: providerId(args["id"] as bigint),
    takenWei: args["takenWei"] as Wei,
    bondWei: args["bondWei"] as Wei,
  }),
);
