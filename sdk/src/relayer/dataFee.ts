import { Contract, type Provider } from "ethers";
import type { Hex } from "../units/brands.js";

/** OP-stack predeploy that knows the price of data on L1. */
const GAS_PRICE_ORACLE = "0x420000000000000000000000000000000000000F";
const ORACLE_ABI = [
  "function getL1Fee(bytes transaction) view returns (uint256)",
  "function getL1FeeUpperBound(uint256 unsignedBytes) view returns (uint256)",
  "function getOperatorFee(uint256 gasUsed) view returns (uint256)",
] as const;
/** Arbitrum precompile: where it has code, the chain is of the Nitro kind. */
const ARB_SYS = "0x0000000000000000000000000000000000000064";
/** It has no code: Nitro nodes answer calls to it themselves. */
const NODE_INTERFACE = "0x00000000000000000000000000000000000000C8";
const NODE_INTERFACE_ABI = [
  "function gasEstimateComponents(address to, bool contractCreation, bytes data) payable returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)",
  "function gasEstimateL1Component(address to, bool contractCreation, bytes data) payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)",
] as const;
const NO_ADDRESS = "0x0000000000000000000000000000000000000000";

/** How a chain charges for the data of a transaction: not at all apart from gas, beside gas, or within gas. */
export type DataFeeKind = "none" | "op" | "nitro";

/** Find out how a chain charges for data, from the contracts it has. */
export async function readDataFeeKind(provider: Provider): Promise<DataFeeKind> {
  if ((await provider.getCode(GAS_PRICE_ORACLE)) !== "0x") return "op";
  return (await provider.getCode(ARB_SYS)) !== "0x" ? "nitro" : "none";
}

/** What a chain takes beside gas, in wei. */
export interface DataFee {
  /** By the prices of this moment. */
  readonly feeWei: bigint;
  /** When the data compresses badly: what must be there to pay. */
  readonly mostWei: bigint;
}

/**
 * Read what an OP-stack chain will charge for a transaction beside its gas: the L1 data fee of its bytes, and the operator's
 * fee where there is one. `unsigned` is the transaction without its signature, which the oracle adds.
 */
export async function readOpDataFee(provider: Provider, unsigned: Hex, gas: bigint): Promise<DataFee> {
  const oracle = new Contract(GAS_PRICE_ORACLE, ORACLE_ABI, provider);
  const ask = async (method: string, argument: unknown) => (await oracle.getFunction(method)(argument)) as bigint;
  const bytes = (unsigned.length - 2) / 2;
  const [exact, bound, operator] = await Promise.all([
    ask("getL1Fee", unsigned),
    // Chains before Fjord have no bound, those before Isthmus no operator fee.
    ask("getL1FeeUpperBound", bytes).catch(absent),
    ask("getOperatorFee", gas).catch(absent),
  ]);
  return { feeWei: exact + operator, mostWei: (exact > bound ? exact : bound) + operator };
}

/** Read how much of a gas estimate on a Nitro chain pays for L1; 0 where the node does not say. */
export async function readNitroL1Gas(provider: Provider, call: { to: string; data: string }): Promise<bigint> {
  const node = new Contract(NODE_INTERFACE, NODE_INTERFACE_ABI, provider);
  try {
    const parts = (await node.getFunction("gasEstimateComponents").staticCall(call.to, false, call.data)) as {
      gasEstimateForL1: bigint;
    };
    return parts.gasEstimateForL1;
  } catch (error) {
    return absent(error);
  }
}

/**
 * Read the gas that the bytes of a call alone cost on a Nitro chain; 0 where the node does not say. The call is not run, so it may be one that
 * cannot succeed yet; without `to` it creates a contract.
 */
export async function readNitroDataGas(provider: Provider, call: { to?: string; data: string }): Promise<bigint> {
  const node = new Contract(NODE_INTERFACE, NODE_INTERFACE_ABI, provider);
  try {
    const estimate = node.getFunction("gasEstimateL1Component");
    const parts = (await estimate.staticCall(call.to ?? NO_ADDRESS, call.to === undefined, call.data)) as {
      gasEstimateForL1: bigint;
    };
    return parts.gasEstimateForL1;
  } catch (error) {
    return absent(error);
  }
}

/** A contract that lacks a function reverts, or answers nothing that can be decoded; a node that fails is another thing. */
function absent(error: unknown): bigint {
  const { code } = error as { code?: unknown };
  if (code === "CALL_EXCEPTION" || code === "BAD_DATA") return 0n;
  throw error;
}
