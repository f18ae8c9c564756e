import { InvalidField } from "../errors/input.js";
import type { ProviderId, UnixMillis, UnixSeconds } from "./brands.js";

/** A whole number: a bigint, or a number that holds it exactly. */
export type Integer = bigint | number;

/** Largest value of an unsigned integer of `bits` bits. */
export function maxUint(bits: number): bigint {
  return (1n << BigInt(bits)) - 1n;
}

/**
 * Take a whole number in [0, 2^bits - 1] as bigint.
 * @throws InvalidField when it is a fraction, an unsafe number, negative or too wide; `path` names it.
 */
export function uint(value: Integer, bits: number, path: string): bigint {
  const exact = typeof value === "bigint" ? value : Number.isSafeInteger(value) ? BigInt(value) : -1n;
  if (BigInt.asUintN(bits, exact) !== exact) throw new InvalidField(path, `an exact integer of uint${bits}`, value);
  return exact;
}

/** Take a provider's dense id (uint64). @throws InvalidField */
export function providerId(value: Integer): ProviderId {
  return uint(value, 64, "providerId") as ProviderId;
}

/** Take a moment in Unix seconds (uint64). @throws InvalidField */
export function unixSeconds(value: Integer): UnixSeconds {
  return uint(value, 64, "unixSeconds") as UnixSeconds;
}

/** Take a stamp in Unix milliseconds (uint64). @throws InvalidField */
export function unixMillis(value: Integer): UnixMillis {
  return uint(value, 64, "unixMillis") as UnixMillis;
}

/** Tell whether `text` is one to `limit` decimal digits and nothing else. */
export function isDigits(text: string, limit: number): boolean {
  if (text.length === 0 || text.length > limit) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
