import type { Emission } from "./emission.js";
import type { Log } from "./outcome.js";
import type { Token } from "./token.js";
import { UMOR, above, min } from "./units.js";

/** The window in which a tenth of the emission is set aside. Unix seconds; both 0: none. */
export interface Window {
  readonly startAt: bigint;
  readonly endAt: bigint;
  readonly seasonLength: bigint;
  readonly entryWindow: bigint;
}

/** Buckets and drawdown guard (design 4 and 9). Amounts in wei unless named otherwise. */
export class Reserve {
  unused = 0n;
  owed = 0n;
  bootstrap = 0n;
  accrued = 0n;
  released = false;
  fresh = 0n;
  opening = 0n;
  day: bigint;
  attestedUMor = 0n;
  attestedAtOpeningUMor = 0n;
  debitedTodayUMor = 0n;

  constructor(
    readonly emission: Emission,
    readonly token: Token,
    readonly self: bigint,
    readonly window: Window,
    deployedAt: bigint,
  ) {
    this.day = emission.dayOf(deployedAt);
  }

  /** Tokens held, booked or not. */
  get held(): bigint {
    return this.token.balanceOf(this.self);
  }
  /** All that the books know of. */
  get accounted(): bigint {
    return this.unused + this.owed + this.bootstrap;
  }
  /** Tokens above the books. */
  get unbooked(): bigint {
    return above(this.held, this.accounted);
  }
  /** Emission of the open day. */
  get scheduled(): bigint {
    return this.emission.scheduled(this.day);
  }
  /** The open day's room. */
  get budget(): bigint {
    return this.opening / 100n + min(this.fresh, this.scheduled);
  }
  /** What of it is reserved. */
  get drawn(): bigint {
    return (this.attestedUMor - this.attestedAtOpeningUMor) * UMOR;
  }
  /** What may still be reserved. */
  get allowance(): bigint {
    return min(this.unused, above(this.budget, this.drawn));
  }
  /** What may still be debited. */
  get debitRoom(): bigint {
    return above(this.budget, this.debitedTodayUMor * UMOR);
  }

  /** What the bootstrap pool is due by `t`. */
  target(t: bigint): bigint {
    const { startAt, endAt } = this.window;
    if (endAt === 0n || t <= startAt) return 0n;
    return (this.emission.cumulative(min(t, endAt)) - this.emission.cumulative(startAt)) / 10n;
  }

  /** Open the block-day of `now` if it is a later one. */
  roll(now: bigint): Log[] {
    const today = this.emission.dayOf(now);
    if (today <= this.day) return [];
    this.fresh -= min(this.fresh, this.scheduled);
    this.day = today;
    this.opening = this.unused;
    this.attestedAtOpeningUMor = this.attestedUMor;
    this.debitedTodayUMor = 0n;
    return [{ place: "compute", event: "DayOpened", args: [today, this.opening, this.fresh, this.scheduled] }];
  }

  /** Book what has arrived. */
  book(now: bigint): Log[] {
    const amount = this.unbooked;
    if (amount === 0n) return [];
    const share = this.released ? 0n : min(amount, above(this.target(now), this.accrued));
    this.bootstrap += share;
    this.accrued += share;
    this.unused += amount - share;
    this.fresh += amount - share;
    const args = [amount, share, this.unused, this.fresh, this.bootstrap];
    return [{ place: "compute", event: "ArrivalBooked", args }];
  }

  /** Reserve credits that fit. */
  reserve(uMor: bigint): void {
    this.unused -= uMor * UMOR;
    this.owed += uMor * UMOR;
    this.attestedUMor += uMor;
  }

  /** Take back what vetoed attestations had reserved. */
  release(uMor: bigint): void {
    this.unused += uMor * UMOR;
    this.owed -= uMor * UMOR;
    this.attestedUMor -= uMor;
    this.attestedAtOpeningUMor = min(this.attestedAtOpeningUMor, this.attestedUMor);
  }

  /** Give the room of debits that were vetoed on their own day back. */
  releaseDebits(uMor: bigint): void {
    this.debitedTodayUMor -= uMor;
  }

  /** Net debt: what was owed becomes free. */
  absorb(uMor: bigint): void {
    this.owed -= uMor * UMOR;
    this.unused += uMor * UMOR;
  }

  /** Pay what was owed to `to`. */
  pay(to: bigint, uMor: bigint): Log {
    this.owed -= uMor * UMOR;
    return this.token.move(this.self, to, uMor * UMOR);
  }

  /** Make awards owed; with the last season free what is left. */
  reserveAwards(uMor: bigint, last: boolean): Log[] {
    this.bootstrap -= uMor * UMOR;
    this.owed += uMor * UMOR;
    if (!last) return [];
    this.released = true;
    const left = this.bootstrap;
    this.bootstrap = 0n;
    this.unused += left;
    return [{ place: "compute", event: "BootstrapReleased", args: [left, this.unused] }];
  }
}
