import { SigningKey } from "ethers";
import type { Curve } from "./curve.js";
import { bytesToHex, hexToBytes } from "./hex.js";

/** The curve that ethers brings, in plain JavaScript: for browsers, where no bundler has to place a WebAssembly file. */
export const curve: Curve = {
  library: "ethers",
  publicKeyOf: (key) => keysOf(key)?.publicKey,
  sign(digest, key) {
    const signer = keysOf(key)?.signer;
    if (signer === undefined) return undefined;
    const { r, s, yParity } = signer.sign(digest);
    return { rs: hexToBytes(`${r}${s.slice(2)}`), recoveryId: yParity };
  },
  recover(digest, rs, recoveryId) {
    const r = bytesToHex(rs.subarray(0, 32));
    const s = bytesToHex(rs.subarray(32));
    return hexToBytes(SigningKey.recoverPublicKey(digest, { r, s, yParity: recoveryId }));
  },
};

/** A key that is 0, or not below the order, has no public key; ethers finds that only when it makes one. */
function keysOf(key: Uint8Array): { signer: SigningKey; publicKey: Uint8Array } | undefined {
  try {
    const signer = new SigningKey(bytesToHex(key));
    return { signer, publicKey: hexToBytes(signer.publicKey) };
  } catch {
    return undefined;
  }
}
