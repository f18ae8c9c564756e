import { operationScheduledEvent, type OperationScheduled } from "../events/governance.js";
import type { Hash32, UnixSeconds } from "../units/brands.js";
import type { UnsignedCall } from "./write.js";
import { defineWrite } from "./write.js";

/** The call, and when it is to be ready. */
export interface ScheduledCall {
  readonly call: UnsignedCall;
  /** At the earliest; as soon as the delay allows without it. */
  readonly at?: UnixSeconds | 0n;
}

/** What names a scheduled call. */
export interface Operation {
  readonly operationId: Hash32;
  readonly nonce: bigint;
}

/**
 * Schedule a call of a role with a delay: governance's verbs are sent by the same account once the delay has passed, within a
 * week. Returns operation id and nonce.
 *
 * @example
 * await scheduleCall.sendAndWait(governance, { call: setRouters.call(governance, set) });
 * // after the delay
 * await setRouters.sendAndWait(governance, set);
 * @throws AccessManagerUnauthorizedCall, AccessManagerAlreadyScheduled
 */
export const scheduleCall = defineWrite<ScheduledCall, Operation, OperationScheduled>({
  verb: "scheduleCall",
  contract: "authority",
  method: "schedule",
  params: (_, { call, at = 0n }) => [call.to, call.data, at],
  returned: (result) => ({ operationId: result[0] as Hash32, nonce: result[1] as bigint }),
  outcome: (d, receipt) => operationScheduledEvent.first(receipt, d.addresses.authority),
});
