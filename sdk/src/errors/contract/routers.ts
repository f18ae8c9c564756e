import { contractError } from "./define.js";

const ASK_ROUTER = "Ask this router to sign the message again, or collect another router's signature.";
const PACK_AGAIN = "Pack the quorum again from the router set in force and its signatures.";
const MEND_SET = "Correct the router set and propose it again.";

/** The message was signed for another set than the one in force. */
export class RouterSetStale extends contractError("RouterSetStale", {
  say: ({ signed, inForce }) => `message names router set ${signed}, in force is ${inForce}`,
  next: "Read the router set from the chain and have its quorum sign a new message.",
  retry: "no",
}) {}

/** The set that came with the signatures is not the one in force. */
export class RouterSetUnknown extends contractError("RouterSetUnknown", {
  say: ({ given, inForce }) => `quorum brings router set ${given}, in force is ${inForce}`,
  next: PACK_AGAIN,
  retry: "no",
}) {}

/** Fewer signatures than the threshold. */
export class RouterQuorumMissing extends contractError("RouterQuorumMissing", {
  say: ({ given, threshold }) => `${given} routers signed, ${threshold} are needed`,
  next: "Collect more signatures, then post again.",
  retry: "later",
}) {}

/** The signer mask names a place that the set does not have. */
export class RouterSignersUnknown extends contractError("RouterSignersUnknown", {
  say: ({ signers, count }) => `signer mask ${signers} names a place above the ${count} routers`,
  next: PACK_AGAIN,
  retry: "no",
}) {}

/** The quorum ends too early, or goes on behind its last signature. */
export class RouterQuorumLength extends contractError("RouterQuorumLength", {
  say: ({ expected, actual }) => `quorum of ${actual} bytes, expected ${expected}`,
  next: PACK_AGAIN,
  retry: "no",
}) {}

/** An ECDSA signature is not 65 bytes long. */
export class RouterSignatureLength extends contractError("RouterSignatureLength", {
  say: ({ router, length }) => `signature of router ${router} has ${length} bytes, expected 65`,
  next: ASK_ROUTER,
  retry: "no",
}) {}

/** An ECDSA signature has its s in the upper half of the curve's order. */
export class RouterSignatureMalleable extends contractError("RouterSignatureMalleable", {
  say: ({ router }) => `signature of router ${router} has s above half the curve order`,
  next: ASK_ROUTER,
  retry: "no",
}) {}

/** A signature is not the router's own over this message. */
export class RouterSignatureInvalid extends contractError("RouterSignatureInvalid", {
  say: ({ router }) => `signature is not router ${router}'s own over this message`,
  next: ASK_ROUTER,
  retry: "no",
}) {}

/** A set is empty or larger than 32. */
export class RouterCountInvalid extends contractError("RouterCountInvalid", {
  say: ({ count, maximum }) => `set of ${count} routers, allowed are 1 to ${maximum}`,
  next: MEND_SET,
  retry: "no",
}) {}

/** A threshold is not above half of the set, or above the set. */
export class RouterThresholdInvalid extends contractError("RouterThresholdInvalid", {
  say: ({ threshold, count }) => `threshold ${threshold} of ${count} routers`,
  next: "Choose a threshold above half of the routers and not above their number.",
  retry: "no",
}) {}

/** Routers are not in strictly ascending order of non-zero addresses. */
export class RouterOrderInvalid extends contractError("RouterOrderInvalid", {
  say: ({ index, account }) => `router ${index}, ${account}, is zero, repeated or out of order`,
  next: "List each router once, in ascending order of addresses.",
  retry: "no",
}) {}

/** A router registered as a contract has no code. */
export class RouterWithoutCode extends contractError("RouterWithoutCode", {
  say: ({ account }) => `router ${account} is listed as a contract and has no code`,
  next: "Deploy the router's contract first, or list the router as a key.",
  retry: "no",
}) {}

/** An address is no router in force. */
export class RouterUnknown extends contractError("RouterUnknown", {
  say: ({ account }) => `${account} is no router of the set`,
  next: "Check the key and the router set; a set that changed must be read again.",
  retry: "no",
}) {}

/** Without this router fewer than the threshold would remain. */
export class RouterRemovalBlocked extends contractError("RouterRemovalBlocked", {
  say: ({ account, remaining, threshold }) =>
    `without ${account} ${remaining} routers remain, fewer than the threshold of ${threshold}`,
  next: "Have governance replace the set, or lower the threshold first.",
  retry: "no",
}) {}
