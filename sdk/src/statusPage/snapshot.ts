import type { TimedMark } from "../actions/chainReader.js";
import type { ComputeState } from "../actions/readState.js";
import type { SeasonPhase } from "../bootstrap/clock.js";
import type { LedgerAccount } from "../provider/history.js";
import type { Retry } from "../errors/base.js";
import type { Address, ProviderId, UMor, UnixSeconds, Wei } from "../units/brands.js";

/** The pool at a moment, as a point of a curve. Points of the past count arrivals from when they were booked. */
export interface PoolPoint {
  readonly blockNumber: number;
  readonly at: UnixSeconds;
  /** Free pool. */
  readonly unusedWei: Wei;
  readonly owedWei: Wei;
  readonly bootstrapWei: Wei;
  /** The day's room, and what is left of it. */
  readonly budgetWei: Wei;
  readonly allowanceWei: Wei;
}

/** Where an attestation stands (SPEC S3). */
export type AttestationStanding = "pending" | "active" | "vetoed";

/** An attestation as the page shows it. */
export interface AttestationRow {
  readonly seq: bigint;
  readonly standing: AttestationStanding;
  readonly creditedUMor: UMor;
  /** Debits that travel with it. */
  readonly debitsUMor: UMor;
  /** Providers it credits. */
  readonly providers: number;
  /** Inference blocks it closes; none when the last lies before the first. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly postedAt: UnixSeconds;
  /** End of the veto window. */
  readonly activeAt: UnixSeconds;
}

/** A provider's figures, with what it says of itself: unchecked text that anyone may have written. */
export interface ProviderRow extends LedgerAccount {
  readonly uri: string;
}

/** A provider in a season. */
export interface RankRow {
  readonly id: ProviderId;
  readonly weightUMor: UMor;
  /** What it would get, or got, of the pool. */
  readonly shareUMor: UMor;
  /** Whether it is in the list on chain. */
  readonly entered: boolean;
  /** Whether its award is paid. */
  readonly awarded: boolean;
}

/** A season with its ranking, best first (SPEC S13). */
export interface SeasonRow {
  readonly season: bigint;
  readonly phase: SeasonPhase | "closed";
  readonly startAt: UnixSeconds;
  readonly endAt: UnixSeconds;
  readonly entryEndAt: UnixSeconds;
  /** Pool of a closed season; before that, what it would be at the least if it were closed now. */
  readonly poolUMor: UMor;
  /** Providers with a weight. */
  readonly competing: number;
  /** The best hundred of those with a weight; of a closed season its list. */
  readonly ranks: readonly RankRow[];
}

/** One thing that happened on chain, in a sentence. */
export interface NewsItem {
  readonly blockNumber: number;
  readonly text: string;
}

/** Why the figures are not those of the newest block. */
export interface Trouble {
  readonly code: string;
  /** What the failure says, without URLs: a node's may hold its access token. */
  readonly reason: string;
  readonly next: string;
  readonly retry: Retry;
}

/** A pause of attestations. */
export interface PauseState {
  /** Undefined when none is on. */
  readonly until: UnixSeconds | undefined;
  /** Whether the guardian may pause. */
  readonly armed: boolean;
}

/** Sums over all providers. Amounts in uMOR. */
export interface ProviderTotals {
  readonly count: number;
  readonly creditedUMor: UMor;
  readonly pendingUMor: UMor;
  readonly claimableUMor: UMor;
  readonly paidUMor: UMor;
  readonly awardedUMor: UMor;
  readonly debtUMor: UMor;
}

/** All that the page shows, at one block. Plain data. */
export interface StatusSnapshot {
  readonly chainId: bigint;
  readonly compute: Address;
  readonly emissionStart: UnixSeconds;
  readonly block: TimedMark;
  /** When it was read, in Unix milliseconds of this machine. */
  readonly readAtMs: number;
  readonly state: ComputeState;
  readonly pause: PauseState;
  /** Oldest first. */
  readonly points: readonly PoolPoint[];
  /** Newest first: all that are pending, and some of those before. */
  readonly attestations: readonly AttestationRow[];
  /** By credits, most first. */
  readonly providers: readonly ProviderRow[];
  readonly totals: ProviderTotals;
  /** The season that runs, then the one before it; empty without a bootstrap pool. */
  readonly seasons: readonly SeasonRow[];
  /** Newest first. */
  readonly news: readonly NewsItem[];
  readonly trouble: Trouble | undefined;
}

/** Where a page has its figures from. */
export interface StatusSource {
  /** The newest figures; undefined while there are none. */
  current(): StatusSnapshot | undefined;
  /** Why there are none, or none that are newer. */
  trouble(): Trouble | undefined;
  /** Hear of newer ones. @returns stop hearing */
  subscribe(hear: (snapshot: StatusSnapshot) => void): () => void;
}
