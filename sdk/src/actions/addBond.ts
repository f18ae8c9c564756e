import { bondAddedEvent, type BondAdded } from "../events/bond.js";
import type { ProviderId, Wei } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Add to a provider's bond (design 8). Anyone may, and no timer moves. The registry must be approved for it: see
 * `approveBond`.
 *
 * @throws RegistryAmountZero, RegistryExitState, RegistryProviderUnknown, ERC20InsufficientAllowance
 */
export const addBond = defineWrite<{ readonly id: ProviderId; readonly amountWei: Wei }, void, BondAdded>({
  verb: "addBond",
  contract: "registry",
  method: "addBond",
  params: (_, { id, amountWei }) => [id, amountWei],
  returned: returnsNothing,
  outcome: (d, receipt) => bondAddedEvent.first(receipt, d.addresses.registry),
});
