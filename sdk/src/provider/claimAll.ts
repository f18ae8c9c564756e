import { claim, type ClaimOutcome } from "../actions/claim.js";
import type { SendOptions } from "../actions/send.js";
import type { WaitOptions } from "../actions/wait.js";
import type { Mined } from "../actions/write.js";
import type { Deployment } from "../deployment/deployment.js";
import type { YellowstoneError } from "../errors/base.js";
import { ClaimNothingDue } from "../errors/contract/attestation.js";
import { decodeError } from "../errors/decode.js";
import type { ClaimPlan, PlannedClaim } from "./planClaims.js";

/** What became of one transaction of a plan. */
export type ClaimResult =
  | ({ readonly status: "claimed"; readonly call: PlannedClaim } & Mined<ClaimOutcome>)
  /** Nothing is due any more: somebody else has claimed it, to the same payout addresses. */
  | { readonly status: "alreadyClaimed"; readonly call: PlannedClaim }
  | { readonly status: "failed"; readonly call: PlannedClaim; readonly error: YellowstoneError };

/**
 * Send a plan's transactions, one after the other, and say what became of each. One that fails does not hold the others back;
 * after a failure that concerns the sender's key or node the rest is left alone. For retries, replacement of fees and restarts
 * use a relayer.
 *
 * @example
 * for (const { status, call } of await claimAll(d, plan)) console.log(call.ids, status);
 */
export async function claimAll(
  d: Deployment,
  { calls }: Pick<ClaimPlan, "calls">,
  options: SendOptions & WaitOptions & { readonly signal?: AbortSignal } = {},
): Promise<ClaimResult[]> {
  const { signal, ...sending } = options;
  const results: ClaimResult[] = [];
  for (const call of calls) {
    if (signal?.aborted === true) break;
    const result = await send(d, call, sending);
    results.push(result);
    if (result.status === "failed" && result.error.code === "ChainRequestFailed") break;
  }
  return results;
}

async function send(d: Deployment, call: PlannedClaim, options: SendOptions & WaitOptions): Promise<ClaimResult> {
  try {
    return { status: "claimed", call, ...(await claim.sendAndWait(d, call.args, options)) };
  } catch (cause) {
    const error = decodeError(cause);
    // A race that was lost after the simulation is mined as a failure, with the reason behind it.
    const isDone = [error, error.cause].some((one) => one instanceof ClaimNothingDue);
    return isDone ? { status: "alreadyClaimed", call } : { status: "failed", call, error };
  }
}
