import type { ReviewRules } from "./rules.js";
import { drawOf, heightAt } from "./rules.js";
import { workKey, type BidPair, type KnownBid, type Replica } from "./replica.js";

/** The request a bid is looked for, at a moment in Unix milliseconds. */
export interface BidQuestion {
  readonly modelId: string;
  readonly rfcHash: string;
  readonly atMs: bigint;
  readonly tried: readonly bigint[];
  /** Jobs each provider of the model works on: `jobsOf`. */
  readonly jobs: ReadonlyMap<bigint, number>;
}

/** Count the open matches of each provider of a model. */
export function jobsOf(replica: Replica, modelId: string): Map<bigint, number> {
  const jobs = new Map<bigint, number>();
  for (const { match } of replica.open.values()) {
    if (match.modelId === modelId) jobs.set(match.providerId, (jobs.get(match.providerId) ?? 0) + 1);
  }
  return jobs;
}

/** Take a bid into a replica's book. @returns why it cannot be taken */
export function takeBid(replica: Replica, known: KnownBid, atMs: bigint): string | undefined {
  const { bid } = known;
  const at = atMs / 1_000n;
  wake(replica, bid.modelId, at);
  const pair = replica.bids.get(bid.modelId)?.get(bid.providerId) ?? { standing: undefined, ahead: undefined };
  if (bid.unit !== 0) return `unit ${bid.unit} is not priced`;
  if (bid.priceWei === 0n) return "the price is 0";
  if (bid.expiresAt < at || bid.expiresAt < bid.validFromAt) return `it expired at ${bid.expiresAt}`;
  const isAhead = bid.validFromAt > at;
  for (const other of [pair.standing, isAhead ? pair.ahead : undefined]) {
    if (other !== undefined && other.bid.sequence >= bid.sequence) return `sequence ${bid.sequence} is not newer`;
  }
  setPair(replica, bid.modelId, bid.providerId, isAhead ? { ...pair, ahead: known } : { ...pair, standing: known });
  return undefined;
}

/** The bid that must be chosen: of all that may be, the lowest price, then the smallest draw. */
export function lowestBid(replica: Replica, question: BidQuestion, rules: ReviewRules): KnownBid | undefined {
  wake(replica, question.modelId, question.atMs / 1_000n);
  let lowest: KnownBid[] = [];
  for (const known of candidates(replica, question, rules)) {
    const difference = known.bid.priceWei - (lowest[0]?.bid.priceWei ?? known.bid.priceWei);
    if (difference > 0n || whyPassedOver(replica, known, question, rules) !== undefined) continue;
    if (difference < 0n) lowest = [];
    lowest.push(known);
  }
  if (lowest.length <= 1) return lowest[0];
  const drawn = lowest.map((known) => ({ known, draw: drawOf(question.rfcHash, known.bid.providerId) }));
  return drawn.reduce((first, one) => (one.draw < first.draw ? one : first)).known;
}

/** Why a bid may not be chosen for a request; undefined when it may. */
export function whyPassedOver(
  replica: Replica,
  { bid }: KnownBid,
  { rfcHash, modelId, atMs, tried, jobs }: BidQuestion,
  rules: ReviewRules,
): string | undefined {
  const at = atMs / 1_000n;
  const { priceRange } = rules.policy;
  if (at < bid.validFromAt || at > bid.expiresAt) return "it is not valid at the moment";
  const least = priceRange?.minWei ?? 1n;
  if (bid.priceWei < least || bid.priceWei > (priceRange?.maxWei ?? bid.priceWei)) return "its price is out of range";
  const standing = replica.standings.get(workKey(modelId, bid.providerId));
  if (standing !== undefined && heightAt(rules, atMs) < standing.passedOverUntil) {
    return `its provider is passed over until block ${standing.passedOverUntil}`;
  }
  if (tried.includes(bid.providerId)) return `its provider left RFC ${rfcHash} unanswered`;
  const busy = jobs.get(bid.providerId) ?? 0;
  return busy >= bid.capacity ? `its provider works on ${busy} jobs already` : undefined;
}

/** Bids the router published, and those of the co-signer's own that are newer. */
function* candidates(replica: Replica, { modelId, atMs }: BidQuestion, rules: ReviewRules): Iterable<KnownBid> {
  const published = replica.bids.get(modelId) ?? new Map<bigint, BidPair>();
  for (const { standing } of published.values()) if (standing !== undefined) yield standing;
  for (const own of rules.ownBids?.(modelId, atMs) ?? []) {
    const pair = published.get(own.bid.providerId);
    const newest = [pair?.standing, pair?.ahead].reduce((most, one) => {
      return one !== undefined && one.bid.sequence > most ? one.bid.sequence : most;
    }, -1n);
    if (own.bid.sequence > newest) yield own;
  }
}

/** Let the bids of a model stand that have become valid; one that was overtaken or is over is dropped. */
function wake(replica: Replica, modelId: string, at: bigint): void {
  for (const [providerId, { standing, ahead }] of replica.bids.get(modelId) ?? []) {
    if (ahead === undefined || ahead.bid.validFromAt > at) continue;
    const overtaken = standing !== undefined && standing.bid.sequence >= ahead.bid.sequence;
    const isOver = overtaken || ahead.bid.expiresAt < at;
    setPair(replica, modelId, providerId, { standing: isOver ? standing : ahead, ahead: undefined });
  }
}

function setPair(replica: Replica, modelId: string, providerId: bigint, pair: BidPair): void {
  const pairs = replica.bids.get(modelId) ?? new Map<bigint, BidPair>();
  replica.bids.set(modelId, pairs.set(providerId, pair));
}
