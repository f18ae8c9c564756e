import { network } from "hardhat";
import { hex } from "../wire/bytes.js";
import { transaction, type Key } from "../wire/keys.js";

/** Chain id of the differential chains. */
export const CHAIN_ID = 31_337n;

/** What a transaction led to. Hex without prefix. */
export interface Receipt {
  readonly status: boolean;
  readonly gasUsed: bigint;
  /** `address|topics|data` of each log. */
  readonly logs: readonly string[];
  /** Revert data; only of a transaction that failed. */
  readonly revertData?: string;
  readonly created?: bigint;
  /** What the call returned, where it was asked for. */
  readonly returned?: string;
}

/** A signed transaction and the moment of its block, in Unix seconds. */
export interface Sent {
  readonly at: bigint;
  readonly raw: string;
}

interface RpcReceipt {
  readonly status: string;
  readonly gasUsed: string;
  readonly contractAddress: string | null;
  readonly logs: readonly { address: string; topics: readonly string[]; data: string }[];
}

interface Provider {
  request(request: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

/** A chain in this process (EDR), with a block for each transaction at a moment of our choice. */
export class Node {
  readonly #nonces = new Map<bigint, bigint>();

  private constructor(
    readonly provider: Provider,
    readonly stop: () => Promise<void>,
    /** Told of every transaction. */
    public watch: ((sent: Sent, receipt: Receipt) => void) | undefined,
  ) {}

  /** Start a chain whose first block is older than `startAt`. */
  static async start(startAt: bigint): Promise<Node> {
    const connection = await network.create({
      network: "l1",
      override: {
        chainId: Number(CHAIN_ID),
        initialBaseFeePerGas: 0,
        blockGasLimit: 60_000_000n,
        accounts: [],
        allowBlocksWithSameTimestamp: true,
        initialDate: new Date(Number(startAt - 1n) * 1_000),
      },
    });
    return new Node(connection.provider, () => connection.close(), undefined);
  }

  /** Send a transaction of `key` in a block at `at`. `asks`: call it before, to see what it returns. */
  async send(key: Key, at: bigint, to: bigint | undefined, data: string, asks = false): Promise<Receipt> {
    const nonce = this.#nonces.get(key.address) ?? 0n;
    this.#nonces.set(key.address, nonce + 1n);
    const raw = transaction(key, { chainId: CHAIN_ID, nonce, to, data });
    await this.provider.request({ method: "evm_setNextBlockTimestamp", params: [Number(at)] });
    const returned = asks && to !== undefined ? await this.call(key.address, to, data, "pending") : undefined;
    const posted = await this.#post(raw);
    const receipt = returned === undefined ? posted : { ...posted, returned };
    this.watch?.({ at, raw }, receipt);
    return receipt;
  }

  async #post(raw: string): Promise<Receipt> {
    let revertData: string | undefined;
    let hash: unknown;
    try {
      hash = await this.provider.request({ method: "eth_sendRawTransaction", params: [`0x${raw}`] });
    } catch (error) {
      const failed = error as { data?: unknown; transactionHash?: string };
      if (typeof failed.data !== "string" || failed.transactionHash === undefined) throw error;
      revertData = failed.data.slice(2);
      hash = failed.transactionHash;
    }
    const receipt = (await this.provider.request({
      method: "eth_getTransactionReceipt",
      params: [hash],
    })) as RpcReceipt;
    const { status, gasUsed, contractAddress, logs } = receipt;
    return {
      status: status === "0x1",
      gasUsed: BigInt(gasUsed),
      logs: logs.map(({ address, topics, data }) => {
        return `${address.slice(2)}|${topics.map((topic) => topic.slice(2)).join(",")}|${data.slice(2)}`;
      }),
      ...(revertData === undefined ? {} : { revertData }),
      ...(contractAddress === null ? {} : { created: BigInt(contractAddress) }),
    };
  }

  /** Ask a contract. `tag` pending: as the next block's transaction would. */
  async call(from: bigint, to: bigint, data: string, tag: "latest" | "pending" = "latest"): Promise<string> {
    const request = { from: `0x${hex(from, 20)}`, to: `0x${hex(to, 20)}`, data: `0x${data}`, gas: "0xf42400" };
    return ((await this.provider.request({ method: "eth_call", params: [request, tag] })) as string).slice(2);
  }
}
