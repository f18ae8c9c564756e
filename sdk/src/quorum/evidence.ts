import type { Match, Signed } from "../messages/index.js";
import type { Hash32, UnixMillis, Wei } from "../units/index.js";

/**
 * What a router publishes with a block, so that others can do its work again (design.md section 13). A block signs for
 * its reports alone. Which bid was lowest, what a user had left and who was passed over follows from everything the
 * router did before, so the evidence is all of it, step by step. Moments are the router's own, in Unix milliseconds.
 *
 * What no evidence shows: that a provider left a query unanswered, that the router's signer failed (`lapsed`), and in
 * which order RFCs arrived. A router that lies about the first two can pass a bid over: reviews count these steps.
 */
export type Step =
  /** A bid was taken; from `validFromAt` on it can be chosen. */
  | { readonly kind: "bid"; readonly atMs: UnixMillis; readonly bid: Signed<"Bid"> }
  /** A match was made. Without a signature it must lapse. */
  | { readonly kind: "match"; readonly atMs: UnixMillis; readonly rfc: Signed<"Rfc">; readonly match: MatchEvidence }
  /** A report was judged: the router says which credit it gave. */
  | {
      readonly kind: "report";
      readonly atMs: UnixMillis;
      readonly report: Signed<"InferenceReport">;
      readonly creditWei: Wei;
    }
  /** A match ended without a report. */
  | { readonly kind: "unanswered" | "unreported" | "lapsed"; readonly atMs: UnixMillis; readonly matchHash: Hash32 };

/** A match and its router's signature; `lapsed` is one that was booked and never signed. */
export type MatchEvidence = Signed<"Match"> | { readonly lapsed: true; readonly value: Match };

/** A signed block and every step of its router since the block before, in order. */
export interface BlockEvidence {
  readonly block: Signed<"InferenceBlock">;
  readonly steps: readonly Step[];
}

/** Most steps of one block that are taken from another router: 12 seconds at 80,000 messages a second. */
export const MAX_STEPS = 1_000_000;
