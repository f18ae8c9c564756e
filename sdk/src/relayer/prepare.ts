import { Transaction, type Provider, type TransactionLike } from "ethers";
import type { UnsignedCall } from "../actions/write.js";
import { hexToBytes } from "../crypto/hex.js";
import type { Deployment } from "../deployment/deployment.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";
import { RelaySenderPoor, RelayTooLarge, RelayUnprofitable } from "../errors/relayer.js";
import type { Address, Hex, Wei } from "../units/brands.js";
import { WEI_PER_MOR } from "../units/constants.js";
import { callOf, paidBy } from "./call.js";
import { readNitroL1Gas, readOpDataFee, type DataFee, type DataFeeKind } from "./dataFee.js";
import { bumpedPrice, expectedPrice, type GasPrice } from "./fees.js";
import { isRefusal, judge, type Verdict } from "./judge.js";
import { splitTask } from "./splitTask.js";
import type { RelaySettings } from "./settings.js";
import type { Part, Variant } from "./state.js";
import { isAsking } from "./asking.js";

/** The chain as one look at it found it. */
export interface ChainView {
  readonly blockNumber: number;
  readonly blockGas: bigint;
  /** Moment of the latest block in Unix seconds. */
  readonly timestamp: bigint;
  readonly gasPrice: GasPrice;
  readonly dataFee: DataFeeKind;
}

/** What a transaction is prepared with. */
export interface PrepareContext {
  readonly d: Deployment;
  readonly sender: Address;
  readonly settings: RelaySettings;
  readonly view: ChainView;
}

/** A transaction to sign, or what follows when there is none to send. */
export type Prepared = { readonly do: "send"; readonly transaction: TransactionLike } | Verdict;

/** What a transaction takes beside its data: fields, access list and signature, rounded up. */
const ENVELOPE_BYTES = 200;
const TRANSFER_GAS = 21_000n;
const WITHOUT_FUNDS = /insufficient funds|enough funds/i;
/** Each time a transaction of the same part ran out of gas, the next one gets so much more. */
const REVERT_MARGIN_PERCENT = 25;

/**
 * Make the transaction of a part: write its call, simulate it, estimate its gas, price it, and check that it fits the chain, is
 * worth its fee and can be paid. Sends nothing. `before` is what it replaces.
 */
export async function prepare(context: PrepareContext, part: Part, nonce: number, before?: Variant): Promise<Prepared> {
  const { d, sender } = context;
  let call: UnsignedCall;
  let returned: string;
  let estimate: bigint;
  try {
    call = await callOf(d, part.task);
    const tooLong = divided(context, part, call, 0n);
    if (tooLong !== undefined) return tooLong;
    returned = await d.provider.call({ ...call, from: sender });
    estimate = await estimateGas(d.provider, call, sender);
  } catch (cause) {
    const refusal = decodeError(cause);
    if (isRefusal(refusal)) return judge(d, part.task, refusal);
    if (WITHOUT_FUNDS.test(refusal.message)) await requireFunds(context, part, nonce);
    throw refusal;
  }
  requireExecution(call, estimate);
  return fitted(context, part, call, { nonce, before, estimate, paidWei: paidBy(d, part.task, returned) });
}

/** Nodes that charge for data estimate nothing for a sender that cannot even pay for that: say what it lacks. */
async function requireFunds(context: PrepareContext, { task }: Part, nonce: number): Promise<void> {
  const { d, sender, view } = context;
  const bare = transactionOf(d.chainId, await callOf(d, task), nonce, TRANSFER_GAS, view.gasPrice);
  const { mostWei } = await dataFeeOf(d.provider, view.dataFee, bare, TRANSFER_GAS);
  await requireBalance(d.provider, sender, TRANSFER_GAS * view.gasPrice.maxFeePerGas + mostWei);
}

async function requireBalance(provider: Provider, sender: Address, neededWei: bigint): Promise<void> {
  const balanceWei = await provider.getBalance(sender);
  if (balanceWei < neededWei) throw new RelaySenderPoor(balanceWei, neededWei);
}

/** On the latest block: some nodes would count what waits in the pool, and so refuse what is to replace it. */
async function estimateGas(provider: Provider, { to, data }: UnsignedCall, from: Address): Promise<bigint> {
  if (!isAsking(provider)) return provider.estimateGas({ to, data, from });
  return BigInt((await provider.send("eth_estimateGas", [{ from, to, data }, "latest"])) as string);
}

/** A transaction that does nothing but use its nonce. @throws RelayFeeAboveCap */
export function fillerOf({ d, sender, settings, view }: PrepareContext, nonce: number, before?: Variant) {
  const price = bumpedPrice(view.gasPrice, before, settings.fees);
  const call: UnsignedCall = { to: sender, data: "0x", value: 0n };
  // An Arbitrum transfer pays for L1 within its gas.
  const gasLimit = view.dataFee === "nitro" ? TRANSFER_GAS * 10n : TRANSFER_GAS;
  return transactionOf(d.chainId, call, nonce, gasLimit, price);
}

interface Measured {
  readonly nonce: number;
  readonly before: Variant | undefined;
  readonly estimate: bigint;
  readonly paidWei: Wei | undefined;
}

async function fitted(context: PrepareContext, part: Part, call: UnsignedCall, measured: Measured): Promise<Prepared> {
  const { d, sender, settings, view } = context;
  const { nonce, before, estimate, paidWei } = measured;
  const gasForL1 = view.dataFee === "nitro" ? await readNitroL1Gas(d.provider, call) : 0n;
  const tooMuch = divided(context, part, call, estimate - gasForL1);
  if (tooMuch !== undefined) return tooMuch;
  const price = bumpedPrice(view.gasPrice, before, settings.fees);
  const margin = BigInt(settings.limits.gasMarginPercent + part.reverts * REVERT_MARGIN_PERCENT);
  const limit = mostGas(context) + gasForL1;
  const wanted = estimate + (estimate * margin) / 100n;
  const transaction = transactionOf(d.chainId, call, nonce, wanted < limit ? wanted : limit, price);
  const data = await dataFeeOf(d.provider, view.dataFee, transaction, estimate);
  const feeWei = estimate * expectedPrice(price) + data.feeWei;
  requireProfit(settings, paidWei, feeWei);
  await requireBalance(d.provider, sender, transaction.gasLimit * price.maxFeePerGas + data.mostWei);
  return { do: "send", transaction };
}

/** Every verb writes. Gas for the bytes alone is the estimate of a chain that has no contract there. */
function requireExecution({ data }: UnsignedCall, estimate: bigint): void {
  const bytes = hexToBytes(data);
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const bare = TRANSFER_GAS + BigInt(zeros) * 4n + BigInt(bytes.length - zeros) * 16n;
  if (estimate <= bare)
    throw new ChainRequestFailed(`the node estimates ${estimate} gas, which executes nothing`, "now");
}

/** Half the task, when a transaction cannot hold all of it. */
function divided(context: PrepareContext, { task }: Part, { data }: UnsignedCall, gas: bigint): Verdict | undefined {
  const { maxBytes } = context.settings.limits;
  const bytes = (data.length - 2) / 2 + ENVELOPE_BYTES;
  const maxGas = mostGas(context);
  if (bytes <= maxBytes && gas <= maxGas) return undefined;
  const tasks = splitTask(task);
  if (tasks !== undefined) return { do: "split", tasks, isCertain: true };
  return { do: "fail", failure: new RelayTooLarge(bytes, gas, maxBytes, maxGas) };
}

function mostGas({ settings, view }: PrepareContext): bigint {
  const maxGas = BigInt(settings.limits.maxGas);
  return maxGas < view.blockGas ? maxGas : view.blockGas;
}

function requireProfit({ fees: { profit } }: RelaySettings, paidWei: Wei | undefined, feeWei: bigint): void {
  if (profit === undefined || paidWei === undefined) return;
  const { weiPerMor, percent = 100 } = profit;
  const valueWei = (paidWei * weiPerMor) / WEI_PER_MOR;
  if (valueWei * 100n < feeWei * BigInt(percent)) throw new RelayUnprofitable(valueWei, feeWei, percent);
}

async function dataFeeOf(
  provider: Provider,
  kind: DataFeeKind,
  transaction: TransactionLike,
  gas: bigint,
): Promise<DataFee> {
  if (kind !== "op") return { feeWei: 0n, mostWei: 0n };
  return readOpDataFee(provider, Transaction.from(transaction).unsignedSerialized as Hex, gas);
}

function transactionOf(chainId: bigint, call: UnsignedCall, nonce: number, gasLimit: bigint, price: GasPrice) {
  const { maxFeePerGas, maxPriorityFeePerGas, hasBaseFee } = price;
  const offer = hasBaseFee ? { type: 2, maxFeePerGas, maxPriorityFeePerGas } : { type: 0, gasPrice: maxFeePerGas };
  return { ...call, chainId, nonce, gasLimit, ...offer };
}
