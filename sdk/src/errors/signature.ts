import { YellowstoneError } from "./base.js";

const ASK_SIGNER = "Ask the signer for a new signature of the same message.";

/** An ECDSA signature is not 65 bytes long. EIP-2098 compact signatures (64 bytes) are refused, as on chain. */
export class SignatureLength extends YellowstoneError<{ expected: 65; actual: number }> {
  constructor(actual: number) {
    super(`signature: expected 65 bytes, got ${actual}`, {
      code: "SignatureLength",
      data: { expected: 65, actual },
      next: ASK_SIGNER,
      retry: "no",
    });
  }
}

/** The upper half of s: the same signature in a second form, which would let a message be counted twice. */
export class SignatureMalleable extends YellowstoneError {
  constructor() {
    super("signature: s is above half the curve order", {
      code: "SignatureMalleable",
      data: {},
      next: "Replace s by n - s and flip v, then send it again.",
      retry: "no",
    });
  }
}

/** The last byte of a signature is neither 27 nor 28. */
export class SignatureRecoveryByte extends YellowstoneError<{ actual: number }> {
  constructor(actual: number) {
    super(`signature: expected v 27 or 28, got ${actual}`, {
      code: "SignatureRecoveryByte",
      data: { actual },
      next: ASK_SIGNER,
      retry: "no",
    });
  }
}

/** r or s is no scalar of the curve, or no public key belongs to the signature. */
export class InvalidSignature extends YellowstoneError {
  constructor(cause?: unknown) {
    super("signature: no key can have made it", {
      code: "InvalidSignature",
      data: {},
      next: ASK_SIGNER,
      retry: "no",
      cause,
    });
  }
}

/** The signature is well formed, but another key made it than the one the message names. */
export class SignerMismatch extends YellowstoneError<{ expected: string; actual: string }> {
  constructor(expected: string, actual: string) {
    super(`signature: expected signer ${expected}, got ${actual}`, {
      code: "SignerMismatch",
      data: { expected, actual },
      next: "Check the domain (chain id, contract) and that the message was not changed after it was signed.",
      retry: "no",
    });
  }
}

/** A contract wallet was asked by ERC-1271 and did not accept the signature. */
export class ContractSignatureRefused extends YellowstoneError<{ signer: string }> {
  constructor(signer: string) {
    super(`signature: contract wallet ${signer} refuses it`, {
      code: "ContractSignatureRefused",
      data: { signer },
      next: "Check the wallet's owners, then ask for a new signature.",
      retry: "later",
    });
  }
}

/** A private key is not 32 bytes in [1, n - 1]. Says nothing about the key on purpose. */
export class InvalidPrivateKey extends YellowstoneError {
  constructor() {
    super("private key: expected 32 bytes that are a scalar of secp256k1", {
      code: "InvalidPrivateKey",
      data: {},
      next: "Load the key again from its store.",
      retry: "no",
    });
  }
}

/** The signer of this process did not sign: locked, out of reach, or refusing. */
export class SigningFailed extends YellowstoneError<{ kind: string }> {
  constructor(kind: string, cause: unknown) {
    super(`${kind}: the signer failed`, {
      code: "SigningFailed",
      data: { kind },
      next: "Check that the signer is reachable and unlocked; what was to be signed is kept.",
      retry: "later",
      cause,
    });
  }
}
