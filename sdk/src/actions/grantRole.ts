import { roleGrantedEvent, type RoleChanged } from "../events/roles.js";
import type { Address } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/** Who is to hold a role, and how long each of its calls shall wait, in seconds. */
export interface RoleGrant {
  readonly roleId: bigint;
  readonly account: Address;
  readonly delaySeconds: bigint;
}

/**
 * Grant a role (design 10): how governance replaces a guardian, or itself. Admin only, scheduled first: see `scheduleCall`.
 *
 * @throws AccessManagerNotScheduled, AccessManagerNotReady, AccessManagerUnauthorizedAccount
 */
export const grantRole = defineWrite<RoleGrant, void, RoleChanged>({
  verb: "grantRole",
  contract: "authority",
  method: "grantRole",
  params: (_, { roleId, account, delaySeconds }) => [roleId, account, delaySeconds],
  returned: returnsNothing,
  outcome: (d, receipt) => roleGrantedEvent.first(receipt, d.addresses.authority),
});
