/** An exact decimal: digits / 10^scale. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * Parse a decimal that is not negative and has no exponent: "0", "1.5", "0.0095". Undefined when it is anything else.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^(\d{1,20})(?:\.(\d{1,30}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** Multiply by an integer fraction and round down: floor(value x numerator / denominator). */
export function scaleDown(value: Decimal, numerator: bigint, denominator: bigint): bigint {
  return (value.digits * numerator) / (denominator * 10n ** BigInt(value.scale));
}

/** Multiply by an integer fraction where the result is whole; undefined where it is not. */
export function scaleExact(value: Decimal, numerator: bigint, denominator: bigint): bigint | undefined {
  const divisor = denominator * 10n ** BigInt(value.scale);
  const product = value.digits * numerator;
  return product % divisor === 0n ? product / divisor : undefined;
}
