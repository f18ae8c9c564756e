import type { Deployment } from "../deployment/deployment.js";
import { ADMIN_ROLE, GOVERNANCE_ROLE, GUARDIAN_ROLE, RESTRICTED_FUNCTIONS } from "../deployment/roles.js";
import type { RestrictedFunction } from "../deployment/roles.js";
import { roleGrantedEvent, roleRevokedEvent } from "../events/roles.js";
import type { Address } from "../units/brands.js";
import { read } from "./read.js";
import { readEvents, type EventRange } from "./readEvents.js";

/** Who holds a role, and how long each of its calls must wait. */
export interface RoleHolder {
  readonly roleId: bigint;
  readonly account: Address;
  readonly delaySeconds: bigint;
}

/** Roles as the authority has them: read from the chain, not from a file. */
export interface RoleTable {
  readonly holders: readonly RoleHolder[];
  /** Every restricted function with the role it has on chain. */
  readonly functions: readonly RestrictedFunction[];
}

const ROLES = [ADMIN_ROLE, GUARDIAN_ROLE, GOVERNANCE_ROLE] as const;

/** Read who may do what (design 10). Holders are found by the authority's events; `range` must reach back to its deployment. */
export async function readRoles(d: Deployment, range: EventRange = {}): Promise<RoleTable> {
  const accounts = new Set<Address>();
  for (const event of [roleGrantedEvent, roleRevokedEvent]) {
    for await (const { value } of readEvents(d, event, range)) accounts.add(value.account);
  }
  return read(async () => {
    const holders: RoleHolder[] = [];
    for (const roleId of ROLES) {
      for (const account of accounts) {
        const { isMember, executionDelay } = await d.authority.hasRole(roleId, account);
        if (isMember) holders.push({ roleId, account, delaySeconds: executionDelay });
      }
    }
    const functions = await Promise.all(
      RESTRICTED_FUNCTIONS.map(async (each) => ({
        ...each,
        roleId: await d.authority.getTargetFunctionRole(d.addresses[each.contract], each.selector),
      })),
    );
    return { holders, functions };
  });
}
