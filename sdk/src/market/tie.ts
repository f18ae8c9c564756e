import { InvalidMarketParameter } from "../errors/market.js";

/** keccak256 of bytes, as a hex string. Injected, so that this module depends on no library. */
export type HashBytes = (data: Uint8Array) => string;

/**
 * Orders providers that ask the same price for one RFC: the smallest key wins. Keys of equal length compare as text.
 */
export type TieKey = (rfcHash: string, providerId: bigint) => string;

/**
 * Create the tie rule of design.md section 11: keccak256(abi.encode(rfcHash, uint256 providerId)), the smallest wins.
 * Deterministic for co-signers, and unpredictable for providers because they do not choose the RFC.
 */
export function createTieKey(hash: HashBytes): TieKey {
  return (rfcHash, providerId) => {
    const packed = new Uint8Array(64);
    writeWord(packed, 0, parseHash(rfcHash));
    writeWord(packed, 32, providerId);
    return hash(packed);
  };
}

function parseHash(rfcHash: string): bigint {
  if (!/^0x[0-9a-fA-F]{64}$/.test(rfcHash)) throw new InvalidMarketParameter("rfcHash", rfcHash, "32 bytes as 0x-hex");
  return BigInt(rfcHash);
}

function writeWord(target: Uint8Array, offset: number, value: bigint): void {
  let rest = value;
  for (let i = 31; rest > 0n && i >= 0; i--) {
    target[offset + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
