import { exitAnnouncedEvent, type ExitAnnounced } from "../events/bond.js";
import type { ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Announce the exit of a provider: its bond may be withdrawn after the unbonding delay (design 8). Owner only, once.
 *
 * @throws RegistryNotOwner, RegistryExitState
 */
export const announceExit = defineWrite<{ readonly id: ProviderId }, void, ExitAnnounced>({
  verb: "announceExit",
  contract: "registry",
  method: "announceExit",
  params: (_, { id }) => [id],
  returned: returnsNothing,
  outcome: (d, receipt) => exitAnnouncedEvent.first(receipt, d.addresses.registry),
});
