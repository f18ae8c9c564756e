import { bondWithdrawnEvent, type BondWithdrawn } from "../events/bond.js";
import type { ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Withdraw a bond, less the debt that it covers, to the provider's owner, who alone may. Credits stay claimable for ever.
 *
 * @throws RegistryNotOwner, RegistryTooEarly, RegistryExitState
 */
export const withdrawBond = defineWrite<{ readonly id: ProviderId }, void, BondWithdrawn>({
  verb: "withdrawBond",
  contract: "registry",
  method: "withdrawBond",
  params: (_, { id }) => [id],
  returned: returnsNothing,
  outcome: (d, receipt) => bondWithdrawnEvent.first(receipt, d.addresses.registry),
});
