import { payoutProposedEvent, type ChangeProposed } from "../events/provider.js";
import type { Address, ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Propose another payout address; the zero address takes the proposal back. Owner only. Claims go to the address in force
 * until `applyPayout`: claiming meanwhile is the rescue from a stolen key.
 *
 * @throws RegistryNotOwner, RegistryPayoutForbidden
 */
export const proposePayout = defineWrite<
  { readonly id: ProviderId; readonly newPayout: Address },
  void,
  ChangeProposed
>({
  verb: "proposePayout",
  contract: "registry",
  method: "proposePayout",
  params: (_, { id, newPayout }) => [id, newPayout],
  returned: returnsNothing,
  outcome: (d, receipt) => payoutProposedEvent.first(receipt, d.addresses.registry),
});
