import { network } from "hardhat";
import type { Signer } from "ethers";
import { InputError } from "./input/index.js";

/** Slots of the OP stack's L1Block contract and example values of its mainnets: so the L1 data fee is really charged. */
const L1_BLOCK = "0x4200000000000000000000000000000000000015";
const L1_FEE_SLOTS: readonly (readonly [bigint, bigint])[] = [
  [1n, 5_000_000_000n], // L1 base fee, wei
  [7n, 1_000_000_000n], // L1 blob base fee, wei
  [3n, (2_269n << 96n) | (1_055_762n << 64n)], // base fee scalar, blob base fee scalar
];

/** There is no node at the address of `--rpc`. */
export class NodeUnreachable extends InputError {
  constructor(url: string, cause: unknown) {
    super({ file: url }, "no node answers", "start hardhat node or anvil there, or leave --rpc out", cause);
  }
}

/** The node cannot be told what time it is: a replay would have to wait for real days. */
export class TimeNotSteerable extends InputError {
  constructor(url: string, cause: unknown) {
    super({ file: url }, "the node's time cannot be steered", "use hardhat node or anvil", cause);
  }
}

type Connection = Awaited<ReturnType<typeof connectTo>>;

/** What the transactions of the replay have cost. */
export interface ChainTotals {
  transactions: number;
  gas: bigint;
  l1FeeWei: bigint;
}

/** A development chain under the replay's clock. */
export class ReplayChain {
  readonly totals: ChainTotals = { transactions: 0, gas: 0n, l1FeeWei: 0n };
  #time: bigint;

  private constructor(
    readonly connection: Connection,
    readonly label: string,
    time: bigint,
  ) {
    this.#time = time;
  }

  /** Start the embedded chain, or use the node at `rpc`. Throws NodeUnreachable and TimeNotSteerable. */
  static async open(rpc: string | undefined, startAt: bigint): Promise<ReplayChain> {
    const connection = await connectTo(rpc, startAt);
    try {
      if (rpc !== undefined) return await ReplayChain.#onNode(connection, rpc);
      for (const [slot, value] of L1_FEE_SLOTS) await connection.networkHelpers.setStorageAt(L1_BLOCK, slot, value);
      return new ReplayChain(connection, "embedded OP-stack chain (EDR)", await timeOf(connection));
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  static async #onNode(connection: Connection, url: string): Promise<ReplayChain> {
    const time = await timeOf(connection).catch((cause: unknown) => {
      throw new NodeUnreachable(url, cause);
    });
    const chain = new ReplayChain(connection, url, time);
    await chain.#requireSteerable(url);
    return chain;
  }

  /** Time of the last block, in Unix seconds. */
  get time(): bigint {
    return this.#time;
  }

  /** Take over the time of the last block, after transactions that were sent without this clock. */
  async sync(): Promise<void> {
    this.#time = await timeOf(this.connection);
  }

  async signers(): Promise<Signer[]> {
    return this.connection.ethers.getSigners();
  }

  /** Mine a block at `time`, so that calls and transactions see it. A moment already past is left out. */
  async advanceTo(time: bigint): Promise<void> {
    if (time <= this.#time) return;
    await this.#nextBlockAt(time);
    await this.connection.ethers.provider.send("evm_mine", []);
  }

  /** Run something that sends one transaction in the next second, and count what it cost. */
  async transact<T extends { receipt: { hash: string } }>(send: () => Promise<T>): Promise<T> {
    await this.#nextBlockAt(this.#time + 1n);
    const mined = await send();
    const { gasUsed, l1Fee } = (await this.connection.ethers.provider.send("eth_getTransactionReceipt", [
      mined.receipt.hash,
    ])) as { gasUsed: string; l1Fee?: string };
    this.totals.transactions += 1;
    this.totals.gas += BigInt(gasUsed);
    this.totals.l1FeeWei += BigInt(l1Fee ?? 0);
    return mined;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #nextBlockAt(time: bigint): Promise<void> {
    await this.connection.ethers.provider.send("evm_setNextBlockTimestamp", [Number(time)]);
    this.#time = time;
  }

  async #requireSteerable(url: string): Promise<void> {
    const wanted = this.#time + 60n;
    try {
      await this.advanceTo(wanted);
      const reached = await timeOf(this.connection);
      if (reached !== wanted) throw new Error(`asked for ${wanted}, got ${reached}`);
    } catch (cause) {
      throw new TimeNotSteerable(url, cause);
    }
  }
}

function connectTo(rpc: string | undefined, startAt: bigint) {
  return rpc === undefined
    ? network.create({ network: "op", override: { initialDate: new Date(Number(startAt) * 1_000) } })
    : network.create({ network: "localhost", override: { url: rpc } });
}

async function timeOf({ ethers }: Connection): Promise<bigint> {
  const latest = await ethers.provider.getBlock("latest");
  return BigInt(latest?.timestamp ?? 0);
}
