import { ownerChangedEvent, type AddressChanged } from "../events/provider.js";
import type { ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Take over a provider that was offered to the sender.
 *
 * @throws RegistryNothingPending, RegistryTooEarly
 */
export const acceptOwner = defineWrite<{ readonly id: ProviderId }, void, AddressChanged>({
  verb: "acceptOwner",
  contract: "registry",
  method: "acceptOwner",
  params: (_, { id }) => [id],
  returned: returnsNothing,
  outcome: (d, receipt) => ownerChangedEvent.first(receipt, d.addresses.registry),
});
