import { createBlock, type Block } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import {
  bytesToHex,
  createAccount,
  createAddressFromString,
  hexToBytes,
  type PrefixedHexString,
} from "@ethereumjs/util";
import { createVM, runTx, type RunTxResult, type VM } from "@ethereumjs/vm";
import type { Answer } from "./face.js";

interface Mined {
  readonly block: Block;
  readonly transaction?: TypedTransaction;
  readonly result?: RunTxResult;
}

const CHAIN_ID = 31_337;
const BLOCK_GAS = 30_000_000n;
const BASE_FEE = 1_000_000_000n;
const quantity = (value: bigint | number): string => `0x${value.toString(16)}`;

/**
 * A chain on an EVM that is not revm, with the JSON-RPC methods that a relayer asks for. It mines a block for each transaction,
 * keeps no pool and no old states.
 */
export async function otherEvm(rich: readonly string[]): Promise<Answer> {
  const common = new Common({ chain: { ...Mainnet, chainId: CHAIN_ID }, hardfork: Hardfork.Cancun });
  const vm = await createVM({ common });
  for (const each of rich) {
    await vm.stateManager.putAccount(createAddressFromString(each), createAccount({ balance: 10n ** 24n }));
  }
  const chain: Mined[] = [{ block: blockAt(common, 0, BigInt(Math.floor(Date.now() / 1_000)), undefined) }];
  let shift = 0n;
  const head = () => chain[chain.length - 1]!;
  const next = () => {
    const now = BigInt(Math.floor(Date.now() / 1_000)) + shift;
    const least = head().block.header.timestamp + 1n;
    return blockAt(common, chain.length, now > least ? now : least, head().block);
  };

  async function call(request: Request, gas: bigint) {
    await vm.evm.journal.checkpoint();
    try {
      const { execResult } = await vm.evm.runCall({
        block: next(),
        ...(request.from === undefined ? {} : { caller: createAddressFromString(request.from) }),
        ...(request.to === undefined ? {} : { to: createAddressFromString(request.to) }),
        data: hexToBytes((request.data ?? request.input ?? "0x") as PrefixedHexString),
        gasLimit: gas,
      });
      if (execResult.exceptionError !== undefined) {
        const data = bytesToHex(execResult.returnValue);
        throw Object.assign(new Error(`execution reverted: ${execResult.exceptionError.error}`), { code: 3, data });
      }
      return execResult;
    } finally {
      await vm.evm.journal.revert();
      await vm.evm.journal.cleanup();
    }
  }

  async function send(raw: string): Promise<string> {
    const transaction = createTxFromRLP(hexToBytes(raw as PrefixedHexString), { common });
    const block = next();
    const account = await vm.stateManager.getAccount(transaction.getSenderAddress());
    if ((account?.nonce ?? 0n) > transaction.nonce) throw new Error("nonce too low");
    const result = await runTx(vm, { tx: transaction, block });
    chain.push({ block, transaction, result });
    return bytesToHex(transaction.hash());
  }

  const placed = (hash: unknown) =>
    chain.findIndex(({ transaction }) => transaction && bytesToHex(transaction.hash()) === hash);
  const numbered = (tag: unknown) => (tag === "latest" || tag === "pending" ? chain.length - 1 : Number(tag));
  const methods: Readonly<Record<string, (...params: never[]) => unknown>> = {
    eth_chainId: () => quantity(CHAIN_ID),
    eth_blockNumber: () => quantity(chain.length - 1),
    eth_gasPrice: () => quantity(2n * BASE_FEE),
    eth_maxPriorityFeePerGas: () => quantity(BASE_FEE),
    eth_getBlockByNumber: (tag: unknown, full: boolean) => blockView(chain, numbered(tag), full),
    eth_getBalance: async (at: string) => quantity((await accountOf(vm, at))?.balance ?? 0n),
    eth_getCode: async (at: string) => bytesToHex(await vm.stateManager.getCode(createAddressFromString(at))),
    eth_getTransactionCount: (at: string, tag: unknown) =>
      quantity(
        chain
          .slice(0, numbered(tag) + 1)
          .filter(({ transaction }) => transaction?.getSenderAddress().toString() === at.toLowerCase()).length,
      ),
    eth_call: async (request: Request) => bytesToHex((await call(request, BLOCK_GAS)).returnValue),
    eth_estimateGas: async (request: Request) => {
      const bytes = hexToBytes((request.data ?? request.input ?? "0x") as PrefixedHexString);
      const intrinsic = bytes.reduce((gas, byte) => gas + (byte === 0 ? 4n : 16n), request.to ? 21_000n : 53_000n);
      const words = request.to ? 0n : 2n * BigInt(Math.ceil(bytes.length / 32));
      const { executionGasUsed } = await call(request, BLOCK_GAS);
      // Enough for the 63/64 rule and for what is refunded only at the end.
      return quantity(intrinsic + words + (executionGasUsed * 13n) / 10n + 5_000n);
    },
    eth_sendRawTransaction: send,
    eth_getTransactionByHash: (hash: string) => transactionView(chain, placed(hash)),
    eth_getTransactionReceipt: (hash: string) => receiptView(chain, placed(hash)),
    eth_getLogs: (filter: Filter) => logsOf(chain, filter, numbered),
    evm_increaseTime: (seconds: number) => void (shift += BigInt(seconds)),
    evm_mine: () => void chain.push({ block: next() }),
  };
  return (method, params) =>
    Promise.resolve().then(() => {
      const answer = methods[method];
      if (answer !== undefined) return answer(...(params as never[]));
      throw Object.assign(new Error(`the method ${method} does not exist`), { code: -32_601 });
    });
}

interface Request {
  readonly from?: string;
  readonly to?: string;
  readonly data?: string;
  readonly input?: string;
}

interface Filter {
  readonly address: string;
  readonly topics: readonly string[];
  readonly fromBlock: string;
  readonly toBlock: string;
}

function blockAt(common: Common, number: number, timestamp: bigint, parent: Block | undefined): Block {
  const header = { number, timestamp, gasLimit: BLOCK_GAS, baseFeePerGas: BASE_FEE };
  const linked = parent === undefined ? header : { ...header, parentHash: parent.hash() };
  return createBlock({ header: linked }, { common });
}

function accountOf(vm: VM, at: string) {
  return vm.stateManager.getAccount(createAddressFromString(at));
}

function blockView(chain: readonly Mined[], number: number, full: boolean) {
  const mined = chain[number];
  if (mined === undefined) return null;
  const { header } = mined.block;
  const hashes = mined.transaction === undefined ? [] : [bytesToHex(mined.transaction.hash())];
  return {
    number: quantity(number),
    hash: bytesToHex(mined.block.hash()),
    parentHash: bytesToHex(header.parentHash),
    timestamp: quantity(header.timestamp),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(mined.result?.totalGasSpent ?? 0n),
    baseFeePerGas: quantity(BASE_FEE),
    nonce: "0x0000000000000000",
    difficulty: "0x0",
    miner: `0x${"00".repeat(20)}`,
    extraData: "0x",
    transactions: full ? hashes.map(() => transactionView(chain, number)) : hashes,
  };
}

function transactionView(chain: readonly Mined[], number: number) {
  const mined = chain[number];
  const transaction = mined?.transaction;
  if (mined === undefined || transaction === undefined) return null;
  return {
    ...transaction.toJSON(),
    hash: bytesToHex(transaction.hash()),
    from: transaction.getSenderAddress().toString(),
    gas: quantity(transaction.gasLimit),
    input: bytesToHex(transaction.data),
    blockHash: bytesToHex(mined.block.hash()),
    blockNumber: quantity(number),
    transactionIndex: "0x0",
  };
}

function receiptView(chain: readonly Mined[], number: number) {
  const mined = chain[number];
  const { transaction, result } = mined ?? {};
  if (mined === undefined || transaction === undefined || result === undefined) return null;
  return {
    transactionHash: bytesToHex(transaction.hash()),
    transactionIndex: "0x0",
    blockHash: bytesToHex(mined.block.hash()),
    blockNumber: quantity(number),
    from: transaction.getSenderAddress().toString(),
    to: transaction.to?.toString() ?? null,
    contractAddress: result.createdAddress?.toString() ?? null,
    status: result.execResult.exceptionError === undefined ? "0x1" : "0x0",
    gasUsed: quantity(result.totalGasSpent),
    cumulativeGasUsed: quantity(result.totalGasSpent),
    effectiveGasPrice: quantity(result.amountSpent / result.totalGasSpent),
    logsBloom: bytesToHex(result.bloom.bitvector),
    type: quantity(transaction.type),
    logs: logsAt(mined, number),
  };
}

function logsAt({ block, transaction, result }: Mined, number: number) {
  return (result?.execResult.logs ?? []).map(([at, topics, data], i) => ({
    address: bytesToHex(at),
    topics: topics.map((topic) => bytesToHex(topic)),
    data: bytesToHex(data),
    blockHash: bytesToHex(block.hash()),
    blockNumber: quantity(number),
    transactionHash: bytesToHex(transaction!.hash()),
    transactionIndex: "0x0",
    logIndex: quantity(i),
    removed: false,
  }));
}

function logsOf(
  chain: readonly Mined[],
  { address, topics, fromBlock, toBlock }: Filter,
  numbered: (tag: unknown) => number,
) {
  return chain
    .map((mined, number) => ({ mined, number }))
    .slice(numbered(fromBlock), numbered(toBlock) + 1)
    .flatMap(({ mined, number }) => logsAt(mined, number))
    .filter((log) => log.address === address.toLowerCase() && topics.every((topic, i) => log.topics[i] === topic));
}
