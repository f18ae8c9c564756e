import { InvalidField } from "../errors/input.js";
import type { Hex } from "../units/brands.js";

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const NIBBLE = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) {
  const digit = i.toString(16);
  NIBBLE[digit.charCodeAt(0)] = i;
  NIBBLE[digit.toUpperCase().charCodeAt(0)] = i;
}

/** Write bytes as lower-case hex with `0x`. */
export function bytesToHex(bytes: Uint8Array): Hex {
  let text = "0x";
  for (let i = 0; i < bytes.length; i++) text += HEX_OF_BYTE[bytes[i] as number];
  return text as Hex;
}

/** Read `0x` hex of either case as bytes. @throws InvalidField */
export function hexToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, text.length - 2) >> 1);
  if (!writeHex(text, bytes.length, bytes, 0)) {
    throw new InvalidField("hex", "0x and an even number of hex digits", text);
  }
  return bytes;
}

/** Tell whether a value is `0x` hex of exactly `size` bytes, or of any whole number of bytes without `size`. */
export function isHexBytes(value: unknown, size?: number): value is Hex {
  if (typeof value !== "string" || value.length % 2 !== 0 || !hasPrefix(value)) return false;
  if (size !== undefined && value.length !== 2 + 2 * size) return false;
  for (let i = 2; i < value.length; i++) if (nibbleAt(value, i) < 0) return false;
  return true;
}

/**
 * Write the `size` bytes of `text` into `into` at `offset`. Gives false, with `into` partly written, when `text` is
 * anything but `0x` and exactly `2 * size` hex digits.
 */
export function writeHex(text: string, size: number, into: Uint8Array, offset: number): boolean {
  if (text.length !== 2 + 2 * size || !hasPrefix(text)) return false;
  let wrong = 0;
  for (let i = 0; i < size; i++) {
    const byte = (nibbleAt(text, 2 + 2 * i) << 4) | nibbleAt(text, 3 + 2 * i);
    wrong |= byte;
    into[offset + i] = byte;
  }
  // A bad digit is -1, which makes its byte negative, and one negative byte makes the union negative.
  return wrong >= 0;
}

/** Join byte strings into one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function hasPrefix(text: string): boolean {
  return text.charCodeAt(0) === 48 && text.charCodeAt(1) === 120;
}

function nibbleAt(text: string, index: number): number {
  return NIBBLE[text.charCodeAt(index)] ?? -1;
}
