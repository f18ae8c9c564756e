import { bytesToHex, concatBytes, hexToBytes, keccak256Hex } from "../crypto/index.js";
import {
  RouterCountInvalid,
  RouterOrderInvalid,
  RouterThresholdInvalid,
  RouterUnknown,
} from "../errors/contract/routers.js";
import { QuorumMissing } from "../errors/router.js";
import { InvalidField } from "../errors/input.js";
import { address, type Address, type Hash32, type Hex } from "../units/index.js";

/** Most routers of a set, as contracts/types/Units.sol. */
export const MAX_ROUTERS = 32;

/** A router and how it signs: ERC-1271 as a contract, ECDSA otherwise. */
export interface RouterSetEntry {
  readonly account: Address;
  readonly isContract: boolean;
}

/** The routers in force, in ascending order of their addresses, and how many of them must sign. */
export interface RouterSet {
  /** How many sets have been in force, this one included; 1, a set that was never changed, unless given. */
  readonly epoch?: number;
  readonly threshold: number;
  readonly routers: readonly RouterSetEntry[];
}

const MAX_EPOCH = 0xffffffff;
const MAX_SIGNATURE_LENGTH = 0xffff;

/**
 * Write a set as the contract hashes it and as it travels in a quorum: epoch u32, threshold u8, count u8, then kind u8 and
 * account b20 for each router. Source: contracts/interfaces/IRouterSet.sol.
 * @throws RouterCountInvalid, RouterThresholdInvalid, RouterOrderInvalid, InvalidField
 */
export function packRouterSet({ epoch = 1, threshold, routers }: RouterSet): Uint8Array {
  const count = routers.length;
  if (count === 0 || count > MAX_ROUTERS) {
    throw new RouterCountInvalid({ count: BigInt(count), maximum: BigInt(MAX_ROUTERS) });
  }
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > MAX_EPOCH) {
    throw new InvalidField("epoch", `a whole number from 1 to ${MAX_EPOCH}`, epoch);
  }
  if (!Number.isInteger(threshold)) throw new InvalidField("threshold", "a whole number", threshold);
  if (threshold * 2 <= count || threshold > count) {
    throw new RouterThresholdInvalid({ threshold: BigInt(threshold), count: BigInt(count) });
  }
  let last = `0x${"0".repeat(40)}`;
  const packed = routers.map(({ account, isContract }, index) => {
    const lower = address(account, `routers[${index}].account`).toLowerCase();
    if (lower <= last) throw new RouterOrderInvalid({ index: BigInt(index), account });
    last = lower;
    return concatBytes(Uint8Array.of(isContract ? 1 : 0), hexToBytes(lower));
  });
  const head = new Uint8Array(6);
  new DataView(head.buffer).setUint32(0, epoch);
  head.set([threshold, count], 4);
  return concatBytes(head, ...packed);
}

/** Digest of a set: `Attestation.routerSet`. @throws as `packRouterSet` */
export function routerSetDigest(set: RouterSet): Hash32 {
  return keccak256Hex(packRouterSet(set));
}

/**
 * Write a quorum: the set, signers u32 (bit i: router i signed), then length u16 and signature of each signer in the
 * order of the set. The signatures themselves are not checked here.
 * @throws QuorumMissing naming who has not signed; RouterUnknown for a signature of nobody in the set; those of
 * `packRouterSet`
 */
export function packQuorum(set: RouterSet, signatures: ReadonlyMap<Address, Hex>): Uint8Array {
  const packed = packRouterSet(set);
  const given = new Map([...signatures].map(([account, signature]) => [account.toLowerCase(), signature]));
  const parts: Uint8Array[] = [];
  const missing: Address[] = [];
  let signers = 0;
  for (const [i, { account }] of set.routers.entries()) {
    const signature = given.get(account.toLowerCase());
    if (signature === undefined) {
      missing.push(account);
      continue;
    }
    given.delete(account.toLowerCase());
    signers = (signers | (1 << i)) >>> 0;
    parts.push(packSignature(signature));
  }
  const [foreign] = given.keys();
  if (foreign !== undefined) throw new RouterUnknown({ account: address(foreign) });
  if (parts.length < set.threshold) throw new QuorumMissing(parts.length, set.threshold, missing);
  const mask = new Uint8Array(4);
  new DataView(mask.buffer).setUint32(0, signers);
  return concatBytes(packed, mask, ...parts);
}

/** Bytes of an ECDSA signature in a quorum, with its length; a contract router's is given the room of four. */
const SIGNATURE_BYTES = 67;

/** Most bytes that a quorum of a set takes, when every router signs. @throws as `packRouterSet` */
export function quorumBytesOf(set: RouterSet): number {
  return set.routers.reduce(
    (bytes, { isContract }) => bytes + SIGNATURE_BYTES * (isContract ? 4 : 1),
    packRouterSet(set).length + 4,
  );
}

function packSignature(signature: Hex): Uint8Array {
  const bytes = hexToBytes(signature);
  if (bytes.length > MAX_SIGNATURE_LENGTH) {
    throw new InvalidField("signature", `at most ${MAX_SIGNATURE_LENGTH} bytes`, bytesToHex(bytes));
  }
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}
