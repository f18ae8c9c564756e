import { CapacityNotTaken, InvalidMarketParameter, NoFreeCapacity } from "../errors/market.js";
import { PriceLevels } from "./priceLevels.js";
import { tieKey } from "./tie.js";

/** A provider's ask for one model. `expiresAt` in Unix seconds: the bid stands while `at < expiresAt`. */
export interface StandingBid {
  readonly providerId: bigint;
  readonly modelId: string;
  readonly priceWei: bigint;
  readonly sequence: bigint;
  readonly expiresAt: bigint;
}

/** Prices a router accepts, in wei per T, both ends included. A bid outside is kept but never chosen. */
export interface PriceRange {
  readonly minWei: bigint;
  readonly maxWei?: bigint;
}

/** What a book knows of a provider for one model. */
export interface SeatSnapshot {
  readonly providerId: bigint;
  readonly bid: StandingBid | undefined;
  /** Highest sequence ever seen: -1 when there was no bid. */
  readonly lastSequence: bigint;
  readonly capacity: number;
  readonly used: number;
  readonly resting: boolean;
}

interface Seat {
  bid: StandingBid | undefined;
  lastSequence: bigint;
  capacity: number;
  used: number;
  resting: boolean;
}

/**
 * The bids of one model. A bid is *live* when it stands, is in range and its provider does not rest; *free* with a
 * place left too.
 */
export class ModelBook {
  readonly #modelId: string;
  readonly #seats = new Map<bigint, Seat>();
  readonly #live = new PriceLevels();
  readonly #free = new PriceLevels();
  readonly #defaultCapacity: number;
  #range: PriceRange;

  constructor(modelId: string, defaultCapacity: number, range: PriceRange) {
    this.#modelId = modelId;
    this.#defaultCapacity = defaultCapacity;
    this.#range = range;
  }

  /** All seats, as they were first taken. */
  seats(): SeatSnapshot[] {
    return [...this.#seats].map(([providerId, seat]) => ({ providerId, ...seat }));
  }

  /** Put seats of a snapshot into an empty book. */
  restore(seats: readonly SeatSnapshot[]): void {
    for (const { providerId, ...seat } of seats) this.#change(providerId, (created) => Object.assign(created, seat));
  }

  bidOf(providerId: bigint): StandingBid | undefined {
    return this.#seats.get(providerId)?.bid;
  }

  /** Highest sequence ever seen of a provider, also after its bid went: -1 when there was none. */
  lastSequenceOf(providerId: bigint): bigint {
    return this.#seats.get(providerId)?.lastSequence ?? -1n;
  }

  jobsOf(providerId: bigint): number {
    return this.#seats.get(providerId)?.used ?? 0;
  }

  setBid(bid: StandingBid): void {
    this.#change(bid.providerId, (seat) => {
      seat.bid = bid;
      seat.lastSequence = bid.sequence;
    });
  }

  removeBid(providerId: bigint, sequence?: bigint): void {
    this.#change(providerId, (seat) => {
      seat.bid = undefined;
      if (sequence !== undefined) seat.lastSequence = sequence;
    });
  }

  setResting(providerId: bigint, resting: boolean): void {
    this.#change(providerId, (seat) => {
      seat.resting = resting;
    });
  }

  setCapacity(providerId: bigint, capacity: number): void {
    if (!Number.isSafeInteger(capacity) || capacity < 0) {
      throw new InvalidMarketParameter("capacity", capacity, "a whole number of jobs, at least 0");
    }
    this.#change(providerId, (seat) => {
      seat.capacity = capacity;
    });
  }

  setRange(range: PriceRange): void {
    for (const [providerId, seat] of this.#seats) this.#unlist(providerId, seat);
    this.#range = range;
    for (const [providerId, seat] of this.#seats) this.#list(providerId, seat);
  }

  take(providerId: bigint): void {
    this.#change(providerId, (seat) => {
      if (seat.used >= seat.capacity) throw new NoFreeCapacity(providerId, this.#modelId, seat.capacity);
      seat.used += 1;
    });
  }

  free(providerId: bigint): void {
    if (this.jobsOf(providerId) === 0) throw new CapacityNotTaken(providerId, this.#modelId);
    this.#change(providerId, (seat) => {
      seat.used -= 1;
    });
  }

  lowestLive(): bigint | undefined {
    return this.#live.lowest()?.priceWei;
  }

  /**
   * O(log n) and one hash per provider of the winning price; each provider of `except` that is cheaper costs O(log n)
   * more.
   */
  lowestFree(rfcHash: string, except: ReadonlySet<bigint>): StandingBid | undefined {
    const aside = [...except].flatMap((providerId) => this.bidOf(providerId) ?? []);
    for (const { providerId, priceWei } of aside) this.#free.remove(providerId, priceWei);
    try {
      const level = this.#free.lowest();
      return level && this.bidOf(smallest(level.providers, (providerId) => tieKey(rfcHash, providerId)));
    } finally {
      for (const { providerId } of aside) this.#change(providerId, () => undefined);
    }
  }

  #change(providerId: bigint, edit: (seat: Seat) => void): void {
    const seat = this.#seats.get(providerId) ?? this.#createSeat();
    this.#seats.set(providerId, seat);
    this.#unlist(providerId, seat);
    try {
      edit(seat);
    } finally {
      this.#list(providerId, seat);
    }
  }

  #createSeat(): Seat {
    return { bid: undefined, lastSequence: -1n, capacity: this.#defaultCapacity, used: 0, resting: false };
  }

  #unlist(providerId: bigint, seat: Seat): void {
    if (seat.bid === undefined) return;
    this.#live.remove(providerId, seat.bid.priceWei);
    this.#free.remove(providerId, seat.bid.priceWei);
  }

  #list(providerId: bigint, seat: Seat): void {
    if (seat.bid === undefined || seat.resting || !inRange(seat.bid.priceWei, this.#range)) return;
    this.#live.add(providerId, seat.bid.priceWei);
    if (seat.used < seat.capacity) this.#free.add(providerId, seat.bid.priceWei);
  }
}

function inRange(priceWei: bigint, range: PriceRange): boolean {
  return priceWei >= range.minWei && (range.maxWei === undefined || priceWei <= range.maxWei);
}

/**
 * The provider with the smallest key, which is a hash: no two are the same. It is not computed when there is no choice. The level is
 * never empty.
 */
function smallest(providers: ReadonlySet<bigint>, keyOf: (providerId: bigint) => string): bigint {
  const [first = 0n, ...others] = providers;
  if (others.length === 0) return first;
  let best = { providerId: first, key: keyOf(first) };
  for (const providerId of others) {
    const key = keyOf(providerId);
    if (key < best.key) best = { providerId, key };
  }
  return best.providerId;
}
