import { isPrivate, pointFromScalar, recover, signRecoverable } from "tiny-secp256k1";
import { InvalidSignature } from "../errors/signature.js";
import type { Curve } from "./curve.js";

/** libsecp256k1 as WebAssembly, which it reads from its own file: for Node. */
export const curve: Curve = {
  library: "tiny-secp256k1",
  publicKeyOf: (key) => (isPrivate(key) ? pointFromScalar(key, false) : null) ?? undefined,
  sign(digest, key) {
    if (!isPrivate(key)) return undefined;
    const { signature, recoveryId } = signRecoverable(digest, key);
    return { rs: signature, recoveryId };
  },
  recover(digest, rs, recoveryId) {
    const point = recover(digest, rs, recoveryId, false);
    if (point === null) throw new InvalidSignature();
    return point;
  },
};
