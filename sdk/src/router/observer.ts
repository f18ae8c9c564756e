import type { Match, Signed } from "../messages/index.js";
import type { Hash32, UnixMillis } from "../units/index.js";
import type { Judged } from "./outcomes.js";

/** Ends of a match without a report: `lapsed` is a match that the router's own signer did not sign. */
export type MatchEnd = "unanswered" | "unreported" | "lapsed";

/** What a router did, with the messages it did it by. */
export type RouterEvent =
  | { readonly kind: "bid"; readonly atMs: UnixMillis; readonly bid: Signed<"Bid"> }
  /** An RFC was admitted: matched or waiting. */
  | { readonly kind: "rfc"; readonly rfcHash: Hash32; readonly rfc: Signed<"Rfc"> }
  /** An admitted RFC ended without a match that is open: refused, or nobody served it. */
  | { readonly kind: "dropped"; readonly rfcHash: Hash32 }
  | { readonly kind: "match"; readonly atMs: UnixMillis; readonly matchHash: Hash32; readonly value: Match }
  /** The match is signed: some time after it was made. */
  | { readonly kind: "signed"; readonly matchHash: Hash32; readonly match: Signed<"Match"> }
  | {
      readonly kind: "report";
      readonly atMs: UnixMillis;
      readonly report: Signed<"InferenceReport">;
      readonly judged: Judged;
    }
  | { readonly kind: MatchEnd; readonly atMs: UnixMillis; readonly matchHash: Hash32 };

/**
 * Hears what a router does: within the transition, in the order of the transitions. It must neither throw nor wait.
 * `createEvidenceRecorder` is one.
 */
export type RouterObserver = (event: RouterEvent) => void;
