import { roleRevokedEvent, type RoleChanged } from "../events/roles.js";
import type { RoleGrant } from "./grantRole.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Revoke a role (design 10). Admin only, scheduled first: see `scheduleCall`.
 *
 * @throws AccessManagerNotScheduled, AccessManagerNotReady, AccessManagerUnauthorizedAccount
 */
export const revokeRole = defineWrite<Omit<RoleGrant, "delaySeconds">, void, RoleChanged>({
  verb: "revokeRole",
  contract: "authority",
  method: "revokeRole",
  params: (_, { roleId, account }) => [roleId, account],
  returned: returnsNothing,
  outcome: (d, receipt) => roleRevokedEvent.first(receipt, d.addresses.authority),
});
