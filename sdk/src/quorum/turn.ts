import type { RouterSet } from "../router/index.js";
import type { Address } from "../units/index.js";

/**
 * Whose turn it is to propose an attestation: the routers in the order of the set, one further with each seq, and with each
 * round in which the one before brought nothing about. A convention that keeps two routers from proposing at once; any
 * router's proposal is as good.
 *
 * @param round Whole `attestationSeconds` since the seq became free: a seq that was signed can be signed anew no earlier.
 */
export function proposerOf({ routers }: RouterSet, seq: bigint, round = 0n): Address | undefined {
  return routers[Number((seq + round) % BigInt(Math.max(routers.length, 1)))]?.account;
}
