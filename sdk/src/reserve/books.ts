import {
  ReserveAllowanceExceeded,
  ReserveAttestedExceeded,
  ReserveBootstrapExceeded,
  ReserveOwedExceeded,
} from "../errors/contract/reserve.js";
import { WEI_PER_UMOR } from "../units/constants.js";

/** The guard lets the unused pool lose one part in this many of its opening a block-day: 1 % (design 4). */
export const DRAWDOWN_PARTS = 100n;

/** Largest scheduled emission of a day that the books keep; more reads as this. */
export const MAX_SCHEDULED_WEI = 2n ** 96n - 1n;

/** The books of the reserve, as `ReserveBooks` keeps them on chain. Amounts in wei unless the name says uMOR. */
export interface Books {
  readonly unusedWei: bigint;
  readonly owedWei: bigint;
  /** Arrivals booked and not yet used as emission room. */
  readonly freshWei: bigint;
  /** Unused pool when the open day began. */
  readonly openingWei: bigint;
  /** Lifetime sum of the credits that stand. */
  readonly attestedUMor: bigint;
  readonly attestedAtOpeningUMor: bigint;
  /** Open block-day. */
  readonly day: bigint;
  readonly scheduledTodayWei: bigint;
  readonly bootstrapWei: bigint;
  readonly bootstrapAccruedWei: bigint;
}

/** Open empty books on the block-day of deployment: the first day spends its emission alone. */
export function openBooks(firstDay: bigint, scheduledFirstDayWei: bigint): Books {
  return {
    unusedWei: 0n,
    owedWei: 0n,
    freshWei: 0n,
    openingWei: 0n,
    attestedUMor: 0n,
    attestedAtOpeningUMor: 0n,
    day: firstDay,
    scheduledTodayWei: min(scheduledFirstDayWei, MAX_SCHEDULED_WEI),
    bootstrapWei: 0n,
    bootstrapAccruedWei: 0n,
  };
}

/** Open `newDay`, whose scheduled emission is given, if it lies after the open one; else return the books as they are. */
export function rollDay(books: Books, newDay: bigint, scheduledNewDayWei: bigint): Books {
  if (newDay <= books.day) return books;
  return {
    ...books,
    day: newDay,
    freshWei: books.freshWei - min(books.freshWei, books.scheduledTodayWei),
    openingWei: books.unusedWei,
    attestedAtOpeningUMor: books.attestedUMor,
    scheduledTodayWei: min(scheduledNewDayWei, MAX_SCHEDULED_WEI),
  };
}

/** Book arrivals: first what the bootstrap pool still lacks, the rest free and fresh. */
export function book(books: Books, amountWei: bigint, bootstrapLackWei = 0n): Books {
  const share = min(amountWei, bootstrapLackWei);
  const free = amountWei - share;
  return {
    ...books,
    bootstrapWei: books.bootstrapWei + share,
    bootstrapAccruedWei: books.bootstrapAccruedWei + share,
    unusedWei: books.unusedWei + free,
    freshWei: books.freshWei + free,
  };
}

/** Reserve attested credits under the guard: unused to owed. @throws ReserveAllowanceExceeded */
export function reserve(books: Books, creditedUMor: bigint): Books {
  const requestedWei = creditedUMor * WEI_PER_UMOR;
  const allowanceWei = allowance(books);
  if (requestedWei > allowanceWei) throw new ReserveAllowanceExceeded({ requestedWei, allowanceWei });
  return {
    ...books,
    unusedWei: books.unusedWei - requestedWei,
    owedWei: books.owedWei + requestedWei,
    attestedUMor: books.attestedUMor + creditedUMor,
  };
}

/** Take vetoed credits back: owed to unused; today's part returns to today's allowance. @throws ReserveAttestedExceeded, ReserveOwedExceeded */
export function release(books: Books, creditedUMor: bigint): Books {
  if (creditedUMor > books.attestedUMor) {
    throw new ReserveAttestedExceeded({ requestedUMor: creditedUMor, attestedUMor: books.attestedUMor });
  }
  const attestedUMor = books.attestedUMor - creditedUMor;
  return {
    ...absorb(books, creditedUMor * WEI_PER_UMOR),
    attestedUMor,
    attestedAtOpeningUMor: min(books.attestedAtOpeningUMor, attestedUMor),
  };
}

/** Keep what a provider's debt nets from its credit: owed to unused. @throws ReserveOwedExceeded */
export function absorb(books: Books, amountWei: bigint): Books {
  return { ...settle(books, amountWei), unusedWei: books.unusedWei + amountWei };
}

/** Take a payment out of the books. @throws ReserveOwedExceeded */
export function settle(books: Books, paidWei: bigint): Books {
  if (paidWei > books.owedWei) throw new ReserveOwedExceeded({ requestedWei: paidWei, owedWei: books.owedWei });
  return { ...books, owedWei: books.owedWei - paidWei };
}

/** Make a season's shares owed: bootstrap to owed. @throws ReserveBootstrapExceeded */
export function award(books: Books, amountWei: bigint): Books {
  const { bootstrapWei } = books;
  if (amountWei > bootstrapWei) throw new ReserveBootstrapExceeded({ requestedWei: amountWei, bootstrapWei });
  return { ...books, bootstrapWei: bootstrapWei - amountWei, owedWei: books.owedWei + amountWei };
}

/** Wind the bootstrap pool up: what is left is free. No arrival, so it raises no budget; the pool lacks nothing hereafter. */
export function releaseBootstrap(books: Books): Books {
  return { ...books, bootstrapWei: 0n, unusedWei: books.unusedWei + books.bootstrapWei };
}

/** unused + owed + bootstrap: what the contract holds at the least, in wei. */
export function accounted(books: Books): bigint {
  return books.unusedWei + books.owedWei + books.bootstrapWei;
}

/** Give the open day's room in wei: floor(opening / 100) + min(fresh, scheduled). */
export function budget(books: Books): bigint {
  return books.openingWei / DRAWDOWN_PARTS + min(books.freshWei, books.scheduledTodayWei);
}

/** Give what was reserved within the open day and stands, in wei. */
export function drawnToday(books: Books): bigint {
  return (books.attestedUMor - books.attestedAtOpeningUMor) * WEI_PER_UMOR;
}

/** Give what may still be reserved within the open day, in wei: min(unused, budget - drawn). */
export function allowance(books: Books): bigint {
  return min(books.unusedWei, budget(books) - drawnToday(books));
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
