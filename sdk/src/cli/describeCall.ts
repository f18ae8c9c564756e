import { Transaction, type ParamType, type Result } from "ethers";
import { readBlock } from "../actions/read.js";
import type { UnsignedCall } from "../actions/write.js";
import type { Deployment } from "../deployment/index.js";
import { decodeError } from "../errors/decode.js";
import type { YellowstoneError } from "../errors/base.js";
import { expectedPrice, readGasPrice } from "../relayer/fees.js";
import { readDataFeeKind, readOpDataFee } from "../relayer/dataFee.js";
import type { Hex } from "../units/index.js";
import { ether, pairs } from "./words.js";

/** Contracts of the suite, by the names that a call is shown with. */
const CONTRACTS = ["compute", "registry", "bootstrap", "token", "routers", "authority"] as const;
const SHOWN_CHARACTERS = 100;

/** A call as a person or a program can judge it. */
export interface DescribedCall {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly contract: string;
  readonly function: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly gas: bigint | undefined;
  /** Expected price of a gas, in wei of the chain's coin. */
  readonly gasPriceWei: bigint;
  /** Gas at that price, and what the chain takes for data beside it. */
  readonly feeWei: bigint | undefined;
  /** Why the call would fail now. */
  readonly failure: YellowstoneError | undefined;
}

/** Describe a call: decode it, estimate its gas as of `from`, and price it. Sends nothing. @throws ChainRequestFailed */
export async function describeCall(
  d: Deployment,
  call: UnsignedCall,
  from: string | undefined,
): Promise<DescribedCall> {
  const { baseFeePerGas } = await readBlock(d, "latest");
  const price = await readGasPrice(d.provider, baseFeePerGas, {});
  const gasPriceWei = expectedPrice(price);
  const decoded = decode(d, call);
  const base = { to: call.to, data: call.data, value: call.value, ...decoded, gasPriceWei };
  let gas: bigint;
  try {
    gas = await d.provider.estimateGas({ ...call, ...(from === undefined ? {} : { from }) });
  } catch (cause) {
    const failure = decodeError(cause);
    if (failure.code === "ChainRequestFailed") throw failure;
    return { ...base, gas: undefined, feeWei: undefined, failure };
  }
  return { ...base, gas, feeWei: gas * gasPriceWei + (await dataFee(d, call, gas)), failure: undefined };
}

/** Only OP-stack chains take more than gas: an estimate on Nitro has it in it. */
async function dataFee(d: Deployment, { to, data }: UnsignedCall, gas: bigint): Promise<bigint> {
  if ((await readDataFeeKind(d.provider)) !== "op") return 0n;
  const unsigned = Transaction.from({ type: 2, chainId: d.chainId, to, data, gasLimit: gas, maxFeePerGas: 2n ** 32n });
  return (await readOpDataFee(d.provider, unsigned.unsignedSerialized as Hex, gas)).feeWei;
}

function decode(d: Deployment, { to, data }: UnsignedCall): Pick<DescribedCall, "contract" | "function" | "args"> {
  // The SDK's own verbs call nothing but functions of the suite.
  const contract = CONTRACTS.find((name) => d.addresses[name] === to)!;
  const parsed = d[contract].interface.parseTransaction({ data })!;
  return { contract, function: parsed.signature, args: plainOf(parsed.fragment.inputs, parsed.args) };
}

/** Decoded arguments without ethers' wrapping: structs as objects, lists as arrays. */
function plainOf(types: readonly ParamType[], values: Result): Record<string, unknown> {
  return Object.fromEntries(types.map((type, i) => [type.name, plain(type, values[i])]));
}

function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return (value as Result).toArray().map((item: unknown) => plain(type.arrayChildren, item));
  return type.isTuple() ? plainOf(type.components, value as Result) : value;
}

/** Put a described call into lines. */
export function callText(call: DescribedCall): string {
  const { to, contract, args, gas, gasPriceWei, feeWei, failure, data } = call;
  const rows: [string, string][] = [
    ["to", `${to} (${contract})`],
    ["function", call.function],
    ...Object.entries(args).map(([name, value]): [string, string] => [`  ${name}`, shown(value)]),
    ["data", shown(data)],
  ];
  if (failure !== undefined) return pairs([...rows, ["would fail", failure.message]]);
  const fee = feeWei === undefined ? "not known before the call in front of it" : ether(feeWei);
  const estimate = gas === undefined ? "not known before the call in front of it" : `${gas} at ${gasPriceWei} wei`;
  return pairs([...rows, ["gas", estimate], ["fee", fee]]);
}

function shown(value: unknown): string {
  const text =
    typeof value === "string"
      ? value
      : JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS - 20)}… (${text.length} characters)`;
}
