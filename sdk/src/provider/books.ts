import type { ProviderId } from "../units/brands.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import type { LedgerEvent } from "./ledgerEvents.js";

/** What the events say of one provider beside its lane; all in uMOR, and all but the debt only grow. */
export interface ProviderBooks {
  /** Credits that are settled: paid, or netted with debt. */
  readonly settledUMor: bigint;
  /** Paid out, for credits and awards together. */
  readonly paidUMor: bigint;
  /** Shares of the bootstrap pool that were paid or netted. */
  readonly awardedUMor: bigint;
  readonly debitedUMor: bigint;
  /** Debt that was netted against credits and awards. */
  readonly absorbedUMor: bigint;
  /** Debt that the bond covered at the exit. */
  readonly coveredByBondUMor: bigint;
  readonly debtUMor: bigint;
}

/** Books of a provider that nothing has happened to. */
export const EMPTY_BOOKS: ProviderBooks = Object.freeze({
  settledUMor: 0n,
  paidUMor: 0n,
  awardedUMor: 0n,
  debitedUMor: 0n,
  absorbedUMor: 0n,
  coveredByBondUMor: 0n,
  debtUMor: 0n,
});

/** Sums over all providers, to compare with the contract's own. */
export interface BooksTotals {
  readonly settledUMor: bigint;
  /** Shares of closed seasons. */
  readonly sharesUMor: bigint;
  readonly awardedUMor: bigint;
}

/** Netting that was logged in a transaction whose own event has not come yet. */
interface Netting {
  readonly transactionHash: string;
  readonly byId: ReadonlyMap<ProviderId, bigint>;
}

/**
 * Books of all providers, from events in the order of the chain. What a debt was netted against is not in its own event: the
 * claim, the award or the withdrawal that did it logs behind it, in the same transaction.
 */
export class BooksFold {
  readonly #books: Map<ProviderId, ProviderBooks>;
  #totals: BooksTotals;
  #netting: Netting | undefined;

  constructor(
    books: Iterable<readonly [ProviderId, ProviderBooks]> = [],
    totals: BooksTotals = { settledUMor: 0n, sharesUMor: 0n, awardedUMor: 0n },
  ) {
    this.#books = new Map(books);
    this.#totals = totals;
  }

  /** An independent copy. Only between transactions: at the end of a block. */
  clone(): BooksFold {
    return new BooksFold(this.#books, this.#totals);
  }

  get totals(): BooksTotals {
    return this.#totals;
  }

  of(id: ProviderId): ProviderBooks {
    return this.#books.get(id) ?? EMPTY_BOOKS;
  }

  /** Providers something has happened to, with their books. */
  entries(): IterableIterator<[ProviderId, ProviderBooks]> {
    return this.#books.entries();
  }

  /** Book an event. @returns debt it was found to have netted, by provider; empty for other events */
  apply(event: LedgerEvent): ReadonlyMap<ProviderId, bigint> {
    const none = new Map<ProviderId, bigint>();
    switch (event.name) {
      case "debtBooked": {
        const { id, amountUMor, debtUMor } = event.value;
        this.#change(id, { debitedUMor: this.of(id).debitedUMor + amountUMor, debtUMor });
        return none;
      }
      case "debtAbsorbed": {
        const { id, amountUMor, debtUMor } = event.value;
        this.#change(id, { debtUMor });
        this.#note(event.transactionHash, id, amountUMor);
        return none;
      }
      case "claimed": {
        const netted = this.#takeNetting(event.transactionHash);
        for (const { id, amountUMor } of event.value.payments) this.#pay(id, amountUMor, "settledUMor");
        for (const [id, amountUMor] of netted) this.#net(id, amountUMor, "settledUMor");
        return netted;
      }
      case "awardsPaid": {
        const netted = this.#takeNetting(event.transactionHash);
        for (const { id, amountUMor } of event.value.payments) this.#pay(id, amountUMor, "awardedUMor");
        for (const [id, amountUMor] of netted) this.#net(id, amountUMor, "awardedUMor");
        return netted;
      }
      case "bondWithdrawn": {
        const { id, coveredWei } = event.value;
        this.#takeNetting(event.transactionHash);
        const covered = this.of(id).coveredByBondUMor + coveredWei / WEI_PER_UMOR;
        this.#change(id, { coveredByBondUMor: covered });
        return none;
      }
      case "seasonClosed":
        this.#totals = { ...this.#totals, sharesUMor: this.#totals.sharesUMor + event.value.sharesUMor };
        return none;
      default:
        return none;
    }
  }

  #pay(id: ProviderId, amountUMor: bigint, figure: "settledUMor" | "awardedUMor"): void {
    this.#change(id, { paidUMor: this.of(id).paidUMor + amountUMor });
    this.#add(id, amountUMor, figure);
  }

  #net(id: ProviderId, amountUMor: bigint, figure: "settledUMor" | "awardedUMor"): void {
    this.#change(id, { absorbedUMor: this.of(id).absorbedUMor + amountUMor });
    this.#add(id, amountUMor, figure);
  }

  #add(id: ProviderId, amountUMor: bigint, figure: "settledUMor" | "awardedUMor"): void {
    this.#change(id, { [figure]: this.of(id)[figure] + amountUMor });
    this.#totals = { ...this.#totals, [figure]: this.#totals[figure] + amountUMor };
  }

  #change(id: ProviderId, change: Partial<ProviderBooks>): void {
    this.#books.set(id, { ...this.of(id), ...change });
  }

  #note(transactionHash: string, id: ProviderId, amountUMor: bigint): void {
    const before = this.#netting?.transactionHash === transactionHash ? this.#netting.byId : [];
    const byId = new Map(before);
    byId.set(id, (byId.get(id) ?? 0n) + amountUMor);
    this.#netting = { transactionHash, byId };
  }

  #takeNetting(transactionHash: string): ReadonlyMap<ProviderId, bigint> {
    const netting = this.#netting;
    this.#netting = undefined;
    return netting?.transactionHash === transactionHash ? netting.byId : new Map();
  }
}
