import { computeContractAbi } from "../abi/computeContract.js";
import type { UnixSeconds } from "../units/brands.js";
import { defineEvent } from "./define.js";

/** Attestations are paused until this moment; 0: no longer. */
export interface AttestationsPaused {
  readonly pausedUntil: UnixSeconds;
}

/** Reads `AttestationsPaused`. */
export const attestationsPausedEvent = defineEvent<AttestationsPaused>(
  "compute",
  computeContractAbi,
  "AttestationsPaused",
  (args) => ({ pausedUntil: args["pausedUntil"] as UnixSeconds }),
);

/** Reads `PauseRearmed`: governance allows the guardian another pause. */
export const pauseRearmedEvent = defineEvent<Record<never, never>>(
  "compute",
  computeContractAbi,
  "PauseRearmed",
  () => ({}),
);
