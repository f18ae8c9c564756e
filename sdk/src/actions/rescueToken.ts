import { tokenRescuedEvent, type TokenRescued } from "../events/governance.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Send on tokens other than MOR that were sent to the compute contract by mistake. Governance only, scheduled first: see
 * `scheduleCall`.
 *
 * @throws ReserveTokenNotRescuable, AccessManagerNotScheduled, AccessManagedUnauthorized
 */
export const rescueToken = defineWrite<TokenRescued, void, TokenRescued>({
  verb: "rescueToken",
  contract: "compute",
  method: "rescue",
  params: (_, { token, to, amount }) => [token, to, amount],
  returned: returnsNothing,
  outcome: (d, receipt) => tokenRescuedEvent.first(receipt, d.addresses.compute),
});
