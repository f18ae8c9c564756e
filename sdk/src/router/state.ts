import { createMeter, type Meter } from "../access/index.js";
import { LedgerTree, type Deltas, type EarnedReport, type ReportEntry } from "../ledger/index.js";
import {
  createBidBook,
  createFailureRecord,
  createIndexedHeap,
  createRfcQueue,
  type BidBook,
  type FailureRecord,
  type IndexedHeap,
  type QueuedRfc,
  type RfcQueue,
} from "../market/index.js";
import type { Match, Rfc, Signed } from "../messages/index.js";
import type { QualityGate } from "../quality/index.js";
import {
  WEI_PER_UMOR,
  ZERO_HASH,
  blockAt,
  dayAt,
  uint,
  type Hash32,
  type ModelId,
  type ProviderId,
  type UnixMillis,
  type UnixSeconds,
  type Wei,
} from "../units/index.js";
import { OUTCOMES, type Outcome, type VerifiedBid } from "./outcomes.js";
import type { UnsignedBlock } from "./crediting.js";
import type { BoundDraft, SignedSeq } from "./drafts.js";
import type { AccessBudget, RouterPolicy } from "./policy.js";

/** A moment in every unit the router counts in. */
export interface Moment {
  readonly atMs: UnixMillis;
  readonly at: UnixSeconds;
  readonly height: bigint;
  readonly day: bigint;
}

/** An RFC whose signature holds, on its way to a provider. */
export interface WaitingRfc extends QueuedRfc {
  readonly rfcHash: Hash32;
  readonly modelId: ModelId;
  readonly rfc: Rfc;
  /** Block-day of `balanceWei` and of the home router: the RFC is matched on it or not at all. */
  readonly day: bigint;
  /** Providers that did not answer it. */
  readonly tried: ReadonlySet<ProviderId>;
}

/** A match that waits for its report. */
export interface OpenMatch {
  readonly matchHash: Hash32;
  readonly value: Match;
  readonly waiting: WaitingRfc;
  /** The bid it was made with: it says where the query goes. */
  readonly bid: Signed<"Bid">;
}

/** What has to be kept of an accepted attestation while it can be vetoed. */
export interface Accepted {
  readonly seq: bigint;
  readonly previousRoot: Hash32;
  readonly deltas: Deltas;
  readonly paid: readonly EarnedReport[];
}

/**
 * All a router knows. Every change is one synchronous transition of `apply.ts`, given verified input and a moment: a
 * journal records these inputs before the transition, and replaying them gives the same state.
 */
export interface RouterState {
  readonly emissionStart: bigint;
  readonly book: BidBook;
  /** Verified bids by model and provider, as they stand in the book. */
  readonly bids: Map<string, VerifiedBid>;
  /** Bids that are not valid yet, by the same key. */
  readonly bidsAhead: IndexedHeap<string, VerifiedBid>;
  readonly queue: RfcQueue<WaitingRfc>;
  readonly meter: Meter;
  readonly failures: FailureRecord;
  readonly gates: Map<ModelId, QualityGate>;
  /** Open matches by hash, the earliest report deadline first. */
  readonly matches: IndexedHeap<Hash32, OpenMatch>;
  /** Hash of the open match of an RFC. */
  readonly matchOf: Map<Hash32, Hash32>;
  /** Used nonces until the deadline of their RFC. */
  readonly nonces: IndexedHeap<string, bigint>;
  /** Reports judged since the last closed block, by height. */
  readonly open: Map<bigint, ReportEntry[]>;
  /** Blocks that are written and not signed yet, oldest first. */
  readonly written: UnsignedBlock[];
  /** Budget and supply of each day, as they were told first. */
  readonly access: Map<bigint, AccessBudget>;
  /** Credited reports in closed blocks that no accepted attestation pays, oldest first. */
  earned: EarnedReport[];
  /** Lifetime credits, judged and attested, exact in wei. */
  readonly judgedWei: Map<ProviderId, Wei>;
  readonly attestedWei: Map<ProviderId, Wei>;
  /** Accepted attestations that a veto may still drop, oldest first: as many as can be pending. */
  accepted: Accepted[];
  /** Attestations this router has signed, or is about to, that are not accepted yet. */
  readonly bound: Map<bigint, BoundDraft>;
  /** What was signed under each seq, of this proposer or another, until it is settled. */
  readonly signedSeqs: Map<bigint, SignedSeq>;
  /** Highest seq that was accepted: 0 before the first. */
  acceptedThrough: bigint;
  /** The ledger at the last accepted attestation. */
  tree: LedgerTree;
  /** The last block of this router, and the height through which blocks are closed: -1 before the first. */
  lastBlockHash: Hash32;
  closedThrough: bigint;
  latestMs: bigint;
  readonly counts: Record<Outcome, number>;
}

/** Make the state of a router that has seen nothing, over a ledger; empty when left out. Times count from `emissionStart`. */
export function createRouterState(
  policy: RouterPolicy,
  emissionStart: bigint,
  tree: LedgerTree = LedgerTree.empty(),
): RouterState {
  const attestedWei = new Map<ProviderId, Wei>();
  for (let id = 0; id < tree.wordCount * 4; id++) {
    const lane = tree.lane(id);
    if (lane > 0n) attestedWei.set(BigInt(id) as ProviderId, (lane * WEI_PER_UMOR) as Wei);
  }
  return {
    emissionStart,
    book: createBidBook(policy.priceRange === undefined ? {} : { range: policy.priceRange }),
    bids: new Map(),
    bidsAhead: createIndexedHeap((a, b) => order(a.value.validFromAt, b.value.validFromAt)),
    queue: createRfcQueue(),
    meter: createMeter(),
    failures: createFailureRecord(policy.failures),
    gates: new Map(),
    matches: createIndexedHeap((a, b) => order(a.value.reportDeadlineAt, b.value.reportDeadlineAt)),
    matchOf: new Map(),
    nonces: createIndexedHeap(order),
    open: new Map(),
    written: [],
    access: new Map(),
    earned: [],
    accepted: [],
    bound: new Map(),
    signedSeqs: new Map(),
    acceptedThrough: 0n,
    judgedWei: new Map(attestedWei),
    attestedWei,
    tree: tree.clone(),
    lastBlockHash: ZERO_HASH,
    closedThrough: -1n,
    latestMs: 0n,
    counts: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
  };
}

/**
 * Take a moment in Unix milliseconds. Time does not go back: an input that was overtaken while its signature was being
 * checked counts as of the latest moment seen, so a closed block stays closed.
 * @throws BeforeStart
 */
export function momentOf(state: RouterState, atMs: bigint): Moment {
  const moment = momentAt(atMs > state.latestMs ? atMs : state.latestMs, state.emissionStart);
  state.latestMs = moment.atMs;
  return moment;
}

/** Give a moment in Unix milliseconds in every unit. @throws BeforeStart, InvalidField */
export function momentAt(atMs: bigint, emissionStart: bigint): Moment {
  const stamp = uint(atMs, 64, "atMs") as UnixMillis;
  const at = (stamp / 1_000n) as UnixSeconds;
  return { atMs: stamp, at, height: blockAt(at, emissionStart), day: dayAt(at, emissionStart) };
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
