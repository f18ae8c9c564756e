/** The libraries that implement the curve. */
export type CurveLibrary = "secp256k1" | "tiny-secp256k1" | "ethers";

/** What this package needs of a secp256k1 library. `#curve` in package.json chooses: for Node, or for everything else. */
export interface Curve {
  /** The npm package behind it. */
  readonly library: CurveLibrary;
  /** Public key of a private key of 32 bytes, 65 bytes uncompressed; undefined for a scalar that is none. */
  publicKeyOf(key: Uint8Array): Uint8Array | undefined;
  /** Sign a digest of 32 bytes, deterministically (RFC 6979), with low s; undefined for a key that is none. */
  sign(digest: Uint8Array, key: Uint8Array): CurveSignature | undefined;
  /**
   * Public key that made r and s (64 bytes) over a digest. The bytes may be the curve's own, and hold only until its next call.
   * @throws something, by library, when there is none
   */
  recover(digest: Uint8Array, rs: Uint8Array, recoveryId: 0 | 1): Uint8Array;
}

/** r and s in 64 bytes, and which of the two points they recover to. */
export interface CurveSignature {
  readonly rs: Uint8Array;
  readonly recoveryId: number;
}
