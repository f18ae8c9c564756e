import { WEI_PER_MOR, WEI_PER_UMOR, books, dayAt, scheduledWei } from "@yellowstone-compute/sdk";
import { SCHEDULE } from "../replay/plan.js";
import { integer, percent, type AttackTable } from "./table.js";

/** Free pool when the theft begins. */
const POOL_WEI = 1_000_000n * WEI_PER_MOR;
const HOUR = 3_600n;
/** Activation delay of a mainnet deployment (design 12). */
const ACTIVATION = 48n * HOUR;
/** Block-day in which the theft begins, an hour before it ends: the worst moment. */
const DAY = 693n;
const DAY_HOURS = 24n;

/** What a theft came to. */
export interface Theft {
  /** Credits that became active, in wei. */
  readonly takenWei: bigint;
  /** What the free pool lost beside the emissions that arrived meanwhile, in wei. */
  readonly lostWei: bigint;
}

/**
 * All router keys are stolen for `hours`, and every hour all that the guard allows is credited to the thief; emissions arrive by
 * the hour. `vetoAfterHours`: the guardian drops what is pending then, and removes the routers; undefined: nobody does anything.
 */
export function stealKeys(hours: bigint, vetoAfterHours?: bigint): Theft {
  const startAt = SCHEDULE.startAt + (DAY + 1n) * DAY_HOURS * HOUR - HOUR;
  const opened = books.openBooks(DAY, scheduledWei(SCHEDULE, DAY));
  let state: books.Books = { ...opened, unusedWei: POOL_WEI, openingWei: POOL_WEI };
  const pending: { readonly activeAt: bigint; readonly creditedUMor: bigint }[] = [];
  let [takenUMor, arrivedWei] = [0n, 0n];
  const end = vetoAfterHours !== undefined && vetoAfterHours < hours ? vetoAfterHours : hours;
  for (let hour = 0n; hour < end; hour++) {
    const at = startAt + hour * HOUR;
    const day = dayAt(at, SCHEDULE.startAt);
    const emissionWei = scheduledWei(SCHEDULE, day) / DAY_HOURS;
    state = books.book(books.rollDay(state, day, scheduledWei(SCHEDULE, day)), emissionWei);
    arrivedWei += emissionWei;
    const creditedUMor = books.allowance(state) / WEI_PER_UMOR;
    state = books.reserve(state, creditedUMor);
    pending.push({ activeAt: at + ACTIVATION, creditedUMor });
    takenUMor += creditedUMor;
  }
  const vetoAt = vetoAfterHours === undefined ? undefined : startAt + vetoAfterHours * HOUR;
  for (const { activeAt, creditedUMor } of [...pending].reverse()) {
    if (vetoAt === undefined || activeAt <= vetoAt) continue;
    state = books.release(state, creditedUMor);
    takenUMor -= creditedUMor;
  }
  const takenWei = takenUMor * WEI_PER_UMOR;
  return { takenWei, lostWei: takenWei > arrivedWei ? takenWei - arrivedWei : 0n };
}

/** The table of thefts. */
export function stolenKeys(): AttackTable {
  const row = (days: bigint): string[] => {
    const cells = [undefined, 24n, 72n].flatMap((veto) => {
      const { takenWei, lostWei } = stealKeys(days * DAY_HOURS, veto);
      return [integer(takenWei / WEI_PER_MOR), percent(lostWei, POOL_WEI)];
    });
    return [`${days} d`, ...cells];
  };
  return {
    title: "All router keys stolen",
    about: `A pool of ${integer(POOL_WEI / WEI_PER_MOR)} MOR, the real emission arriving by the hour; the theft begins an hour before a block-day ends, and takes every hour all that the guard allows. *Pool* is what the pool lost beside the emission that arrived. With a veto within the activation delay of 48 h nothing is lost; one after 72 h drops what the last 48 h credited, and the routers are removed with it.`,
    columns: [
      "keys stolen for",
      "taken, no veto (MOR)",
      "pool",
      "veto after 24 h (MOR)",
      "pool",
      "veto after 72 h (MOR)",
      "pool",
    ],
    rows: [1n, 3n, 7n, 30n].map(row),
  };
}
