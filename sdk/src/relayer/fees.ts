import type { Provider } from "ethers";
import { RelayFeeAboveCap } from "../errors/relayer.js";
import type { FeePolicy } from "./settings.js";

/** What a transaction offers for a gas, in wei. */
export interface GasPrice {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** Whether the chain burns a base fee (EIP-1559); without one, `maxFeePerGas` is the plain price. */
  readonly hasBaseFee: boolean;
}

/** Base fees can double within six full blocks: so many a transaction outlasts without being replaced. */
const BASE_FEE_FACTOR = 2n;

/** Read what gas costs now. `baseFee` is the latest block's; null on a chain without one. */
export async function readGasPrice(provider: Provider, baseFee: bigint | null, policy: FeePolicy): Promise<GasPrice> {
  const { gasPrice, maxPriorityFeePerGas } = await provider.getFeeData();
  if (baseFee === null) {
    const price = gasPrice ?? policy.priorityFeePerGasWei ?? 1n;
    return { maxFeePerGas: price, maxPriorityFeePerGas: price, hasBaseFee: false };
  }
  const tip = policy.priorityFeePerGasWei ?? maxPriorityFeePerGas ?? 0n;
  return { maxFeePerGas: baseFee * BASE_FEE_FACTOR + tip, maxPriorityFeePerGas: tip, hasBaseFee: true };
}

/** What gas is expected to cost: the base fee and the tip. */
export function expectedPrice({ maxFeePerGas, maxPriorityFeePerGas, hasBaseFee }: GasPrice): bigint {
  if (!hasBaseFee) return maxFeePerGas;
  return (maxFeePerGas - maxPriorityFeePerGas) / BASE_FEE_FACTOR + maxPriorityFeePerGas;
}

/**
 * Price of a replacement: what gas costs now, and at least `percent` more than what was offered before. Rounded up.
 * @throws RelayFeeAboveCap
 */
export function bumpedPrice(
  now: GasPrice,
  before: Pick<GasPrice, "maxFeePerGas" | "maxPriorityFeePerGas"> | undefined,
  { bumpPercent, maxFeePerGasWei }: FeePolicy & { readonly bumpPercent: number },
): GasPrice {
  const least = (old: bigint) => (old * BigInt(100 + bumpPercent) + 99n) / 100n;
  const raised = {
    ...now,
    maxFeePerGas: max(now.maxFeePerGas, least(before?.maxFeePerGas ?? 0n)),
    maxPriorityFeePerGas: max(now.maxPriorityFeePerGas, least(before?.maxPriorityFeePerGas ?? 0n)),
  };
  const wanted = before === undefined ? expectedPrice(raised) : raised.maxFeePerGas;
  if (maxFeePerGasWei === undefined || wanted <= maxFeePerGasWei) return capped(raised, maxFeePerGasWei);
  throw new RelayFeeAboveCap(wanted, maxFeePerGasWei);
}

/** A first transaction may offer less than twice the base fee, as long as it pays the present one. */
function capped(price: GasPrice, cap: bigint | undefined): GasPrice {
  return cap === undefined || price.maxFeePerGas <= cap ? price : { ...price, maxFeePerGas: cap };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
