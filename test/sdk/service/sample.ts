import type { Attestation } from "@yellowstone-compute/sdk/messages";
import type { Proposal } from "@yellowstone-compute/sdk/quorum";
import { ZERO_HASH, uMor, unixSeconds } from "@yellowstone-compute/sdk/units";

/** An attestation of one uMOR that fits no ledger: for what only carries it. */
export function attestationOf(seq = 1n): Attestation {
  return {
    seq,
    previousRoot: ZERO_HASH,
    newRoot: ZERO_HASH,
    credited: uMor(1n),
    debitsHash: ZERO_HASH,
    firstBlock: 1n,
    lastBlock: 2n,
    reportsRoot: ZERO_HASH,
    routerSet: ZERO_HASH,
    deadline: unixSeconds(10_000),
  };
}

/** A proposal of it that pays nothing. */
export function proposalOf(seq = 1n): Proposal {
  return { attestation: attestationOf(seq), through: [], paidCount: 0, debits: [] };
}
