import { accessManagerAbi } from "../abi/accessManager.js";
import type { Address } from "../units/brands.js";
import { defineEvent } from "./define.js";

/** A role was granted to an account, or revoked from it. */
export interface RoleChanged {
  readonly roleId: bigint;
  readonly account: Address;
}

/** Reads `RoleGranted` of the authority. */
export const roleGrantedEvent = roleEvent("RoleGranted");
/** Reads `RoleRevoked` of the authority. */
export const roleRevokedEvent = roleEvent("RoleRevoked");

function roleEvent(name: "RoleGranted" | "RoleRevoked") {
  return defineEvent<RoleChanged>("authority", accessManagerAbi, name, (args) => ({
    roleId: args["roleId"] as bigint,
    account: args["account"] as Address,
  }));
}
