import type { Provider } from "ethers";
import type { BalanceBlock } from "../access/balanceSource.js";
import { DayNotBegun } from "../errors/balances.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";
import type { UnixSeconds } from "../units/brands.js";
import { startOfDay } from "../units/clock.js";
import { EMISSION_START } from "../units/constants.js";
import { hash32, unixSeconds, type Hash32, type Integer } from "../units/index.js";

/** Which chain is read, and how. */
export interface ChainSource {
  readonly provider: Provider;
  /** Zero of block-days in Unix seconds; that of the real schedule when left out. */
  readonly emissionStart?: Integer;
  /** No day begins before this block; 0 when left out. */
  readonly fromBlock?: number;
  /** Blocks behind the newest that count as settled; 0 when left out. */
  readonly confirmations?: number;
  /** How often a request is made that fails for a reason that may be gone at once; 3 when left out. */
  readonly attempts?: number;
}

/** The first block of a day, with its hash. */
export interface DayBlock extends BalanceBlock {
  readonly blockHash: Hash32;
}

const KEPT_DAYS = 8;

/** Finds the first block of block-days on one chain. */
export class DayBlocks {
  readonly #source: ChainSource;
  readonly #known = new Map<bigint, Promise<DayBlock>>();
  #chainId: bigint | undefined;

  constructor(source: ChainSource) {
    this.#source = source;
  }

  /** First settled block of a day: found by bisection, then remembered. @throws DayNotBegun, ChainRequestFailed */
  firstOf(day: bigint): Promise<DayBlock> {
    const known = this.#known.get(day);
    if (known !== undefined) return known;
    const found = this.#find(day);
    this.#known.set(day, found);
    // What failed is asked again; of what is known the oldest goes.
    found.catch(() => this.#known.delete(day));
    if (this.#known.size > KEPT_DAYS) this.#known.delete([...this.#known.keys()][0]!);
    return found;
  }

  /** Run a request to the chain, again if that may help. @throws ChainRequestFailed, and others of `decodeError` */
  async request<T>(send: () => Promise<T>): Promise<T> {
    for (let left = this.#source.attempts ?? 3; ; left--) {
      try {
        return await send();
      } catch (cause) {
        const error = decodeError(cause);
        if (error.retry !== "now" || left <= 1) throw error;
      }
    }
  }

  async chainId(): Promise<bigint> {
    this.#chainId ??= (await this.request(() => this.#source.provider.getNetwork())).chainId;
    return this.#chainId;
  }

  /** A block by its number. @throws ChainRequestFailed when the node does not have it */
  async blockAt(blockNumber: number): Promise<DayBlock> {
    const block = await this.request(() => this.#source.provider.getBlock(blockNumber));
    if (block?.hash == null) throw new ChainRequestFailed(`block ${blockNumber} is not there`, "later");
    const timestamp = unixSeconds(block.timestamp);
    return { chainId: await this.chainId(), blockNumber, timestamp, blockHash: hash32(block.hash) };
  }

  async #find(day: bigint): Promise<DayBlock> {
    const { provider, emissionStart = EMISSION_START, fromBlock = 0, confirmations = 0 } = this.#source;
    const startAt: UnixSeconds = startOfDay(day, emissionStart);
    const newest = await this.request(() => provider.getBlockNumber());
    let found = await this.blockAt(Math.max(newest - confirmations, 0));
    if (found.timestamp < startAt || found.blockNumber < fromBlock) {
      throw new DayNotBegun(found.chainId, day, startAt, found.timestamp);
    }
    // `found` is of the day or later; every block below `low` is of an earlier one.
    for (let low = fromBlock; low < found.blockNumber;) {
      const middle = Math.floor((low + found.blockNumber) / 2);
      const block = await this.blockAt(middle);
      if (block.timestamp >= startAt) found = block;
      else low = middle + 1;
    }
    return found;
  }
}
