import { createKeccak } from "hash-wasm";
import { InvalidField } from "../errors/input.js";
import type { Hash32 } from "../units/brands.js";

// One instance for the whole process: every use below starts and ends within one synchronous call.
const hasher = await createKeccak(256);
const pair = new Uint8Array(64);

/** Hash bytes with keccak-256. Gives 32 fresh bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest("binary");
}

/** Hash bytes with keccak-256. Gives lower-case hex. */
export function keccak256Hex(bytes: Uint8Array): Hash32 {
  return `0x${hasher.init().update(bytes).digest("hex")}` as Hash32;
}

/** Hash two 32-byte nodes, left before right: keccak256(a ++ b). @throws InvalidField when one is not 32 bytes. */
export function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== 32 || b.length !== 32) throw new InvalidField("node", "32 bytes", a.length !== 32 ? a : b);
  pair.set(a, 0);
  pair.set(b, 32);
  return keccak256(pair);
}

/** Hash the UTF-8 bytes of a text with keccak-256. Gives lower-case hex. */
export function keccak256Text(text: string): Hash32 {
  return keccak256Hex(new TextEncoder().encode(text));
}
