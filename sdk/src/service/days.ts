import { sumBalances, type BalanceSource } from "../access/index.js";
import { archiveBalances } from "../actions/archiveBalances.js";
import { DayBlocks } from "../actions/dayBlock.js";
import { readState } from "../actions/readState.js";
import type { Deployment } from "../deployment/index.js";
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

/** Where the figures of a day are read: the same for all routers of a set. */
export interface DaysOptions {
  /** No day begins before this block of the deployment's chain; 0 when left out. */
  readonly fromBlock?: number;
  /** Blocks behind the newest that count as settled; 0 when left out. */
  readonly confirmations?: number;
  /** Other chains whose MOR counts too. */
  readonly others?: readonly BalanceSource[];
  /** A bound below the reserve's own budget of a day. */
  readonly maxBudgetWei?: bigint;
}

/**
 * Read budget, supply and balances of block-days as `yellowstone router run` does: from a node with history. Co-signers
 * and watchers that are to agree with routers take theirs from here.
 *
 * @example
 * const days = openDays(d);
 * const policy = createPolicy({ accessOf: (day) => days.accessOf(day) });
 * await days.prepare(dayAt(unixSecondsNow, d.emissionStart));
 */
export function openDays(d: Deployment, options: DaysOptions = {}): Days {
  const { fromBlock = 0, confirmations = 0, others = [], maxBudgetWei } = options;
  const chain = { provider: d.provider, emissionStart: d.emissionStart, fromBlock, confirmations };
  const days = new DayBlocks(chain);
  return new Days({
    balances: sumBalances([archiveBalances({ ...chain, token: d.addresses.token }), ...others]),
    budgetOf: async (day) => {
      const { blockNumber } = await days.firstOf(day);
      return (await readState(d, blockNumber)).pool.budgetWei;
    },
    ...(maxBudgetWei === undefined ? {} : { maxBudgetWei }),
  });
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
