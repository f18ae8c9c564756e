import type { Bid, Match } from "../messages/index.js";
import { ZERO_HASH, type Address, type Hash32 } from "../units/index.js";

/** A bid in a replica's book. */
export interface KnownBid {
  readonly bid: Bid;
  readonly bidHash: Hash32;
}

/** The bids of a provider for a model: the one that stands, and one that is not valid yet. */
export interface BidPair {
  readonly standing: KnownBid | undefined;
  readonly ahead: KnownBid | undefined;
}

/** A match that has not ended. */
export interface OpenJob {
  readonly match: Match;
  readonly isSigned: boolean;
  readonly user: string;
  readonly usageKey: string;
  readonly requestKey: string;
  readonly reservedWei: bigint;
}

/** An RFC that was matched at least once. */
export interface Request {
  readonly rfcHash: Hash32;
  readonly deadlineAt: bigint;
  /** `free`: its match ended without an answer, it may be matched again. */
  readonly state: "matched" | "free" | "done";
  readonly tried: readonly bigint[];
}

/** A sample of the quality gate. */
export interface GateSample {
  readonly nsPerT: bigint;
  readonly user: string;
}

/** How a provider does with a model. */
export interface ProviderStanding {
  readonly recent: readonly boolean[];
  readonly strikes: number;
  readonly passedOverUntil: bigint;
}

/**
 * Another router as its published steps show it: plain maps of values that are replaced, never changed, so that a copy
 * is cheap. It shares no code with the router's own state, so that a fault of one shows in the other. A lowest bid is
 * found by looking at every bid of the model.
 */
export interface Replica {
  readonly router: Address;
  /** The last block that held, and its height: -1 before the first. */
  lastHash: Hash32;
  lastHeight: bigint;
  latestMs: bigint;
  /** By model, then by provider. */
  readonly bids: Map<string, Map<bigint, BidPair>>;
  readonly open: Map<Hash32, OpenJob>;
  /** By user and nonce. */
  readonly requests: Map<string, Request>;
  /** Wei charged or held, by day and user. */
  readonly usedWei: Map<string, bigint>;
  /** By model, oldest first. */
  readonly samples: Map<string, readonly GateSample[]>;
  /** By model and provider. */
  readonly standings: Map<string, ProviderStanding>;
}

/** Make the replica of a router that has done nothing. */
export function createReplica(router: Address): Replica {
  return {
    router,
    lastHash: ZERO_HASH,
    lastHeight: -1n,
    latestMs: 0n,
    bids: new Map(),
    open: new Map(),
    requests: new Map(),
    usedWei: new Map(),
    samples: new Map(),
    standings: new Map(),
  };
}

/** Copy a replica, so that a block that does not hold leaves it as it was. */
export function copyReplica(replica: Replica): Replica {
  const { bids, open, requests, usedWei, samples, standings } = replica;
  return {
    ...replica,
    bids: new Map([...bids].map(([modelId, pairs]) => [modelId, new Map(pairs)])),
    open: new Map(open),
    requests: new Map(requests),
    usedWei: new Map(usedWei),
    samples: new Map(samples),
    standings: new Map(standings),
  };
}

/** Key of a provider's work for a model. */
export function workKey(modelId: string, providerId: bigint): string {
  return `${modelId} ${providerId}`;
}
