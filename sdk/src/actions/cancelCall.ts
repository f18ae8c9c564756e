import { operationCanceledEvent, type OperationCanceled } from "../events/governance.js";
import type { Address } from "../units/brands.js";
import type { UnsignedCall } from "./write.js";
import { defineWrite } from "./write.js";

/** A scheduled call, and who scheduled it. */
export interface CancelledCall {
  readonly call: UnsignedCall;
  readonly caller: Address;
}

/**
 * Take a scheduled call back before it is executed (design 10): by whoever scheduled it, or an admin. Returns the nonce that it had.
 *
 * @throws AccessManagerNotScheduled, AccessManagerUnauthorizedCancel
 */
export const cancelCall = defineWrite<CancelledCall, bigint, OperationCanceled>({
  verb: "cancelCall",
  contract: "authority",
  method: "cancel",
  params: (_, { call, caller }) => [caller, call.to, call.data],
  returned: (result) => result[0] as bigint,
  outcome: (d, receipt) => operationCanceledEvent.first(receipt, d.addresses.authority),
});
