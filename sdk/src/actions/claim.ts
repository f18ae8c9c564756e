import { hexlify } from "ethers";
import { claimedEvent, paymentFailedEvent, type Claimed, type PaymentFailed } from "../events/claimed.js";
import { buildClaim } from "../ledger/claim.js";
import type { LedgerTree } from "../ledger/tree.js";
import type { Hex, Wei } from "../units/brands.js";
import { defineWrite } from "./write.js";

/** Which attestation is claimed from, and the providers with their proofs. */
export interface ClaimArgs {
  /** An active attestation. */
  readonly seq: bigint;
  /** Packed claim ranges against its root. */
  readonly ranges: Uint8Array | Hex;
}

/** What a claim paid, and whom it could not pay. */
export interface ClaimOutcome extends Claimed {
  readonly failed: readonly PaymentFailed[];
}

/**
 * Claim what providers are due (design 7), one or many. Anyone may: each is paid at its own payout address. Returns the sum
 * in wei.
 *
 * @example
 * await claim.sendAndWait(d, claimFor(seq, tree, [4, 7]));
 * @throws LedgerAttestationPending, LedgerAttestationUnknown, ClaimNothingDue, LedgerRootMismatch
 */
export const claim = defineWrite<ClaimArgs, Wei, ClaimOutcome>({
  verb: "claim",
  contract: "compute",
  method: "claim",
  params: (_, { seq, ranges }) => [seq, hexlify(ranges)],
  returned: (result) => result[0] as Wei,
  outcome: (d, receipt) => ({
    ...claimedEvent.first(receipt, d.addresses.compute),
    failed: paymentFailedEvent.all(receipt, d.addresses.compute),
  }),
});

/** Arguments of the claim of `ids` from attestation `seq`; `tree` is the ledger as it stood after it. Pure. */
export function claimFor(seq: bigint, tree: LedgerTree, ids: Iterable<number>): ClaimArgs {
  return { seq, ranges: buildClaim(tree, ids) };
}
