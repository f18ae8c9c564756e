import { bytesToHex, hexToBytes } from "../crypto/hex.js";
import { keccak256Hex } from "../crypto/keccak.js";
import { DebitsLengthInvalid, DebitZero } from "../errors/contract/debits.js";
import { ZERO_HASH, hash32, providerId, uint, type Hash32, type ProviderId, type UMor } from "../units/index.js";

/** What a provider owes back, and the hash of the reason (design 7). */
export interface Debit {
  readonly providerId: ProviderId;
  readonly amountUMor: UMor;
  readonly reasonHash: Hash32;
}

/** Most debits of one attestation, as contracts/types/Debit.sol. */
export const MAX_DEBITS = 32;
const ENTRY_BYTES = 44;

/**
 * Pack debits as they travel with an attestation: provider id u32, amount in uMOR u64, reason hash b32, big-endian. Twin of
 * contracts/ledger/PackedDebits.sol.
 * @throws DebitsLengthInvalid for more than 32; DebitZero; InvalidField
 */
export function packDebits(debits: readonly Debit[]): Uint8Array {
  const out = new Uint8Array(debits.length * ENTRY_BYTES);
  if (debits.length > MAX_DEBITS) throw new DebitsLengthInvalid({ length: BigInt(out.length) });
  const view = new DataView(out.buffer);
  for (const [i, debit] of debits.entries()) {
    const at = i * ENTRY_BYTES;
    const amountUMor = uint(debit.amountUMor, 64, `debits[${i}].amountUMor`);
    if (amountUMor === 0n) throw new DebitZero({ index: BigInt(i) });
    view.setUint32(at, Number(uint(debit.providerId, 32, `debits[${i}].providerId`)));
    view.setBigUint64(at + 4, amountUMor);
    out.set(hexToBytes(hash32(debit.reasonHash, `debits[${i}].reasonHash`)), at + 12);
  }
  return out;
}

/** Read packed debits. @throws DebitsLengthInvalid, DebitZero */
export function unpackDebits(data: Uint8Array): Debit[] {
  const count = data.length / ENTRY_BYTES;
  if (!Number.isInteger(count) || count > MAX_DEBITS) throw new DebitsLengthInvalid({ length: BigInt(data.length) });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, i) => {
    const at = i * ENTRY_BYTES;
    const amountUMor = view.getBigUint64(at + 4) as UMor;
    if (amountUMor === 0n) throw new DebitZero({ index: BigInt(i) });
    const reasonHash = hash32(bytesToHex(data.subarray(at + 12, at + ENTRY_BYTES)));
    return { providerId: providerId(view.getUint32(at)), amountUMor, reasonHash };
  });
}

/** `Attestation.debitsHash` of packed debits: zero for none. */
export function debitsHash(packed: Uint8Array): Hash32 {
  return packed.length === 0 ? ZERO_HASH : keccak256Hex(packed);
}
