import { writeHex } from "../crypto/hex.js";
import { keccak256 } from "../crypto/keccak.js";

/** The EIP-712 types that messages of this protocol use. Each is encoded as one 32-byte word. */
export type WordType = "address" | "bytes32" | "bool" | "uint8" | "uint32" | "uint64" | "uint256" | "string";

/** A buffer of words, seen as bytes and by `DataView`. */
export interface Words {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Writes a value as the word at `offset`; false, with the word undefined, when the type cannot hold the value. */
export type WordWriter = (value: unknown, words: Words, offset: number) => boolean;

/** What each type accepts, for error messages. */
export const EXPECTED: Readonly<Record<WordType, string>> = {
  address: "an address of 20 bytes, in lower case or with a right EIP-55 checksum",
  bytes32: "32 bytes of hex",
  bool: "true or false",
  uint8: "an integer of uint8",
  uint32: "an integer of uint32",
  uint64: "a bigint or decimal string of uint64",
  uint256: "a bigint or decimal string of uint256",
  string: "well-formed text",
};

/** Make a zeroed buffer of `count` words. */
export function createWords(count: number): Words {
  const bytes = new Uint8Array(32 * count);
  return { bytes, view: new DataView(bytes.buffer) };
}

/**
 * One writer per type. A writer touches only the bytes its type can fill: the padding of a word whose type never changes
 * stays zero from the start, which makes a reused buffer safe.
 */
export const WRITERS: Readonly<Record<WordType, WordWriter>> = {
  address: (value, words, offset) => typeof value === "string" && writeHex(value, 20, words.bytes, offset + 12),
  bytes32: (value, words, offset) => typeof value === "string" && writeHex(value, 32, words.bytes, offset),
  bool: (value, words, offset) => {
    words.bytes[offset + 31] = value === true ? 1 : 0;
    return typeof value === "boolean";
  },
  uint8: (value, words, offset) => {
    if (typeof value !== "number") return false;
    words.bytes[offset + 31] = value;
    return words.bytes[offset + 31] === value;
  },
  uint32: (value, words, offset) => {
    if (typeof value !== "number") return false;
    words.view.setUint32(offset + 28, value);
    return words.view.getUint32(offset + 28) === value;
  },
  uint64: (value, words, offset) => {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) return false;
    words.view.setBigUint64(offset + 24, value);
    return true;
  },
  uint256: (value, words, offset) => {
    if (typeof value !== "bigint" || BigInt.asUintN(256, value) !== value) return false;
    // setBigUint64 keeps the low 64 bits of what it is given.
    words.view.setBigUint64(offset, value >> 192n);
    words.view.setBigUint64(offset + 8, value >> 128n);
    words.view.setBigUint64(offset + 16, value >> 64n);
    words.view.setBigUint64(offset + 24, value);
    return true;
  },
  string: (value, words, offset) => {
    if (typeof value !== "string" || !isWellFormed(value)) return false;
    words.bytes.set(keccak256(utf8.encode(value)), offset);
    return true;
  },
};

/** Tell whether a text has no lone surrogate: UTF-8 would fold them all to one character, and two texts to one hash. */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    i++;
  }
  return true;
}

const utf8 = new TextEncoder();
