import type { Deployment } from "../deployment/deployment.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { ChainChanged } from "../errors/relayer.js";
import type { Address } from "../units/brands.js";
import { readDataFeeKind, type DataFeeKind } from "./dataFee.js";
import { readGasPrice } from "./fees.js";
import { isAsking } from "./asking.js";
import type { ChainView } from "./prepare.js";
import type { FeePolicy } from "./settings.js";

/** A look at the chain, with how many transactions of the sender are in blocks. */
export interface SenderView extends ChainView {
  readonly count: number;
}

/** Times that the first count is asked for again. */
const CONFIRMATIONS = 3;

/** Require that the node serves the deployment's chain, asked anew and not from memory. @throws ChainChanged */
export async function requireChain({ provider, chainId }: Deployment): Promise<void> {
  const actual = isAsking(provider)
    ? BigInt((await provider.send("eth_chainId", [])) as string)
    : (await provider.getNetwork()).chainId;
  if (actual !== chainId) throw new ChainChanged(chainId, actual);
}

/** Look at the latest block. @throws ChainChanged; ChainRequestFailed when the node shows none */
export async function readView(
  d: Deployment,
  sender: Address,
  fees: FeePolicy,
  dataFee: DataFeeKind | undefined,
): Promise<SenderView> {
  await requireChain(d);
  const [block, count] = await Promise.all([
    d.provider.getBlock("latest"),
    d.provider.getTransactionCount(sender, "latest"),
  ]);
  if (block === null) throw new ChainRequestFailed("the node shows no latest block", "now");
  const kind = dataFee ?? (await readDataFeeKind(d.provider));
  // It is remembered: the chain that answered must be the right one.
  if (dataFee === undefined) await requireChain(d);
  return {
    blockNumber: block.number,
    blockGas: block.gasLimit,
    timestamp: BigInt(block.timestamp),
    gasPrice: await readGasPrice(d.provider, block.baseFeePerGas, fees),
    dataFee: kind,
    count,
  };
}

/**
 * Ask again how many transactions of the sender there are: the first nonce, and with it all others, rests on this figure.
 * @throws ChainRequestFailed when the answers differ
 */
export async function confirmCount({ provider }: Deployment, sender: Address, { count }: SenderView): Promise<void> {
  for (let time = 1; time <= CONFIRMATIONS; time++) {
    const again = await provider.getTransactionCount(sender, "latest");
    if (again !== count) throw new ChainRequestFailed(`the node counts ${count} transactions, then ${again}`, "now");
  }
}
