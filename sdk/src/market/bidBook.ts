import { BidExpired, BidPriceNotPositive, InvalidMarketParameter, StaleBid } from "../errors/market.js";
import { createIndexedHeap, type IndexedHeap } from "./heap.js";
import { ModelBook, type PriceRange, type SeatSnapshot, type StandingBid } from "./modelBook.js";
import { ascending } from "./order.js";

export type { PriceRange, SeatSnapshot, StandingBid } from "./modelBook.js";

/** Settings of a bid book. */
export interface BidBookOptions {
  /** Jobs a provider takes at once per model unless set otherwise; 2 when left out. */
  readonly defaultCapacity?: number;
  /** Prices accepted unless a model has its own range; any positive price when left out. */
  readonly range?: PriceRange;
}

/**
 * The bids of all models (design.md section 11). Time is an argument in Unix seconds and must not go back: what expired
 * or woke up at one moment stays so. Every verb is O(log n); a selection hashes once per provider that asks the winning
 * price.
 */
export interface BidBook {
  /** Add a bid, or replace the provider's older one of that model. Throws BidPriceNotPositive, BidExpired, StaleBid. */
  add(bid: StandingBid, at: bigint): void;
  /** Take a bid back with a sequence above the bid's own. Throws StaleBid. */
  withdraw(modelId: string, providerId: bigint, sequence: bigint): void;
  /** Forget every bid with `expiresAt <= at` and wake every provider whose rest ended. Selections do it themselves. */
  advance(at: bigint): void;
  /** Pass a provider over for a model until a moment; a later call replaces the earlier moment. */
  rest(modelId: string, providerId: bigint, untilAt: bigint): void;
  /** The chosen bid for an RFC: lowest price, ties by hash, with a free place, not in `except`. */
  lowestFree(modelId: string, rfcHash: string, at: bigint, except?: ReadonlySet<bigint>): StandingBid | undefined;
  /** The lowest live price in wei per T, free or busy: the divisor of MaxT. */
  lowestLive(modelId: string, at: bigint): bigint | undefined;
  bidOf(modelId: string, providerId: bigint): StandingBid | undefined;
  /** Occupy a place of a provider for a job. Throws NoFreeCapacity. */
  take(modelId: string, providerId: bigint): void;
  /** Give a place back. Throws CapacityNotTaken. */
  free(modelId: string, providerId: bigint): void;
  /** Set how many jobs a provider does at once. Running jobs stay when it is lowered below them. */
  setCapacity(modelId: string, providerId: bigint, capacity: number): void;
  /** Jobs a provider works on now. */
  jobsOf(modelId: string, providerId: bigint): number;
  /** Give a model a price range of its own. O(n log n) in the bids of the model. */
  setRange(modelId: string, range: PriceRange): void;
  /** All the book knows but its settings: options and price ranges. */
  snapshot(): BidBookSnapshot;
}

/** A moment at which a bid of a provider expires, or its rest ends. */
export interface BidTimer {
  readonly modelId: string;
  readonly providerId: bigint;
  readonly dueAt: bigint;
}

/** What a book is made again from. */
export interface BidBookSnapshot {
  readonly models: readonly { readonly modelId: string; readonly seats: readonly SeatSnapshot[] }[];
  readonly expiries: readonly BidTimer[];
  readonly rests: readonly BidTimer[];
}

/** Create a bid book, empty or as it was at a snapshot. Throws InvalidMarketParameter. */
export function createBidBook(options: BidBookOptions = {}, snapshot?: BidBookSnapshot): BidBook {
  return new Book(options, snapshot);
}

const NOBODY: ReadonlySet<bigint> = new Set();
const ANY_PRICE: PriceRange = { minWei: 1n };

class Book implements BidBook {
  readonly #defaultCapacity: number;
  readonly #range: PriceRange;
  readonly #models = new Map<string, ModelBook>();
  readonly #expiries: IndexedHeap<string, BidTimer> = createIndexedHeap((a, b) => ascending(a.dueAt, b.dueAt));
  readonly #rests: IndexedHeap<string, BidTimer> = createIndexedHeap((a, b) => ascending(a.dueAt, b.dueAt));

  constructor(options: BidBookOptions, snapshot?: BidBookSnapshot) {
    this.#defaultCapacity = options.defaultCapacity ?? 2;
    this.#range = checkedRange(options.range ?? ANY_PRICE);
    if (!Number.isSafeInteger(this.#defaultCapacity) || this.#defaultCapacity < 1) {
      throw new InvalidMarketParameter("defaultCapacity", this.#defaultCapacity, "a whole number, at least 1");
    }
    for (const { modelId, seats } of snapshot?.models ?? []) this.#model(modelId).restore(seats);
    for (const timer of snapshot?.expiries ?? []) this.#expiries.set(timerKey(timer.modelId, timer.providerId), timer);
    for (const timer of snapshot?.rests ?? []) this.#rests.set(timerKey(timer.modelId, timer.providerId), timer);
  }

  snapshot(): BidBookSnapshot {
    return {
      models: [...this.#models].map(([modelId, model]) => ({ modelId, seats: model.seats() })),
      expiries: this.#expiries.entries().map(({ value }) => value),
      rests: this.#rests.entries().map(({ value }) => value),
    };
  }

  add(bid: StandingBid, at: bigint): void {
    const { modelId, providerId, priceWei, sequence, expiresAt } = bid;
    if (priceWei <= 0n) throw new BidPriceNotPositive(providerId, modelId, priceWei);
    if (expiresAt <= at) throw new BidExpired(providerId, modelId, expiresAt, at);
    this.#requireNewer(modelId, providerId, sequence);
    this.#model(modelId).setBid(bid);
    this.#expiries.set(timerKey(modelId, providerId), { modelId, providerId, dueAt: expiresAt });
  }

  withdraw(modelId: string, providerId: bigint, sequence: bigint): void {
    this.#requireNewer(modelId, providerId, sequence);
    this.#model(modelId).removeBid(providerId, sequence);
    this.#expiries.delete(timerKey(modelId, providerId));
  }

  advance(at: bigint): void {
    for (const timer of due(this.#expiries, at)) this.#model(timer.modelId).removeBid(timer.providerId);
    for (const timer of due(this.#rests, at)) this.#model(timer.modelId).setResting(timer.providerId, false);
  }

  rest(modelId: string, providerId: bigint, untilAt: bigint): void {
    this.#model(modelId).setResting(providerId, true);
    this.#rests.set(timerKey(modelId, providerId), { modelId, providerId, dueAt: untilAt });
  }

  lowestFree(modelId: string, rfcHash: string, at: bigint, except = NOBODY): StandingBid | undefined {
    this.advance(at);
    return this.#models.get(modelId)?.lowestFree(rfcHash, except);
  }

  lowestLive(modelId: string, at: bigint): bigint | undefined {
    this.advance(at);
    return this.#models.get(modelId)?.lowestLive();
  }

  bidOf(modelId: string, providerId: bigint): StandingBid | undefined {
    return this.#models.get(modelId)?.bidOf(providerId);
  }

  take(modelId: string, providerId: bigint): void {
    this.#model(modelId).take(providerId);
  }

  free(modelId: string, providerId: bigint): void {
    this.#model(modelId).free(providerId);
  }

  setCapacity(modelId: string, providerId: bigint, capacity: number): void {
    this.#model(modelId).setCapacity(providerId, capacity);
  }

  jobsOf(modelId: string, providerId: bigint): number {
    return this.#models.get(modelId)?.jobsOf(providerId) ?? 0;
  }

  setRange(modelId: string, range: PriceRange): void {
    this.#model(modelId).setRange(checkedRange(range));
  }

  #model(modelId: string): ModelBook {
    const known = this.#models.get(modelId);
    if (known !== undefined) return known;
    const created = new ModelBook(modelId, this.#defaultCapacity, this.#range);
    this.#models.set(modelId, created);
    return created;
  }

  #requireNewer(modelId: string, providerId: bigint, sequence: bigint): void {
    const last = this.#models.get(modelId)?.lastSequenceOf(providerId) ?? -1n;
    if (sequence <= last) throw new StaleBid(providerId, modelId, sequence, last);
  }
}

function timerKey(modelId: string, providerId: bigint): string {
  return `${modelId}:${providerId}`;
}

function* due(timers: IndexedHeap<string, BidTimer>, at: bigint): Generator<BidTimer> {
  for (let first = timers.peek(); first !== undefined && first.value.dueAt <= at; first = timers.peek()) {
    timers.delete(first.key);
    yield first.value;
  }
}

function checkedRange(range: PriceRange): PriceRange {
  if (range.minWei < 0n) throw new InvalidMarketParameter("range.minWei", range.minWei, "at least 0");
  if (range.maxWei !== undefined && range.maxWei < range.minWei) {
    throw new InvalidMarketParameter("range.maxWei", range.maxWei, `at least minWei (${range.minWei})`);
  }
  return range;
}
