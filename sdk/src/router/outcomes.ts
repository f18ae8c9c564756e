import type { YellowstoneError } from "../errors/index.js";
import type { Bid, Match, Signed } from "../messages/index.js";
import type { GateOutcome } from "../quality/index.js";
import type { Hash32, ProviderId, Wei } from "../units/index.js";

/** The seven ends of an RFC: over all of them they sum to the RFCs (design.md section 11). */
export const OUTCOMES = ["served", "failed", "tooSlow", "empty", "unreported", "unserved", "rejected"] as const;
/** One of the seven ends of an RFC. */
export type Outcome = (typeof OUTCOMES)[number];

/** An RFC got a provider. The signed match goes to the user, with the bid that says where to send the query. */
export interface Matched {
  readonly status: "matched";
  readonly rfcHash: Hash32;
  readonly matchHash: Hash32;
  readonly match: Signed<"Match">;
  readonly bid: Signed<"Bid">;
}

/** An RFC waits for a free provider; `delay` is why its match could not be signed, where that is the reason. */
export interface Queued {
  readonly status: "queued";
  readonly rfcHash: Hash32;
  readonly delay?: YellowstoneError;
}

/** An RFC was refused. `rfcHash` is missing when its signature does not hold. */
export interface Rejected {
  readonly status: "rejected";
  readonly rfcHash: Hash32 | undefined;
  readonly reason: YellowstoneError;
}

/** An RFC found no provider before its deadline. */
export interface Unserved {
  readonly status: "unserved";
  readonly rfcHash: Hash32;
}

/** No report came before its deadline; the reservation is kept in full. */
export interface Unreported {
  readonly status: "unreported";
  readonly rfcHash: Hash32;
  readonly matchHash: Hash32;
  readonly providerId: ProviderId;
}

/** A report was judged. Only `served` is credited. */
export interface Judged {
  readonly status: GateOutcome;
  readonly rfcHash: Hash32;
  readonly matchHash: Hash32;
  readonly reportHash: Hash32;
  readonly providerId: ProviderId;
  readonly creditWei: Wei;
  /** Inference block that holds the report. */
  readonly height: bigint;
}

/** A match that is booked and not signed yet. */
export interface UnsignedMatch {
  readonly status: "matched";
  readonly rfcHash: Hash32;
  readonly matchHash: Hash32;
  readonly value: Match;
  readonly bid: Signed<"Bid">;
}

/** What the state machine says of an RFC that asks for a provider; the router signs the match of it. */
export type Placement = UnsignedMatch | Queued | Rejected | Unserved;

/** Bid of a provider as it was verified. */
export interface VerifiedBid {
  readonly signed: Signed<"Bid">;
  readonly value: Bid;
  readonly hash: Hash32;
}
