import type { Curve } from "./curve.js";
import { bytesToHex, hexToBytes } from "./hex.js";

/**
 * The addon alone: the package's own door answers with `elliptic`, in plain JavaScript, where there is no addon. As text, so
 * that no bundler looks for a package that may be missing.
 */
const ADDON: string = "secp256k1/bindings.js";
const KEY_BYTES = 32;
const SEED_BYTES = 32;
const POINT_BYTES = 65;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** What is used of the addon. Every call throws for bytes of another length, and where it has no answer. */
interface Addon {
  contextRandomize(seed: Uint8Array): void;
  privateKeyVerify(key: Uint8Array): boolean;
  publicKeyCreate(key: Uint8Array, compressed: false): Uint8Array;
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
  ecdsaRecover(rs: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: false, into: Uint8Array): Uint8Array;
}

/** What the key 1 signs over 32 bytes 0x01: r, s. Fixed by RFC 6979, so every library that is right gives it. */
const KNOWN = {
  key: hexToBytes(`0x${"00".repeat(31)}01`),
  digest: new Uint8Array(32).fill(1),
  rs: "0x747a6c6bd9a8ff0b77a99b8f274f5df5198b5dddc33edd4bc89e459d13dfa6177431bfa016325b8f27491781d1c462999f1dde760560373a517d29161c2df139",
} as const;

/**
 * libsecp256k1 compiled for this machine, when the optional package `secp256k1` is installed with an addon that works here;
 * undefined otherwise. The package is whatever the application has: one that answers a known question wrongly is not used.
 */
export async function nativeCurve(): Promise<Curve | undefined> {
  try {
    const { default: addon } = (await import(ADDON)) as { readonly default: Addon };
    // Blinds what a key is multiplied with against side channels, as tiny-secp256k1 does by itself. No result depends on it.
    addon.contextRandomize(crypto.getRandomValues(new Uint8Array(SEED_BYTES)));
    const curve = curveOf(addon);
    return isRight(curve) ? curve : undefined;
  } catch {
    // Not installed, or not for this machine.
    return undefined;
  }
}

function curveOf(addon: Addon): Curve {
  // More than 64 bytes are not kept in V8's own heap: fresh ones would cost more than all the rest of the call around the addon.
  const point = new Uint8Array(POINT_BYTES);
  const isKey = (key: Uint8Array): boolean => key.length === KEY_BYTES && addon.privateKeyVerify(key);
  return {
    library: "secp256k1",
    publicKeyOf: (key) => (isKey(key) ? addon.publicKeyCreate(key, false) : undefined),
    sign(digest, key) {
      if (!isKey(key)) return undefined;
      const { signature, recid } = addon.ecdsaSign(remainderOf(digest), key);
      return { rs: signature, recoveryId: recid };
    },
    recover: (digest, rs, recoveryId) => addon.ecdsaRecover(rs, recoveryId, digest, false, point),
  };
}

/** RFC 6979 derives the nonce from the remainder of the digest, the addon from the digest as it is. */
function remainderOf(digest: Uint8Array): Uint8Array {
  if (digest[0] !== 0xff) return digest;
  const value = BigInt(bytesToHex(digest));
  return value < ORDER ? digest : hexToBytes(`0x${(value - ORDER).toString(16).padStart(64, "0")}`);
}

function isRight(curve: Curve): boolean {
  const signed = curve.sign(KNOWN.digest, KNOWN.key);
  if (signed === undefined || bytesToHex(signed.rs) !== KNOWN.rs) return false;
  const recovered = curve.recover(KNOWN.digest, signed.rs, signed.recoveryId as 0 | 1);
  const publicKey = curve.publicKeyOf(KNOWN.key);
  return publicKey !== undefined && bytesToHex(recovered) === bytesToHex(publicKey);
}
