import { minBondChangedEvent, type MinBondChanged } from "../events/bond.js";
import type { Wei } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Change the bond that new providers need, 1 wei to 100,000 MOR. Governance only, scheduled first: see `scheduleCall`.
 *
 * @throws RegistryMinBondInvalid, AccessManagerNotScheduled, AccessManagedUnauthorized
 */
export const setMinBond = defineWrite<{ readonly minBondWei: Wei }, void, MinBondChanged>({
  verb: "setMinBond",
  contract: "registry",
  method: "setMinBond",
  params: (_, { minBondWei }) => [minBondWei],
  returned: returnsNothing,
  outcome: (d, receipt) => minBondChangedEvent.first(receipt, d.addresses.registry),
});
