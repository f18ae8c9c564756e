import { slashVetoedEvent, type SlashVetoed } from "../events/slash.js";
import type { Hash32 } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Drop a pending slash for ever. Guardian only.
 *
 * @throws RegistrySlashState, AccessManagedUnauthorized
 */
export const vetoSlash = defineWrite<{ readonly eventId: Hash32 }, void, SlashVetoed>({
  verb: "vetoSlash",
  contract: "registry",
  method: "vetoSlash",
  params: (_, { eventId }) => [eventId],
  returned: returnsNothing,
  outcome: (d, receipt) => slashVetoedEvent.first(receipt, d.addresses.registry),
});
