import { contractError } from "./define.js";

const REBUILD = "Rebuild the ledger from the chain's events and pack the ranges from it again.";
const DO_NOT_WRITE_BY_HAND = "Pack ranges with buildUpdate or buildClaim; do not write them by hand.";

/** No standing attestation has this seq. */
export class LedgerAttestationUnknown extends contractError("LedgerAttestationUnknown", {
  say: ({ seq }) => `no attestation ${seq} stands`,
  next: "Name an attestation that stands; readState names the active one and the head.",
  retry: "no",
}) {}

/** The attestation is not active yet. */
export class LedgerAttestationPending extends contractError("LedgerAttestationPending", {
  say: ({ seq, activeAt }) => `attestation ${seq} is pending until ${activeAt}`,
  next: "Claim again when it is active, or claim from an earlier attestation now.",
  retry: "later",
}) {}

/** The attestation is active: nobody can touch it any more. */
export class LedgerAttestationActive extends contractError("LedgerAttestationActive", {
  say: ({ seq, activeAt }) => `attestation ${seq} is active since ${activeAt}`,
  next: "Veto a later attestation that is still pending; take back by debits what this one credits wrongly.",
  retry: "no",
}) {}

/** 256 attestations already wait for their activation. */
export class LedgerTooManyPending extends contractError("LedgerTooManyPending", {
  say: ({ seq, waitingSeq, activeAt }) =>
    `attestation ${seq} has no place until ${waitingSeq} is active at ${activeAt}`,
  next: "Post it when the waiting attestation is active, and attest less often.",
  retry: "later",
}) {}

/** The activation delay of a deployment is 0 or above 30 days. */
export class LedgerActivationDelayInvalid extends contractError("LedgerActivationDelayInvalid", {
  say: ({ activationDelay }) => `activation delay of ${activationDelay} s`,
  next: "Deploy with an activation delay of 1 second to 30 days.",
  retry: "no",
}) {}

/** Packed ranges end before what they announce. */
export class LedgerPayloadTruncated extends contractError("LedgerPayloadTruncated", {
  say: ({ needed, available }) => `packed ranges need ${needed} more bytes, ${available} are left`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** Bytes are left behind the last range. */
export class LedgerTrailingBytes extends contractError("LedgerTrailingBytes", {
  say: ({ count }) => `${count} bytes stand behind the last range`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** A range does not begin at a multiple of its size. */
export class LedgerRangeMisaligned extends contractError("LedgerRangeMisaligned", {
  say: ({ firstWord, level }) => `range at word ${firstWord} is not aligned to level ${level}`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** A range lies outside the tree. */
export class LedgerRangeOutsideTree extends contractError("LedgerRangeOutsideTree", {
  say: ({ firstWord, level }) => `range at word ${firstWord}, level ${level} lies outside the tree`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** A range gives no word, more words than it has, or an odd number of them. */
export class LedgerRangeCount extends contractError("LedgerRangeCount", {
  say: ({ firstWord, level, count }) => `range at word ${firstWord}, level ${level} gives ${count} words`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** The lanes of a range are wider than the ledger allows. */
export class LedgerWidth extends contractError("LedgerWidth", {
  say: ({ firstWord, bits, maximum }) => `lanes of ${bits} bits at word ${firstWord}, at most ${maximum} are allowed`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** The unused bits in front of a single word are not zero. */
export class LedgerPaddingNotZero extends contractError("LedgerPaddingNotZero", {
  say: ({ firstWord }) => `padding of word ${firstWord} is not zero`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** The sibling mask names a level that the range itself covers, or one above the tree. */
export class LedgerSiblingMask extends contractError("LedgerSiblingMask", {
  say: ({ firstWord, level, mask }) => `sibling mask ${mask} of the range at word ${firstWord}, level ${level}`,
  next: DO_NOT_WRITE_BY_HAND,
  retry: "no",
}) {}

/** The words and siblings of a range do not lead to the root they are proved against. */
export class LedgerRootMismatch extends contractError("LedgerRootMismatch", {
  say: ({ firstWord, computed, expected }) =>
    `range at word ${firstWord} leads to root ${computed}, expected ${expected}`,
  next: REBUILD,
  retry: "no",
}) {}

/** A lane would leave the 62 bits it may hold. */
export class LedgerLaneOverflow extends contractError("LedgerLaneOverflow", {
  say: ({ firstWord }) => `a lane of the range at word ${firstWord} overflows`,
  next: "Credit at most 2^44 - 1 uMOR at once; a lane stays below 2^62 uMOR.",
  retry: "no",
}) {}

/** An update credits an id that is not registered; `endId` is one above the last one credited. */
export class LedgerProviderUnregistered extends contractError("LedgerProviderUnregistered", {
  say: ({ endId, providerCount }) => `providers below ${endId} are credited, ${providerCount} are registered`,
  next: "Register the provider first; credit only ids below the provider count.",
  retry: "no",
}) {}
