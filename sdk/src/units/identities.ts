import { parseAddress } from "../crypto/address.js";
import { isHexBytes } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import type { Address, Hash32, Hex, ModelId } from "./brands.js";

/** Take an address, all lower case or with its EIP-55 checksum, and give it with checksum. @throws InvalidField */
export function address(value: string, path = "address"): Address {
  const parsed = parseAddress(value);
  if (parsed === undefined) {
    throw new InvalidField(path, "an address of 20 bytes, in lower case or with a right EIP-55 checksum", value);
  }
  return parsed;
}

/** Take 32 bytes of hex and give them in lower case. @throws InvalidField */
export function hash32(value: string, path = "hash32"): Hash32 {
  if (!isHexBytes(value, 32)) throw new InvalidField(path, "32 bytes of hex", value);
  return value.toLowerCase() as Hash32;
}

/** Take a model's id: 32 bytes of hex (design 2). @throws InvalidField */
export function modelId(value: string, path = "modelId"): ModelId {
  return hash32(value, path) as ModelId;
}

/** 32 zero bytes: no block before, no reports, no debits. */
export const ZERO_HASH = `0x${"0".repeat(64)}` as Hash32;

/** Take bytes of hex of any length and give them in lower case. @throws InvalidField */
export function hex(value: string, path = "hex"): Hex {
  if (!isHexBytes(value)) throw new InvalidField(path, "0x and an even number of hex digits", value);
  return value.toLowerCase() as Hex;
}
