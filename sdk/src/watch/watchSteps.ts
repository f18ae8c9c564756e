import type { TimedMark } from "../actions/chainReader.js";
import type { FollowOptions } from "../actions/followEvents.js";
import type { Debit } from "../ledger/debits.js";
import type { EvidenceStore } from "../quorum/equivocation.js";
import type { Finding } from "../quorum/findings.js";
import type { ReviewSources } from "../quorum/opened.js";
import type { Proposal } from "../quorum/proposal.js";
import type { Transport } from "../quorum/transport.js";
import type { RouterPolicy } from "../router/index.js";
import type { Address, UMor, UnixSeconds } from "../units/index.js";
import type { Alarm } from "./alarms.js";
import type { WatchSnapshot } from "./watchSnapshot.js";

/** What a watcher is made of. Chain, domain and clock are the deployment's. */
export interface WatchOptions
  extends Omit<FollowOptions, "signal">, Pick<ReviewSources, "balanceWei" | "isOwner" | "reader"> {
  /** The policy that the routers publish. */
  readonly policy: RouterPolicy;
  /** Where routers publish their blocks. */
  readonly transport: Pick<Transport, "fetchBlocks">;
  /** What the routers published of an attestation's making; searched for when left out. */
  readonly proposalOf?: (seq: bigint) => Promise<Pick<Proposal, "through"> | undefined>;
  /** Debits that are known to be right; none when left out. */
  readonly approvesDebit?: (debit: Debit) => boolean;
  /** Lifetime credits the routers began with, exact in wei by provider; none when left out. */
  readonly attestedWei?: Iterable<readonly [bigint, bigint]>;
  /** Where evidence of equivocation is kept; in memory when left out. */
  readonly evidence?: EvidenceStore;
  /** Part of the day's room whose use is an alarm, in percent; 90 when left out. */
  readonly allowancePercent?: bigint;
  /** Where an earlier watcher stood. */
  readonly from?: WatchSnapshot;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
}

/** What a watcher says of an attestation. */
export interface WatchedAttestation {
  readonly seq: bigint;
  /** None when it holds. */
  readonly findings: readonly Finding[];
  /** Whether blocks could not be had: what is missing may still come, and it is verified again then. */
  readonly isOpen: boolean;
  readonly creditedUMor: UMor;
  readonly activeAt: UnixSeconds;
  /** Seconds in which a guardian can still veto it, by the newest block; 0 when it is active. */
  readonly secondsLeft: bigint;
  /** Routers that signed it; undefined when that cannot be read. */
  readonly signers: readonly Address[] | undefined;
  /** All of it in one line. */
  readonly line: string;
}

/** One step of a watch. */
export type WatchStep =
  | ({ readonly kind: "attestation" } & WatchedAttestation)
  | { readonly kind: "alarm"; readonly alarm: Alarm }
  /** The chain was reorganised: what was said of blocks above is void. */
  | { readonly kind: "steppedBack"; readonly blockNumber: number }
  /** Nothing is left to look at for now; `pending` can still be vetoed. */
  | { readonly kind: "caughtUp"; readonly end: TimedMark; readonly pending: readonly WatchedAttestation[] };
