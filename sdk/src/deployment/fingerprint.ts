import { hexToBytes, isHexBytes } from "../crypto/hex.js";
import { keccak256Hex } from "../crypto/keccak.js";
import { InvalidField } from "../errors/input.js";
import type { Hash32 } from "../units/brands.js";

/** What tells a contract's code apart from any other, whatever its constructor was given. */
export interface CodeFingerprint {
  /** Bytes of the code, without what the compiler says of itself at its end. */
  readonly bytes: number;
  /** Where the constructor writes immutable values: pairs of start and length. */
  readonly immutables: readonly (readonly [start: number, length: number])[];
  /** keccak256 of those bytes, immutable values as zeros. */
  readonly hash: Hash32;
}

/** Code up to the compiler's trailer: CBOR, with its length in the last two bytes. Comments change nothing but that. */
function withoutTrailer(code: Uint8Array): Uint8Array {
  const length = code.length < 2 ? 0 : (code.at(-2)! << 8) | code.at(-1)!;
  const end = code.length - 2 - length;
  // A map of two entries, as solc writes it.
  return end > 0 && code[end] === 0xa2 ? code.subarray(0, end) : code;
}

/** Take the fingerprint of code whose immutable values stand at known places. @throws InvalidField */
export function fingerprintOf(code: string, immutables: CodeFingerprint["immutables"]): CodeFingerprint {
  if (!isHexBytes(code)) throw new InvalidField("code", "hex of whole bytes", code);
  const masked = withoutTrailer(hexToBytes(code)).slice();
  for (const [start, length] of immutables) masked.fill(0, start, start + length);
  return { bytes: masked.length, immutables, hash: keccak256Hex(masked) };
}
