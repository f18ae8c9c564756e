import { toQuantity, type Provider } from "ethers";
import { decodeError } from "../errors/decode.js";
import type { Address, Hash32, UnixSeconds } from "../units/brands.js";

/** A block by which a place on a chain is known again. */
export interface BlockMark {
  readonly blockNumber: number;
  readonly blockHash: Hash32;
}

/** A mark with the moment of its block. */
export interface TimedMark extends BlockMark {
  readonly timestamp: UnixSeconds;
}

/** A log with its place. */
export interface PlacedLog extends BlockMark {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly transactionHash: string;
  readonly logIndex: number;
}

/** Which logs are asked for. */
export interface LogQuery {
  readonly addresses: readonly Address[];
  readonly topics: readonly Hash32[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

interface RawBlock {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}

interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: string;
  readonly removed?: boolean;
}

type Send = (method: string, params: readonly unknown[]) => Promise<unknown>;

/**
 * Read blocks and logs as the node has them now. ethers answers a request that was made a moment ago from memory, which would
 * hide a reorganisation, so requests go past it where the provider has `send`. One that has not, as ethers' FallbackProvider, should
 * be made with `cacheTimeout: -1`.
 */
export class ChainReader {
  readonly #provider: Provider;
  readonly #send: Send | undefined;

  constructor(provider: Provider) {
    this.#provider = provider;
    const { send } = provider as { send?: Send };
    this.#send = typeof send === "function" ? (method, params) => send.call(provider, method, params) : undefined;
  }

  /** A block by number, or the newest; undefined when the node has none of this number. */
  async mark(tag: number | "latest"): Promise<TimedMark | undefined> {
    if (this.#send === undefined) {
      const block = await this.#provider.getBlock(tag);
      return block?.hash == null ? undefined : timed(block.number, block.hash, block.timestamp);
    }
    const params = [tag === "latest" ? tag : toQuantity(tag), false];
    const block = (await this.#send("eth_getBlockByNumber", params)) as RawBlock | null;
    return block === null ? undefined : timed(Number(block.number), block.hash, Number(block.timestamp));
  }

  /** Logs of a range, in order. Errors are the node's own: see `logFailureOf`. */
  async logs({ addresses, topics, fromBlock, toBlock }: LogQuery): Promise<PlacedLog[]> {
    const filter = { address: [...addresses], topics: [[...topics]] };
    const logs =
      this.#send === undefined
        ? (await this.#provider.getLogs({ ...filter, fromBlock, toBlock })).map((log) => ({
            ...pick(log),
            blockNumber: log.blockNumber,
            logIndex: log.index,
          }))
        : (
            (await this.#send("eth_getLogs", [
              { ...filter, fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) },
            ])) as RawLog[]
          ).flatMap((log) =>
            log.removed === true
              ? []
              : [{ ...pick(log), blockNumber: Number(log.blockNumber), logIndex: Number(log.logIndex) }],
          );
    return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  }
}

/** Run a request again while that may help, up to `attempts` times, waiting longer each time. @throws the decoded error */
export async function persistently<T>(request: () => Promise<T>, attempts: number, signal?: AbortSignal): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await request();
    } catch (cause) {
      const error = decodeError(cause);
      if (error.retry !== "now" || made >= attempts || signal?.aborted === true) throw error;
      await pause(100 * 2 ** made, signal);
    }
  }
}

/** Wait; a signal ends it at once. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

function timed(blockNumber: number, blockHash: string, timestamp: number): TimedMark {
  return { blockNumber, blockHash: blockHash.toLowerCase() as Hash32, timestamp: BigInt(timestamp) as UnixSeconds };
}

function pick({ address, topics, data, blockHash, transactionHash }: Omit<RawLog, "blockNumber" | "logIndex">) {
  return { address, topics, data, blockHash: blockHash.toLowerCase() as Hash32, transactionHash };
}
