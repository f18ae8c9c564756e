import { registryTokenRescuedEvent, type TokenRescued } from "../events/governance.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Send on tokens other than MOR that were sent to the provider registry by mistake. Governance only, scheduled first: see
 * `scheduleCall`.
 *
 * @throws RegistryTokenNotRescuable, AccessManagerNotScheduled, AccessManagedUnauthorized
 */
export const rescueRegistryToken = defineWrite<TokenRescued, void, TokenRescued>({
  verb: "rescueRegistryToken",
  contract: "registry",
  method: "rescue",
  params: (_, { token, to, amount }) => [token, to, amount],
  returned: returnsNothing,
  outcome: (d, receipt) => registryTokenRescuedEvent.first(receipt, d.addresses.registry),
});
