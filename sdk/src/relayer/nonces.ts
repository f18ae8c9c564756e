import type { RelayState } from "./state.js";

/**
 * The nonce to sign next: above all that were signed and all that are used. An unused one below them, in which nothing of ours
 * is waiting, comes first once it is a gap and not only a node that lags: `isOldGap` tells. Pure but for that.
 */
export function nonceOf(state: RelayState, count: number, isOldGap: (nonce: number) => boolean): number {
  const next = Math.max(state.nextNonce ?? count, count);
  for (let nonce = count; nonce < next; nonce++) {
    if (!state.slots.has(nonce) && isOldGap(nonce)) return nonce;
  }
  return next;
}
