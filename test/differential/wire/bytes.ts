import { keccak256 } from "@yellowstone-compute/sdk/crypto";

/** Hex without prefix of `bytes` bytes. */
export const hex = (value: bigint | number, bytes: number): string => value.toString(16).padStart(bytes * 2, "0");

/** A 32-byte word in hex without prefix; of a negative number, which only a wrong model has, the two's complement. */
export function word(value: bigint | number): string {
  return (value < 0 ? BigInt.asUintN(256, BigInt(value)) : value).toString(16).padStart(64, "0");
}

/** Number of bytes in hex without prefix. */
export const sizeOf = (text: string): number => text.length / 2;

/** keccak-256 of hex without prefix, as a number. */
export function keccak(text: string): bigint {
  const hash = keccak256(Buffer.from(text, "hex"));
  return BigInt(`0x${Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString("hex")}`);
}

/** keccak-256 of a text's UTF-8. */
export const keccakText = (text: string): bigint => keccak(Buffer.from(text, "utf8").toString("hex"));

/** Node above two nodes. */
export const hashPair = (left: bigint, right: bigint): bigint => keccak(word(left) + word(right));

/** UTF-8 of a text as hex without prefix. */
export const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("hex");
