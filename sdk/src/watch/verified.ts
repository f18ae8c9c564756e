import { describeFinding } from "../quorum/findings.js";
import type { WatchedAttestation } from "./watchSteps.js";

/** What is known of an attestation whatever the time. */
export type Verified = Omit<WatchedAttestation, "secondsLeft" | "line">;

/** Say how long it can be vetoed, at a moment in Unix seconds, and all of it in one line. */
export function timedAt(at: bigint, verified: Verified): WatchedAttestation {
  const { seq, findings, activeAt } = verified;
  const secondsLeft = activeAt > at ? activeAt - at : 0n;
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  const verdict = first === undefined ? `attestation ${seq} holds` : `${describeFinding(first)}${more}`;
  return { ...verified, secondsLeft, line: `${verdict}; ${secondsLeft} seconds left` };
}

/** Its findings, one on each line. */
export function linesOf(verified: Verified | undefined): string {
  return (verified?.findings ?? []).map(describeFinding).join("\n");
}
