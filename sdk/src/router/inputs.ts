import type { Attestation, Signed } from "../messages/index.js";
import type { EarnedReport } from "../ledger/index.js";
import type { Hash32, Hex, UnixMillis, UnixSeconds } from "../units/index.js";
import type { UnsignedBlock } from "./crediting.js";
import type { Placement, Rejected, Judged, Unreported, Unserved, UnsignedMatch } from "./outcomes.js";
import type { AccessBudget } from "./policy.js";

/** Figures of the day, carried by the first input of the day that needs them. */
interface WithAccess {
  readonly access?: AccessBudget;
}

/** What each kind of input carries beside its moment: all that a transition depends on and the state does not hold. */
export interface InputFields {
  /** A bid whose signature and owner hold. */
  bid: { readonly signed: Signed<"Bid">; readonly hash: Hash32 };
  /** An RFC whose signature holds. */
  rfc: WithAccess & { readonly signed: Signed<"Rfc">; readonly hash: Hash32; readonly balanceWei: bigint };
  /** An RFC whose signature does not hold: it is counted, and nothing of it is kept. */
  refusedRfc: object;
  expire: object;
  pump: WithAccess;
  unanswered: WithAccess & { readonly matchHash: Hash32 };
  /** The router's own signer did not sign a match. */
  lapsed: { readonly matchHash: Hash32 };
  /** A report whose signature is the query key's of its match. */
  report: { readonly signed: Signed<"InferenceReport">; readonly hash: Hash32 };
  /** Complete blocks are written: from now on their content is fixed. */
  close: object;
  /** Signatures of the oldest written blocks, in their order. */
  blocksSigned: { readonly signatures: readonly Hex[] };
  /** An attestation is about to be signed: it pays the first `count` reports that wait. */
  draft: { readonly attestation: Attestation; readonly count: number; readonly debits: Uint8Array };
  accepted: { readonly seq: bigint; readonly previousRoot: Hash32; readonly newRoot: Hash32; readonly count: number };
  vetoed: { readonly seq: bigint };
  settled: { readonly seq: bigint };
  /** An attestation of several routers pays these reports of this one. */
  paid: { readonly reports: readonly Hash32[] };
  /** It was vetoed. */
  unpaid: { readonly reports: readonly EarnedReport[] };
  /** An attestation of another proposer is about to be signed. */
  coSigned: { readonly seq: bigint; readonly digest: Hash32; readonly deadline: UnixSeconds };
}

/** What each transition gives. */
export interface InputResults {
  bid: Hash32;
  rfc: Placement;
  refusedRfc: void;
  expire: (Unserved | Unreported)[];
  pump: (UnsignedMatch | Rejected | Unserved | Unreported)[];
  unanswered: Placement;
  lapsed: void;
  report: Judged;
  close: readonly UnsignedBlock[];
  blocksSigned: readonly UnsignedBlock[];
  draft: void;
  accepted: void;
  vetoed: void;
  settled: void;
  paid: void;
  unpaid: void;
  coSigned: void;
}

/** Name of a kind of input. */
export type InputKind = keyof InputFields;

/**
 * Verified input of one transition. `atMs` never goes back from one input to the next. A journal records these before
 * their transitions; making the transitions again, in the same order, gives the same state.
 */
export type RouterInput<K extends InputKind = InputKind> = {
  [P in K]: { readonly kind: P; readonly atMs: UnixMillis } & InputFields[P];
}[K];

/**
 * Makes inputs durable and then makes their transitions, one after the other in one order. An input that could not be made
 * durable changes nothing.
 */
export interface Committer {
  /** Commit an input, together with others that come at the same time. @throws the errors of its transition */
  commit<K extends InputKind>(input: RouterInput<K>): Promise<InputResults[K]>;
  /** Commit an input at once, and all that waits before it. @throws the errors of its transition */
  commitNow<K extends InputKind>(input: RouterInput<K>): InputResults[K];
}
