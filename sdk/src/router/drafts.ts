import { bytesToHex } from "../crypto/index.js";
import { DraftStale } from "../errors/attestation.js";
import { SeqAlreadySigned } from "../errors/quorum.js";
import { buildUpdate, fitAllowance, planUpdate, wordOf, type AttestationDraft } from "../ledger/index.js";
import { hashMessage, type Attestation } from "../messages/index.js";
import type { Hash32, UnixSeconds } from "../units/index.js";
import { UNBOUNDED_UMOR } from "./crediting.js";
import type { RouterInput } from "./inputs.js";
import type { Identity } from "./matching.js";
import type { Moment, RouterState } from "./state.js";

/** An attestation counts as expired only so many seconds after its deadline: clocks differ. */
const EXPIRY_MARGIN_SECONDS = 60n;

/** An attestation that was signed, or is about to be. */
export interface SignedSeq {
  readonly seq: bigint;
  /** EIP-712 digest. */
  readonly digest: Hash32;
  /** Last second in which it may be posted. */
  readonly deadline: UnixSeconds;
}

/** An attestation this router is bound to: what it was drafted from, enough to draft it again. */
export interface BoundDraft {
  readonly attestation: Attestation;
  /** It pays this many of the reports that wait, from the front. */
  readonly count: number;
  /** Packed debits. */
  readonly debits: Uint8Array;
}

/**
 * Bind the router to an attestation before it is signed: from now on no other one of this seq is, until it has expired or
 * an earlier one was vetoed, which leaves it without its previous root.
 * @throws SeqAlreadySigned, DraftStale
 */
export function bindDraft(
  state: RouterState,
  { domain }: Identity,
  { attestation, count, debits }: RouterInput<"draft">,
  { at }: Moment,
): void {
  const { seq, deadline } = attestation;
  if (seq <= state.acceptedThrough) throw new DraftStale(seq, "its seq was accepted already");
  const digest = hashMessage("Attestation", attestation, domain);
  const before = state.signedSeqs.get(seq);
  if (before !== undefined && before.digest !== digest && at <= before.deadline + EXPIRY_MARGIN_SECONDS) {
    throw new SeqAlreadySigned(seq, before.digest, digest, before.deadline, at);
  }
  state.signedSeqs.set(seq, { seq, digest, deadline });
  state.bound.set(seq, { attestation, count, debits });
}

/** Draft again what the router is bound to under a seq; undefined when there is nothing. @throws DraftStale */
export function redraft(state: RouterState, seq: bigint): AttestationDraft | undefined {
  const bound = state.bound.get(seq);
  if (bound === undefined) return undefined;
  const { attestation, count, debits } = bound;
  if (attestation.previousRoot !== bytesToHex(state.tree.root())) {
    throw new DraftStale(seq, "built on another root than the ledger's");
  }
  const fit = fitAllowance(state.earned.slice(0, count), UNBOUNDED_UMOR, state.attestedWei);
  const ranges = planUpdate(state.tree, new Set([...fit.deltas.keys()].map(wordOf)));
  const { deltas, witness, after, newRoot } = buildUpdate(state.tree, fit.deltas, { ranges });
  if (bytesToHex(newRoot) !== attestation.newRoot) throw new DraftStale(seq, "its reports no longer wait in front");
  return { attestation, deltas, witness, debits, after, paid: fit.earned, fit };
}
