import { requireHomeRouter, userShareWei } from "../access/index.js";
import { InvalidAccessInput, QuotaExceeded, YellowstoneError } from "../errors/index.js";
import {
  AccessUnknown,
  MatchUnknown,
  QueueFull,
  RfcDayOver,
  RfcReplayed,
  RfcUnmatched,
  RfcWindowInvalid,
} from "../errors/router.js";
import type { ArrivedRfc } from "../market/index.js";
import { hashMessage, requireLive, type Domain, type Match, type Rfc } from "../messages/index.js";
import type { Address, Hash32, UnixSeconds } from "../units/index.js";
import { bidKey, wakeBids } from "./bids.js";
import type { RouterObserver } from "./observer.js";
import type { Placement, Rejected, Unreported, Unserved, UnsignedMatch } from "./outcomes.js";
import type { RouterPolicy } from "./policy.js";
import type { Moment, OpenMatch, RouterState, WaitingRfc } from "./state.js";

/** Who a router is: what its transitions need beside state and time. */
export interface Identity {
  readonly router: Address;
  readonly routers: readonly Address[];
  readonly domain: Domain;
  readonly policy: RouterPolicy;
  /** Hears of every transition. */
  readonly observer?: RouterObserver;
}

/** Place a verified RFC: matched, waiting or rejected. Whoever waits already for the model comes first. */
export function admitRfc(
  state: RouterState,
  self: Identity,
  request: { readonly rfc: Rfc; readonly rfcHash: Hash32; readonly balanceWei: bigint },
  moment: Moment,
): Placement {
  const { rfc, rfcHash, balanceWei } = request;
  const { modelId, deadlineAt } = rfc;
  const waiting: WaitingRfc = { rfcHash, modelId, balanceWei, deadlineAt, rfc, day: moment.day, tried: new Set() };
  try {
    forgetNonces(state, moment);
    requireAdmissible(state, self, waiting, moment);
  } catch (reason) {
    return reject(state, rfcHash, reason);
  }
  state.nonces.set(nonceKey(rfc), deadlineAt);
  const placed = state.queue.sizeOf(modelId) > 0 ? undefined : place(state, self, waiting, moment);
  return placed ?? enqueue(state, self, waiting);
}

/** Give waiting RFCs, most MOR first, to free providers. RFCs past their deadline must have been taken out. */
export function matchWaiting(state: RouterState, self: Identity, moment: Moment): (UnsignedMatch | Rejected)[] {
  const placed: (UnsignedMatch | Rejected)[] = [];
  wakeBids(state, moment);
  for (const modelId of state.queue.models()) {
    const aside: ArrivedRfc<WaitingRfc>[] = [];
    for (let next = state.queue.take(modelId); next !== undefined; next = state.queue.take(modelId)) {
      const placement = place(state, self, next.rfc, moment);
      if (placement !== undefined) placed.push(placement);
      else aside.push(next);
      // Nobody is free; one who was left unanswered may only have run out of others to try.
      if (placement === undefined && next.rfc.tried.size === 0) break;
    }
    for (const waiting of aside) state.queue.putBack(waiting);
  }
  return placed;
}

/** Take out the RFCs whose deadline has passed. */
export function expireWaiting(state: RouterState, { at }: Moment): Unserved[] {
  return state.queue.expire(at).map(({ rfcHash }) => endUnserved(state, rfcHash));
}

/** Take out the matches whose report deadline has passed: the provider is free again, the reservation is kept. */
export function expireMatches(state: RouterState, { at }: Moment): Unreported[] {
  const ended: Unreported[] = [];
  for (let first = state.matches.peek(); first !== undefined && first.value.value.reportDeadlineAt < at;) {
    const { value, matchHash } = first.value;
    const { providerId, modelId, rfcHash } = value;
    state.matches.delete(matchHash);
    state.matchOf.delete(rfcHash);
    state.book.free(modelId, providerId);
    state.meter.keep(rfcHash);
    state.counts.unreported++;
    ended.push({ status: "unreported", rfcHash, matchHash, providerId });
    first = state.matches.peek();
  }
  return ended;
}

/**
 * Undo an open match: the provider is free, the reservation given back.
 * @throws MatchUnknown
 */
export function unmatch(state: RouterState, matchHash: Hash32): OpenMatch {
  const match = openMatch(state, matchHash);
  const { modelId, providerId, rfcHash } = match.value;
  state.matches.delete(matchHash);
  state.matchOf.delete(rfcHash);
  state.book.free(modelId, providerId);
  state.meter.correct(rfcHash, 0n);
  return match;
}

/** Find an open match. @throws MatchUnknown */
export function openMatch(state: RouterState, matchHash: Hash32): OpenMatch {
  const match = state.matches.get(matchHash);
  if (match === undefined) throw new MatchUnknown(matchHash);
  return match;
}

/** Find the open match of an RFC. @throws RfcUnmatched */
export function matchOfRfc(state: RouterState, rfcHash: Hash32): OpenMatch {
  const matchHash = state.matchOf.get(rfcHash);
  const match = matchHash && state.matches.get(matchHash);
  if (match === undefined) throw new RfcUnmatched(rfcHash);
  return match;
}

/** Place an RFC again whose provider did not answer: with the next bid, in the queue, or not at all. */
export function placeAgain(state: RouterState, self: Identity, match: OpenMatch, moment: Moment): Placement {
  const { waiting, value } = match;
  const again: WaitingRfc = { ...waiting, tried: new Set([...waiting.tried, value.providerId]) };
  if (again.deadlineAt < moment.at) return endUnserved(state, again.rfcHash);
  return place(state, self, again, moment) ?? enqueue(state, self, again);
}

/** Match an RFC with the lowest free bid, at the user's expense; undefined when nobody is free. */
function place(
  state: RouterState,
  self: Identity,
  waiting: WaitingRfc,
  moment: Moment,
): UnsignedMatch | Rejected | undefined {
  const { rfc, rfcHash, modelId } = waiting;
  wakeBids(state, moment);
  const standing = state.book.lowestFree(modelId, rfcHash, moment.at, waiting.tried);
  const bid = standing && state.bids.get(bidKey(modelId, standing.providerId));
  if (bid === undefined) return undefined;
  const { providerId, priceWei } = bid.value;
  try {
    if (waiting.day !== moment.day) throw new RfcDayOver(rfcHash, waiting.day, moment.day);
    const shareWei = shareOf(state, waiting, moment);
    const { user, tokenMax } = rfc;
    state.meter.reserve({ rfcHash, user, day: moment.day, shareWei, tokenMax, priceWei });
  } catch (reason) {
    return reject(state, rfcHash, reason);
  }
  state.book.take(modelId, providerId);
  const value: Match = {
    rfcHash,
    bidHash: bid.hash,
    queryKey: rfc.queryKey,
    providerId,
    modelId,
    tokenMax: rfc.tokenMax,
    priceWei,
    matchedAtMs: moment.atMs,
    reportDeadlineAt: (moment.at + self.policy.reportSeconds) as UnixSeconds,
    router: self.router,
  };
  const matchHash = hashMessage("Match", value, self.domain);
  state.matches.set(matchHash, { matchHash, value, waiting, bid: bid.signed });
  state.matchOf.set(rfcHash, matchHash);
  return { status: "matched", rfcHash, matchHash, value, bid: bid.signed };
}

function enqueue(state: RouterState, { policy }: Identity, waiting: WaitingRfc): Placement {
  if (state.queue.size >= policy.maxWaiting) {
    return reject(state, waiting.rfcHash, new QueueFull(state.queue.size));
  }
  state.queue.push(waiting);
  return { status: "queued", rfcHash: waiting.rfcHash };
}

/** Refuse what could not be matched whoever is free: at the lowest live price or above, the quota must hold it. */
function requireAdmissible(state: RouterState, self: Identity, waiting: WaitingRfc, moment: Moment): void {
  const { rfc, modelId } = waiting;
  const { policy } = self;
  requireLive("Rfc", rfc, moment.at);
  if (rfc.tokenMax === 0n) throw new InvalidAccessInput("tokenMax", rfc.tokenMax, "at least 1 T");
  if (state.nonces.has(nonceKey(rfc))) throw new RfcReplayed(rfc.user, rfc.nonce);
  const latestAt = rfc.issuedAtMs / 1_000n + policy.maxRfcSeconds;
  if (rfc.issuedAtMs > moment.atMs + policy.clockSkewMs || rfc.deadlineAt > latestAt) {
    throw new RfcWindowInvalid(rfc.issuedAtMs, rfc.deadlineAt, latestAt);
  }
  if (self.routers.length > 1) requireHomeRouter(self.router, rfc.user, moment.day, self.routers);
  const shareWei = shareOf(state, waiting, moment);
  wakeBids(state, moment);
  const wantedWei = rfc.tokenMax * (state.book.lowestLive(modelId, moment.at) ?? 0n);
  const usedWei = state.meter.usedWei(rfc.user, moment.day);
  if (usedWei + wantedWei > shareWei) throw new QuotaExceeded(rfc.user, moment.day, shareWei, usedWei, wantedWei);
}

function shareOf(state: RouterState, { balanceWei }: WaitingRfc, { day }: Moment): bigint {
  const access = state.access.get(day);
  if (access === undefined) throw new AccessUnknown(day);
  return userShareWei({ ...access, balanceWei });
}

/** Count a refusal. @throws what is not an error of this package: a defect, not a refusal. */
export function reject(state: RouterState, rfcHash: Hash32 | undefined, reason: unknown): Rejected {
  if (!(reason instanceof YellowstoneError)) throw reason;
  state.counts.rejected++;
  return { status: "rejected", rfcHash, reason: reason as YellowstoneError };
}

function endUnserved(state: RouterState, rfcHash: Hash32): Unserved {
  state.counts.unserved++;
  return { status: "unserved", rfcHash };
}

function nonceKey({ user, nonce }: Rfc): string {
  return `${user.toLowerCase()}:${nonce}`;
}

function forgetNonces(state: RouterState, { at }: Moment): void {
  for (let first = state.nonces.peek(); first !== undefined && first.value < at; first = state.nonces.peek()) {
    state.nonces.delete(first.key);
  }
}
