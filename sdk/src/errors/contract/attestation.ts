import { contractError } from "./define.js";

const PROPOSE_ANEW = "Build the attestation again from the head of the chain and have it signed again.";

/** The attestation's deadline has passed. */
export class AttestationExpired extends contractError("AttestationExpired", {
  say: ({ deadline, timestamp }) => `attestation could be posted until ${deadline}, the chain is at ${timestamp}`,
  next: "Have the quorum sign the attestation again with a later deadline.",
  retry: "no",
}) {}

/** The attestation is not the next one. */
export class AttestationSeqInvalid extends contractError("AttestationSeqInvalid", {
  say: ({ seq, expected }) => `attestation ${seq} was posted, ${expected} is next`,
  next: "Check whether this attestation was posted already; otherwise build it again from the head of the chain.",
  retry: "no",
}) {}

/** The attestation continues another root than the head's. */
export class AttestationRootStale extends contractError("AttestationRootStale", {
  say: ({ previousRoot, headRoot }) => `attestation continues root ${previousRoot}, the head's is ${headRoot}`,
  next: "Rebuild the ledger from the chain's events, then build the attestation again.",
  retry: "no",
}) {}

/** The attestation leaves inference blocks out or closes blocks again. */
export class AttestationBlockGap extends contractError("AttestationBlockGap", {
  say: ({ firstBlock, expected }) => `attestation begins at block ${firstBlock}, block ${expected} is next`,
  next: PROPOSE_ANEW,
  retry: "no",
}) {}

/** The attestation ends before it begins. */
export class AttestationBlockOrder extends contractError("AttestationBlockOrder", {
  say: ({ firstBlock, lastBlock }) => `attestation closes blocks ${firstBlock} to ${lastBlock}`,
  next: "Close a range of blocks, or name firstBlock - 1 as the last one to close none.",
  retry: "no",
}) {}

/** The attestation closes a block that is not complete. */
export class AttestationBlockIncomplete extends contractError("AttestationBlockIncomplete", {
  say: ({ lastBlock, openBlock }) => `attestation closes block ${lastBlock}, but block ${openBlock} is still open`,
  next: "Post it when block lastBlock + 1 has begun on chain.",
  retry: "later",
}) {}

/** The signed hash of debits is not that of the debits that came along. */
export class AttestationDebitsMismatch extends contractError("AttestationDebitsMismatch", {
  say: ({ signed, computed }) => `attestation signs debits ${signed}, those sent along hash to ${computed}`,
  next: "Post the packed debits that the attestation was built with, or none if debitsHash is zero.",
  retry: "no",
}) {}

/** Attestations are paused by the guardian; the pause ends by itself. */
export class AttestationPaused extends contractError("AttestationPaused", {
  say: ({ pausedUntil }) => `attestations are paused until ${pausedUntil}`,
  next: "Post it when the pause is over; claims, debits and exits go on meanwhile.",
  retry: "later",
}) {}

/** The attestation neither credits nor debits anybody. */
export class AttestationEmpty extends contractError("AttestationEmpty", {
  say: "attestation neither credits nor debits anybody",
  next: "Wait until there is a credit or a debit to attest.",
  retry: "no",
}) {}

/** The signed new root is not what the deltas lead to. */
export class AttestationRootMismatch extends contractError("AttestationRootMismatch", {
  say: ({ signed, computed }) => `attestation signs root ${signed}, its deltas lead to ${computed}`,
  next: "Post the deltas that the attestation was built from.",
  retry: "no",
}) {}

/** The signed sum is not the sum of the deltas. */
export class AttestationSumMismatch extends contractError("AttestationSumMismatch", {
  say: ({ signedUMor, computedUMor }) => `attestation signs ${signedUMor} uMOR, its deltas sum to ${computedUMor} uMOR`,
  next: "Post the deltas that the attestation was built from.",
  retry: "no",
}) {}

/** No provider in the claim is due anything. */
export class ClaimNothingDue extends contractError("ClaimNothingDue", {
  say: ({ seq }) => `nobody in the claim is due anything at attestation ${seq}`,
  next: "Claim from a later attestation, once it is active.",
  retry: "later",
}) {}
