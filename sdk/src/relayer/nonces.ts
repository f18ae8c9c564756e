import type { RelayState } from "./state.js";

/**
 * The nonce to sign next: the one above all that were signed, whatever a node counts. One that something else has used
 * meanwhile is refused, and freed when that is shown. An unused one below, in which nothing of ours is waiting, comes first once
 * it is a gap and not only a node that lags: `isOldGap` tells. Pure but for that.
 */
export function nonceOf(state: RelayState, count: number, isOldGap: (nonce: number) => boolean): number {
  const next = state.nextNonce ?? count;
  for (let nonce = count; nonce < next; nonce++) {
    if (!state.slots.has(nonce) && isOldGap(nonce)) return nonce;
  }
  return next;
}
