import type { Address } from "../units/brands.js";
import { writeHex } from "./hex.js";
import { keccak256 } from "./keccak.js";

const DIGITS = new TextEncoder().encode("0123456789abcdef");
const TO_UPPER = 32;
const digits = new Uint8Array(40);

/** Write 20 bytes as an address with its EIP-55 checksum. */
export function addressOfBytes(bytes: Uint8Array): Address {
  for (let i = 0; i < 20; i++) {
    const byte = bytes[i] as number;
    digits[2 * i] = DIGITS[byte >> 4] as number;
    digits[2 * i + 1] = DIGITS[byte & 15] as number;
  }
  const hash = keccak256(digits);
  for (let i = 0; i < 40; i++) {
    const digit = digits[i] as number;
    const nibble = ((hash[i >> 1] as number) >> (i % 2 === 0 ? 4 : 0)) & 15;
    if (digit >= 97 && nibble >= 8) digits[i] = digit - TO_UPPER;
  }
  return `0x${String.fromCharCode(...digits)}` as Address;
}

/** Read an address in lower case or with a right EIP-55 checksum; undefined for anything else. */
export function parseAddress(value: unknown): Address | undefined {
  const bytes = new Uint8Array(20);
  if (typeof value !== "string" || !writeHex(value, 20, bytes, 0)) return undefined;
  const checked = addressOfBytes(bytes);
  return value === checked || value === checked.toLowerCase() ? checked : undefined;
}
