import { BidExpired, BidPriceNotPositive, StaleBid } from "../errors/market.js";
import { BidUnitUnpriced } from "../errors/router.js";
import { ledgerId } from "../ledger/index.js";
import { BidUnit, type Bid } from "../messages/index.js";
import type { VerifiedBid } from "./outcomes.js";
import type { Moment, RouterState } from "./state.js";

/** Key of a provider's bid for a model. */
export function bidKey(modelId: string, providerId: bigint): string {
  return `${modelId}:${providerId}`;
}

/**
 * Take a verified bid: into the book, or aside until it becomes valid. A provider has at most one of each for a model.
 * @throws BidUnitUnpriced, BidPriceNotPositive, BidExpired, StaleBid, LaneOutsideTree
 */
export function takeBid(state: RouterState, bid: VerifiedBid, moment: Moment): void {
  const { value } = bid;
  const { providerId, modelId, priceWei, sequence, expiresAt } = value;
  if (value.unit !== BidUnit.T) throw new BidUnitUnpriced(value.unit);
  ledgerId(providerId);
  wakeBids(state, moment);
  if (value.validFromAt <= moment.at) return enterBid(state, bid, moment);
  if (priceWei <= 0n) throw new BidPriceNotPositive(providerId, modelId, priceWei);
  if (expiresAt < value.validFromAt) throw new BidExpired(providerId, modelId, expiresAt, value.validFromAt);
  const key = bidKey(modelId, providerId);
  const last = greatest(state.bidsAhead.get(key)?.value.sequence, state.bids.get(key)?.value.sequence);
  if (sequence <= last) throw new StaleBid(providerId, modelId, sequence, last);
  state.bidsAhead.set(key, bid);
}

/** Move the bids that have become valid into the book. One that was overtaken by a newer bid is dropped. */
export function wakeBids(state: RouterState, moment: Moment): void {
  for (let first = state.bidsAhead.peek(); first !== undefined && first.value.value.validFromAt <= moment.at;) {
    state.bidsAhead.delete(first.key);
    if (!isOvertaken(state, first.key, first.value.value, moment)) enterBid(state, first.value, moment);
    first = state.bidsAhead.peek();
  }
}

function isOvertaken(state: RouterState, key: string, bid: Bid, { at }: Moment): boolean {
  return bid.expiresAt < at || bid.sequence <= greatest(state.bids.get(key)?.value.sequence);
}

function enterBid(state: RouterState, bid: VerifiedBid, { at }: Moment): void {
  const { providerId, modelId, priceWei, sequence, expiresAt, capacity } = bid.value;
  // A signed bid is good through its last second, a standing one until its expiry.
  state.book.add({ providerId, modelId, priceWei, sequence, expiresAt: expiresAt + 1n }, at);
  state.book.setCapacity(modelId, providerId, capacity);
  state.bids.set(bidKey(modelId, providerId), bid);
}

function greatest(...sequences: readonly (bigint | undefined)[]): bigint {
  return sequences.reduce<bigint>((most, one) => (one !== undefined && one > most ? one : most), -1n);
}
