import { openBooks, type Books } from "../reserve/books.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import type { StatusEvent } from "./statusEvents.js";

/** The reserve's books as its events tell them, and debt that was netted in a transaction whose own event has not come. */
export interface PoolFold {
  readonly books: Books;
  readonly netting: { readonly transactionHash: string; readonly amountUMor: bigint } | undefined;
}

/** Books before the first event: the day of the deployment opens them. */
export const UNOPENED_POOL: PoolFold = Object.freeze({ books: openBooks(0n, 0n), netting: undefined });

/** Book an event. What an event gives absolutely is taken as it is, so that an error cannot grow. Pure. */
export function foldPool(pool: PoolFold, event: StatusEvent): PoolFold {
  const { books } = pool;
  const booked = (change: Partial<Books>): PoolFold => ({ ...pool, books: { ...books, ...change } });
  switch (event.name) {
    case "dayOpened": {
      const { day, openingWei, freshWei, scheduledWei } = event.value;
      const attestedAtOpeningUMor = books.attestedUMor;
      return booked({ day, openingWei, freshWei, scheduledTodayWei: scheduledWei, attestedAtOpeningUMor });
    }
    case "arrivalBooked": {
      const { unusedWei, freshWei, bootstrapWei, bootstrapShareWei } = event.value;
      const bootstrapAccruedWei = books.bootstrapAccruedWei + bootstrapShareWei;
      return booked({ unusedWei, freshWei, bootstrapWei, bootstrapAccruedWei });
    }
    case "attested": {
      const { creditedUMor, attestedUMor } = event.value;
      return booked({ ...moved(books, 0n - creditedUMor), attestedUMor });
    }
    case "vetoed": {
      const { releasedUMor, attestedUMor } = event.value;
      const opening = books.attestedAtOpeningUMor;
      const attestedAtOpeningUMor = opening < attestedUMor ? opening : attestedUMor;
      return booked({ ...moved(books, releasedUMor), attestedUMor, attestedAtOpeningUMor });
    }
    case "debtAbsorbed": {
      const { transactionHash } = event;
      const before = nettedIn(pool, transactionHash);
      return { books, netting: { transactionHash, amountUMor: before + event.value.amountUMor } };
    }
    // The bond has covered the debt: nothing owed was netted.
    case "bondWithdrawn":
      return { books, netting: undefined };
    case "claimed":
    case "awardsPaid": {
      const kept = moved(books, nettedIn(pool, event.transactionHash));
      const owedWei = kept.owedWei - event.value.paidUMor * WEI_PER_UMOR;
      return { books: { ...books, ...kept, owedWei }, netting: undefined };
    }
    case "seasonClosed": {
      const sharesWei = event.value.sharesUMor * WEI_PER_UMOR;
      return booked({ bootstrapWei: books.bootstrapWei - sharesWei, owedWei: books.owedWei + sharesWei });
    }
    case "bootstrapReleased":
      return booked({ unusedWei: event.value.unusedWei, bootstrapWei: 0n });
    default:
      return pool;
  }
}

/** Owed to unused; a negative amount the other way. */
function moved(books: Books, amountUMor: bigint): Pick<Books, "unusedWei" | "owedWei"> {
  const amountWei = amountUMor * WEI_PER_UMOR;
  return { unusedWei: books.unusedWei + amountWei, owedWei: books.owedWei - amountWei };
}

function nettedIn({ netting }: PoolFold, transactionHash: string): bigint {
  return netting?.transactionHash === transactionHash ? netting.amountUMor : 0n;
}
