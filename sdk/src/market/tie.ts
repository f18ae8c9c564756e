import { keccak256Hex, writeHex } from "../crypto/index.js";
import { InvalidMarketParameter } from "../errors/market.js";

/**
 * Order providers that ask the same price for one RFC (design.md section 11): the smallest of
 * keccak256(abi.encode(rfcHash, uint256 providerId)) wins, compared as text. Deterministic for co-signers, and
 * unpredictable for providers because they do not choose the RFC.
 * @throws InvalidMarketParameter
 */
export function tieKey(rfcHash: string, providerId: bigint): string {
  const packed = new Uint8Array(64);
  if (!writeHex(rfcHash, 32, packed, 0)) throw new InvalidMarketParameter("rfcHash", rfcHash, "32 bytes as 0x-hex");
  // Ids are uint64: the high 24 bytes of the word stay zero.
  new DataView(packed.buffer).setBigUint64(56, providerId);
  return keccak256Hex(packed);
}
