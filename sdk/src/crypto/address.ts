import type { Address } from "../units/brands.js";
import { writeHex } from "./hex.js";
import { keccak256 } from "./keccak.js";

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const DIGITS = new TextEncoder().encode(PAIRS.join(""));
/** Both digits of a byte in each case: neither upper, the second, the first, both. */
const CASED = [
  PAIRS,
  PAIRS.map(([first = "", second = ""]) => first + second.toUpperCase()),
  PAIRS.map(([first = "", second = ""]) => first.toUpperCase() + second),
  PAIRS.map((pair) => pair.toUpperCase()),
] as const;
const digits = new Uint8Array(40);

/** Write 20 bytes as an address with its EIP-55 checksum. */
export function addressOfBytes(bytes: Uint8Array): Address {
  for (let i = 0; i < 20; i++) {
    const at = 2 * (bytes[i] as number);
    digits[2 * i] = DIGITS[at] as number;
    digits[2 * i + 1] = DIGITS[at + 1] as number;
  }
  const hash = keccak256(digits);
  let text = "0x";
  for (let i = 0; i < 20; i++) {
    const nibbles = hash[i] as number;
    // A digit is upper where its nibble of the hash is 8 or more.
    const cased = CASED[((nibbles >> 6) & 2) | ((nibbles >> 3) & 1)] as readonly string[];
    text += cased[bytes[i] as number] as string;
  }
  return text as Address;
}

/** Read an address in lower case or with a right EIP-55 checksum; undefined for anything else. */
export function parseAddress(value: unknown): Address | undefined {
  const bytes = new Uint8Array(20);
  if (typeof value !== "string" || !writeHex(value, 20, bytes, 0)) return undefined;
  const checked = addressOfBytes(bytes);
  return value === checked || value === checked.toLowerCase() ? checked : undefined;
}
