import {
  AlreadyReserved,
  InvalidAccessInput,
  QuotaExceeded,
  ReservationNotFound,
  TokenMaxExceeded,
} from "../errors/access.js";

/** What an RFC asks to hold back: TokenMax x the price of the matched bid, from the user's share of a day. */
export interface ReservationRequest {
  readonly rfcHash: string;
  readonly user: string;
  /** Block-day the RFC is matched in; a later report corrects this day, never the next. */
  readonly day: bigint;
  /** The user's share of that day in wei, from `userShareWei`. */
  readonly shareWei: bigint;
  readonly tokenMax: bigint;
  readonly priceWei: bigint;
}

/** MOR held back for an RFC until its report or its deadline. */
export interface Reservation {
  readonly rfcHash: string;
  readonly user: string;
  readonly day: bigint;
  readonly tokenMax: bigint;
  readonly priceWei: bigint;
  readonly reservedWei: bigint;
}

/**
 * The daily meter in MOR per user (design.md section 11): reserve with the Match, correct at the report, keep in full
 * when none comes. Nothing is carried over to another day. Users compare without regard to case. Every verb is O(1).
 */
export interface Meter {
  /** Hold TokenMax x price. Throws QuotaExceeded, AlreadyReserved, InvalidAccessInput; the meter is then unchanged. */
  reserve(request: ReservationRequest): Reservation;
  /**
   * Lower a reservation to what was delivered: returns the wei charged. Throws ReservationNotFound, TokenMaxExceeded.
   */
  correct(rfcHash: string, tokens: bigint): bigint;
  /** Close a reservation for its full amount, no report came: returns the wei charged. Throws ReservationNotFound. */
  keep(rfcHash: string): bigint;
  /** Wei charged or held of a user's share of a day. */
  usedWei(user: string, day: bigint): bigint;
  reservationOf(rfcHash: string): Reservation | undefined;
  /** Drop the sums of days before `day` that no open reservation needs. */
  forgetBefore(day: bigint): void;
  snapshot(): MeterSnapshot;
}

/** What a meter is made again from. */
export interface MeterSnapshot {
  readonly reservations: readonly Reservation[];
  readonly used: readonly { readonly day: bigint; readonly user: string; readonly usedWei: bigint }[];
}

/** Create a meter that has charged nothing, or what it had at a snapshot. */
export function createMeter(snapshot?: MeterSnapshot): Meter {
  return new DailyMeter(snapshot);
}

class DailyMeter implements Meter {
  readonly #usedByDay = new Map<bigint, Map<string, bigint>>();
  readonly #openByDay = new Map<bigint, number>();
  readonly #reservations = new Map<string, Reservation>();

  constructor(snapshot?: MeterSnapshot) {
    for (const { day, user, usedWei } of snapshot?.used ?? []) this.#setUsed(user, day, usedWei);
    for (const reservation of snapshot?.reservations ?? []) this.#hold(reservation);
  }

  snapshot(): MeterSnapshot {
    const used = [...this.#usedByDay].flatMap(([day, users]) =>
      [...users].map(([user, usedWei]) => ({ day, user, usedWei })),
    );
    return { reservations: [...this.#reservations.values()], used };
  }

  reserve(request: ReservationRequest): Reservation {
    const { rfcHash, user, day, shareWei, tokenMax, priceWei } = request;
    if (this.#reservations.has(rfcHash)) throw new AlreadyReserved(rfcHash);
    if (tokenMax <= 0n) throw new InvalidAccessInput("tokenMax", tokenMax, "at least 1 T");
    if (priceWei < 0n) throw new InvalidAccessInput("priceWei", priceWei, "at least 0");
    const reservedWei = tokenMax * priceWei;
    const usedWei = this.usedWei(user, day);
    if (usedWei + reservedWei > shareWei) throw new QuotaExceeded(user, day, shareWei, usedWei, reservedWei);
    const reservation = { rfcHash, user, day, tokenMax, priceWei, reservedWei };
    this.#hold(reservation);
    this.#setUsed(user, day, usedWei + reservedWei);
    return reservation;
  }

  correct(rfcHash: string, tokens: bigint): bigint {
    const reservation = this.#require(rfcHash);
    if (tokens < 0n) throw new InvalidAccessInput("tokens", tokens, "at least 0");
    if (tokens > reservation.tokenMax) throw new TokenMaxExceeded(rfcHash, reservation.tokenMax, tokens);
    return this.#close(reservation, tokens * reservation.priceWei);
  }

  keep(rfcHash: string): bigint {
    const reservation = this.#require(rfcHash);
    return this.#close(reservation, reservation.reservedWei);
  }

  usedWei(user: string, day: bigint): bigint {
    return this.#usedByDay.get(day)?.get(user.toLowerCase()) ?? 0n;
  }

  reservationOf(rfcHash: string): Reservation | undefined {
    return this.#reservations.get(rfcHash);
  }

  forgetBefore(day: bigint): void {
    for (const past of this.#usedByDay.keys()) {
      if (past < day && !this.#openByDay.has(past)) this.#usedByDay.delete(past);
    }
  }

  #hold(reservation: Reservation): void {
    const { rfcHash, day } = reservation;
    this.#reservations.set(rfcHash, reservation);
    this.#openByDay.set(day, (this.#openByDay.get(day) ?? 0) + 1);
  }

  #require(rfcHash: string): Reservation {
    const reservation = this.#reservations.get(rfcHash);
    if (reservation === undefined) throw new ReservationNotFound(rfcHash);
    return reservation;
  }

  #close(reservation: Reservation, chargedWei: bigint): bigint {
    const { rfcHash, user, day, reservedWei } = reservation;
    this.#reservations.delete(rfcHash);
    const open = this.#openByDay.get(day)! - 1;
    if (open === 0) this.#openByDay.delete(day);
    else this.#openByDay.set(day, open);
    this.#setUsed(user, day, this.usedWei(user, day) - reservedWei + chargedWei);
    return chargedWei;
  }

  #setUsed(user: string, day: bigint, usedWei: bigint): void {
    const users = this.#usedByDay.get(day) ?? new Map<string, bigint>();
    this.#usedByDay.set(day, users.set(user.toLowerCase(), usedWei));
  }
}
