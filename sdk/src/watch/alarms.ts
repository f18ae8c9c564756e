import type { Equivocation } from "../quorum/equivocation.js";
import { formatMor } from "../units/amounts.js";
import type { UnixSeconds, Wei } from "../units/brands.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import type { WatchEvent } from "./watchEvents.js";

/** Something that happened and that a guardian or operator wants to know of, in one line. */
export interface Alarm {
  readonly kind:
    | "vetoed"
    | "paused"
    | "resumed"
    | "pauseRearmed"
    | "routersChanged"
    | "slashPosted"
    | "slashVetoed"
    | "slashExecuted"
    | "operationScheduled"
    | "operationCanceled"
    | "roleGranted"
    | "roleRevoked"
    | "allowance"
    | "equivocation";
  readonly line: string;
  /** Until when something can be done about it, in Unix seconds; undefined when there is nothing to do or no end. */
  readonly actBefore: UnixSeconds | undefined;
  readonly blockNumber: number;
}

/** The alarm of an event; undefined for attestations, which are verified. Pure. */
export function alarmOf(event: WatchEvent): Alarm | undefined {
  const alarm = (kind: Alarm["kind"], line: string, actBefore?: UnixSeconds): Alarm => {
    return { kind, line, actBefore, blockNumber: event.blockNumber };
  };
  switch (event.name) {
    case "vetoed": {
      const { seq, lastDroppedSeq, releasedUMor } = event.value;
      const which = seq === lastDroppedSeq ? `attestation ${seq} was` : `attestations ${seq} to ${lastDroppedSeq} were`;
      return alarm("vetoed", `${which} vetoed: ${mor(releasedUMor)} MOR are reserved no longer`);
    }
    case "paused": {
      const { pausedUntil } = event.value;
      if (pausedUntil === 0n) return alarm("resumed", "attestations are no longer paused");
      return alarm("paused", `attestations are paused until ${pausedUntil}; claims are not`, pausedUntil);
    }
    case "pauseRearmed":
      return alarm("pauseRearmed", "the guardian may pause attestations once more");
    case "routersChanged": {
      const { routers, threshold, epoch } = event.value;
      const list = routers.map(({ account }) => account).join(", ");
      return alarm(
        "routersChanged",
        `router set ${epoch} is in force: ${threshold} of ${routers.length} sign, ${list}`,
      );
    }
    case "slashPosted": {
      const { id, amountWei, reasonHash, executableAt } = event.value;
      const what = `${formatMor(amountWei)} MOR of provider ${id}'s bond are to be slashed for ${reasonHash}`;
      return alarm("slashPosted", `${what}; it can be executed from ${executableAt} on`, executableAt);
    }
    case "slashVetoed":
      return alarm("slashVetoed", `slash ${event.value.eventId} was vetoed`);
    case "slashExecuted": {
      const { id, takenWei, bondWei } = event.value;
      return alarm(
        "slashExecuted",
        `${formatMor(takenWei)} MOR of provider ${id} were slashed, ${formatMor(bondWei)} MOR are left`,
      );
    }
    case "operationScheduled": {
      const { operationId, target, data, caller, readyAt } = event.value;
      const what = `${caller} scheduled ${data.slice(0, 10)} of ${target} as ${operationId}`;
      return alarm("operationScheduled", `${what}; it can be sent from ${readyAt} on`, readyAt);
    }
    case "operationCanceled":
      return alarm("operationCanceled", `operation ${event.value.operationId} was taken back`);
    case "roleGranted":
      return alarm("roleGranted", `role ${event.value.roleId} was granted to ${event.value.account}`);
    case "roleRevoked":
      return alarm("roleRevoked", `role ${event.value.roleId} was revoked from ${event.value.account}`);
    default:
      return undefined;
  }
}

/** Alarm that little of a day's room is left. Amounts in wei. */
export function allowanceAlarm(
  { day, drawnWei, budgetWei }: { readonly day: bigint; readonly drawnWei: bigint; readonly budgetWei: bigint },
  blockNumber: number,
): Alarm {
  const [drawn, budget] = [formatMor(drawnWei as Wei), formatMor(budgetWei as Wei)];
  const line = `day ${day}: ${drawn} MOR of the ${budget} MOR that the guard allows are reserved`;
  return { kind: "allowance", line, actBefore: undefined, blockNumber };
}

/** Alarm that a router signed twice where it may sign once. */
export function equivocationAlarm({ kind, first, second }: Equivocation, blockNumber: number): Alarm {
  const place = first.kind === "Attestation" ? `attestation ${first.value.seq}` : `block ${first.value.height}`;
  const line = `router ${second.signer} signed two ${kind} messages for ${place}: both are kept as evidence`;
  return { kind: "equivocation", line, actBefore: undefined, blockNumber };
}

function mor(amountUMor: bigint): string {
  return formatMor((amountUMor * WEI_PER_UMOR) as Wei);
}
