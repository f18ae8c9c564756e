import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createTxFromRLP } from "@ethereumjs/tx";
import { bytesToHex, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { createVM, runTx, type VM } from "@ethereumjs/vm";
import { hex } from "../wire/bytes.js";
import { CHAIN_ID, type Receipt, type Sent } from "./node.js";

const BLOCK_GAS = 60_000_000n;
const bare = (bytes: Uint8Array): string => bytesToHex(bytes).slice(2);

/** What a transaction led to on the second EVM; `output` is what it returned or reverted with. */
export interface SecondReceipt extends Omit<Receipt, "revertData" | "returned"> {
  readonly output: string;
}

/** A chain on an EVM that shares no code with the first one: a block for each transaction, no fees. */
export class SecondEvm {
  #number = 0n;
  #lastAt = 0n;

  private constructor(
    readonly vm: VM,
    readonly common: Common,
  ) {}

  /** Start an empty chain under the rules of the first one. */
  static async start(): Promise<SecondEvm> {
    const common = new Common({ chain: { ...Mainnet, chainId: Number(CHAIN_ID) }, hardfork: Hardfork.Osaka });
    return new SecondEvm(await createVM({ common }), common);
  }

  /** Execute a signed transaction in a block at its moment. */
  async send({ raw, at }: Sent): Promise<SecondReceipt> {
    this.#number++;
    this.#lastAt = at;
    const tx = createTxFromRLP(hexToBytes(`0x${raw}`), { common: this.common });
    const { execResult, totalGasSpent, createdAddress } = await runTx(this.vm, { tx, block: this.#block() });
    return {
      status: execResult.exceptionError === undefined,
      gasUsed: totalGasSpent,
      output: bare(execResult.returnValue),
      logs: (execResult.logs ?? []).map(([address, topics, data]) => {
        return `${bare(address)}|${topics.map(bare).join(",")}|${bare(data)}`;
      }),
      ...(createdAddress === undefined ? {} : { created: BigInt(createdAddress.toString()) }),
    };
  }

  /** Ask a contract as of the last block. */
  async call(from: bigint, to: bigint, data: string): Promise<string> {
    await this.vm.evm.journal.checkpoint();
    const { execResult } = await this.vm.evm.runCall({
      block: this.#block(),
      caller: createAddressFromString(`0x${hex(from, 20)}`),
      to: createAddressFromString(`0x${hex(to, 20)}`),
      data: hexToBytes(`0x${data}`),
      gasLimit: BLOCK_GAS,
    });
    await this.vm.evm.journal.revert();
    return bare(execResult.returnValue);
  }

  #block() {
    const header = { number: this.#number, timestamp: this.#lastAt, gasLimit: BLOCK_GAS, baseFeePerGas: 0n };
    return createBlock({ header }, { common: this.common });
  }
}
