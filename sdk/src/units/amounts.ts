import { InvalidField } from "../errors/input.js";
import type { UMor, Wei } from "./brands.js";
import { WEI_PER_MOR, WEI_PER_UMOR } from "./constants.js";
import { isDigits, uint, type Integer } from "./integers.js";

const MOR_DECIMALS = 18;
// 2^256 has 78 digits; anything longer is refused before it costs time.
const MAX_WHOLE_DIGITS = 60;

/** Take an amount in wei (uint256). @throws InvalidField */
export function wei(value: Integer): Wei {
  return uint(value, 256, "wei") as Wei;
}

/** Take an amount in uMOR (uint64, the width of a ledger lane). @throws InvalidField */
export function uMor(value: Integer): UMor {
  return uint(value, 64, "uMor") as UMor;
}

/** Convert uMOR to wei, exactly. */
export function weiOf(amount: UMor): Wei {
  return (amount * WEI_PER_UMOR) as Wei;
}

/** Convert wei to uMOR, rounded down: the remainder stays in the wei figure it came from (design 2). @throws InvalidField */
export function uMorOfDown(amount: Wei): UMor {
  return uMor(amount / WEI_PER_UMOR);
}

/**
 * Write wei as MOR with every digit that is not a trailing zero.
 * @example formatMor(wei(1_500_000_000_000_000_000n)) // "1.5"
 */
export function formatMor(amount: Wei): string {
  const fraction = trimZeros((amount % WEI_PER_MOR).toString().padStart(MOR_DECIMALS, "0"));
  const whole = (amount / WEI_PER_MOR).toString();
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/**
 * Read MOR written in decimals as wei. Takes no sign, no exponent, no separator and at most 18 decimals.
 * @example parseMor("0.000001") // 1_000_000_000_000n
 * @throws InvalidField
 */
export function parseMor(text: string): Wei {
  const dot = text.indexOf(".");
  const whole = dot < 0 ? text : text.slice(0, dot);
  const fraction = dot < 0 ? "0" : text.slice(dot + 1);
  if (!isDigits(whole, MAX_WHOLE_DIGITS) || !isDigits(fraction, MOR_DECIMALS)) {
    throw new InvalidField("mor", "a decimal number of MOR with at most 18 decimals", text);
  }
  return wei(BigInt(whole) * WEI_PER_MOR + BigInt(fraction.padEnd(MOR_DECIMALS, "0")));
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
