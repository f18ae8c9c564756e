import { curve } from "#curve";
import { InvalidField } from "../errors/input.js";
import {
  InvalidPrivateKey,
  InvalidSignature,
  SignatureLength,
  SignatureMalleable,
  SignatureRecoveryByte,
} from "../errors/signature.js";
import type { Address } from "../units/brands.js";
import { addressOfBytes } from "./address.js";
import type { CurveLibrary } from "./curve.js";
import { hexToBytes } from "./hex.js";
import { keccak256 } from "./keccak.js";

/**
 * The npm package that signs and recovers in this process: the optional `secp256k1`, compiled for this machine;
 * `tiny-secp256k1`, as WebAssembly, in Node without it; `ethers` in browsers. All give the same, to the bit.
 */
export const CURVE_LIBRARY: CurveLibrary = curve.library;

const V_BASE = 27;
const HALF_ORDER = hexToBytes("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/**
 * Recover the address that signed a digest. Accepts exactly what the contracts accept: r, s, v in 65 bytes, s in the
 * lower half of the curve order, v 27 or 28.
 *
 * @throws SignatureLength, SignatureRecoveryByte, SignatureMalleable, InvalidSignature
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array): Address {
  requireDigest(digest);
  if (signature.length !== 65) throw new SignatureLength(signature.length);
  const v = signature[64] as number;
  if (v !== 27 && v !== 28) throw new SignatureRecoveryByte(v);
  if (isAboveHalf(signature)) throw new SignatureMalleable();
  return addressOfPublicKey(recoverPublicKey(digest, signature.subarray(0, 64), v === 27 ? 0 : 1));
}

/** Sign a digest, deterministically (RFC 6979): r, s, v in 65 bytes with low s. @throws InvalidPrivateKey */
export function signDigest(digest: Uint8Array, key: Uint8Array): Uint8Array {
  requireDigest(digest);
  const signature = curve.sign(digest, key);
  if (signature === undefined) throw new InvalidPrivateKey();
  const signed = new Uint8Array(65);
  signed.set(signature.rs);
  signed[64] = V_BASE + signature.recoveryId;
  return signed;
}

/** Address of a private key of 32 bytes. @throws InvalidPrivateKey */
export function addressOfKey(key: Uint8Array): Address {
  const point = curve.publicKeyOf(key);
  if (point === undefined) throw new InvalidPrivateKey();
  return addressOfPublicKey(point);
}

function recoverPublicKey(digest: Uint8Array, rs: Uint8Array, recoveryId: 0 | 1): Uint8Array {
  try {
    return curve.recover(digest, rs, recoveryId);
  } catch (cause) {
    throw new InvalidSignature(cause);
  }
}

function addressOfPublicKey(uncompressed: Uint8Array): Address {
  return addressOfBytes(keccak256(uncompressed.subarray(1)).subarray(12));
}

function isAboveHalf(signature: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (signature[32 + i] as number) - (HALF_ORDER[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function requireDigest(digest: Uint8Array): void {
  if (digest.length !== 32) throw new InvalidField("digest", "32 bytes", digest);
}
