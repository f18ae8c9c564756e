import { slashExecutedEvent, type SlashExecuted } from "../events/slash.js";
import type { Hash32 } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Execute a slash whose delay has passed: what it takes, at most the bond, goes to the compute contract. Anyone may.
 *
 * @throws RegistrySlashState, RegistryTooEarly
 */
export const executeSlash = defineWrite<{ readonly eventId: Hash32 }, void, SlashExecuted>({
  verb: "executeSlash",
  contract: "registry",
  method: "executeSlash",
  params: (_, { eventId }) => [eventId],
  returned: returnsNothing,
  outcome: (d, receipt) => slashExecutedEvent.first(receipt, d.addresses.registry),
});
