import { ownerProposedEvent, type ChangeProposed } from "../events/provider.js";
import type { Address, ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Propose another owner of a provider, who accepts after the change delay; the zero address takes the proposal back. Owner
 * only.
 *
 * @throws RegistryNotOwner
 */
export const proposeOwner = defineWrite<{ readonly id: ProviderId; readonly newOwner: Address }, void, ChangeProposed>({
  verb: "proposeOwner",
  contract: "registry",
  method: "proposeOwner",
  params: (_, { id, newOwner }) => [id, newOwner],
  returned: returnsNothing,
  outcome: (d, receipt) => ownerProposedEvent.first(receipt, d.addresses.registry),
});
