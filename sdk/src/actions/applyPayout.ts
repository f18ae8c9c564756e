import { payoutChangedEvent, type AddressChanged } from "../events/provider.js";
import type { ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Put a proposed payout address into force after the change delay. Anyone may.
 *
 * @throws RegistryNothingPending, RegistryTooEarly
 */
export const applyPayout = defineWrite<{ readonly id: ProviderId }, void, AddressChanged>({
  verb: "applyPayout",
  contract: "registry",
  method: "applyPayout",
  params: (_, { id }) => [id],
  returned: returnsNothing,
  outcome: (d, receipt) => payoutChangedEvent.first(receipt, d.addresses.registry),
});
