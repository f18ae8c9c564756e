import type { BalanceSource } from "../access/index.js";
import { AccessUnknown } from "../errors/router.js";
import type { AccessBudget } from "../router/index.js";
import type { Address } from "../units/index.js";

/** What the figures of a day come from. */
export interface DaySources {
  readonly balances: BalanceSource;
  /** The reserve's budget of a day in wei, the same whenever it is asked. */
  readonly budgetOf: (day: bigint) => Promise<bigint>;
  /** A bound below it; none when left out. */
  readonly maxBudgetWei?: bigint;
}

const KEPT_DAYS = 4n;

/** The figures of block-days: asked for ahead, given out at once. */
export class Days {
  readonly #sources: DaySources;
  readonly #known = new Map<bigint, AccessBudget>();
  readonly #asked = new Map<bigint, Promise<AccessBudget>>();
  /** Users whose balance of a day was read, by day. */
  readonly #read = new Map<bigint, Set<Address>>();

  constructor(sources: DaySources) {
    this.#sources = sources;
  }

  /** Budget and supply of a day that was prepared. @throws AccessUnknown */
  accessOf(day: bigint): AccessBudget {
    const known = this.#known.get(day);
    if (known === undefined) throw new AccessUnknown(day);
    return known;
  }

  /** Read budget and supply of a day. @throws DayNotBegun, ChainRequestFailed, HistoryMissing */
  prepare(day: bigint): Promise<AccessBudget> {
    const asked = this.#asked.get(day);
    if (asked !== undefined) return asked;
    const asking = this.#ask(day);
    this.#asked.set(day, asking);
    asking.catch(() => this.#asked.delete(day));
    return asking;
  }

  /** Whether a user's balance of a day was read already: asking again costs nothing. */
  isRead(user: Address, day: bigint): boolean {
    return this.#read.get(day)?.has(user) ?? false;
  }

  /** A user's MOR at the first block of a day, in wei. @throws as `prepare` */
  async balanceWei(user: Address, day: bigint): Promise<bigint> {
    const { amountWei } = await this.#sources.balances.balanceOf(user, day);
    const read = this.#read.get(day) ?? new Set();
    this.#read.set(day, read.add(user));
    return amountWei;
  }

  async #ask(day: bigint): Promise<AccessBudget> {
    const { balances, budgetOf, maxBudgetWei } = this.#sources;
    const [budget, supply] = await Promise.all([budgetOf(day), balances.supplyOf(day)]);
    const budgetWei = maxBudgetWei !== undefined && maxBudgetWei < budget ? maxBudgetWei : budget;
    const access = { budgetWei, supplyWei: supply.amountWei };
    this.#known.set(day, access);
    for (const map of [this.#known, this.#asked, this.#read]) {
      for (const known of map.keys()) if (known + KEPT_DAYS < day) map.delete(known);
    }
    return access;
  }
}
