import { bytesToHex, hexToBytes } from "../crypto/hex.js";
import { recoverAddress } from "../crypto/secp256k1.js";
import { YellowstoneError } from "../errors/base.js";
import { ContractSignatureRefused, SignerMismatch } from "../errors/signature.js";
import { MessageExpired } from "../errors/time.js";
import type { Address, Hash32, Hex, UnixSeconds } from "../units/brands.js";
import { address } from "../units/identities.js";
import type { Domain } from "./domain.js";
import { digestOf } from "./hash.js";
import { definitionOf, type Kind, type MessageOf, type Signed } from "./kinds.js";

/** Asks a contract wallet by ERC-1271 whether it accepts a signature; undefined when there is no code at the address. */
export type Erc1271Reader = (signer: Address, digest: Hash32, signature: Hex) => Promise<boolean | undefined>;

/**
 * Recovers the address that signed a digest, here or in another thread. Must refuse whatever `recoverAddress` refuses, by
 * the same errors.
 */
export type Recover = (digest: Uint8Array, signature: Uint8Array) => Address | Promise<Address>;

/** Recover the key that signed a value. Does not look at deadlines. @throws the errors of `recoverAddress`, InvalidField */
export function recoverSigner<K extends Kind>(kind: K, value: MessageOf<K>, signature: Hex, domain: Domain): Address {
  return recoverAddress(digestOf(kind, value, domain), hexToBytes(signature));
}

/** Refuse a message whose last good second has passed at `at`. @throws MessageExpired */
export function requireLive<K extends Kind>(kind: K, value: MessageOf<K>, at: UnixSeconds): void {
  const field = definitionOf(kind).rules.deadline;
  if (field === undefined) return;
  const deadlineAt = value[field] as bigint;
  if (at > deadlineAt) throw new MessageExpired(kind, field, deadlineAt, at);
}

/**
 * Verify a signed message and give its signer: the signature is `signer`'s, the field that names a signer (`Rfc.user`,
 * `Match.router`, `InferenceBlock.router`) names the same, and the deadline has not passed at `at`. Whether the signer is
 * entitled (an owner, a router, the query key of a match) is the caller's question. A bid may still be ahead of its
 * `validFromAt`.
 *
 * @param reader Asked when the signature is not that of a plain key. Without it contract wallets are refused.
 * @throws MessageExpired, SignerMismatch, SignatureLength, SignatureMalleable, SignatureRecoveryByte, InvalidSignature,
 * ContractSignatureRefused, InvalidField
 */
export async function verifyMessage<K extends Kind>(
  signed: Signed<K>,
  domain: Domain,
  at: UnixSeconds,
  reader?: Erc1271Reader,
): Promise<Address> {
  return (await openMessage(signed, domain, at, reader)).signer;
}

/** A message whose signature holds, with its EIP-712 digest. */
export interface Opened {
  readonly signer: Address;
  readonly hash: Hash32;
}

/** Verify as {@link verifyMessage} does and give the digest too, so that nobody hashes the message again. */
export async function openMessage<K extends Kind>(
  signed: Signed<K>,
  domain: Domain,
  at: UnixSeconds,
  reader?: Erc1271Reader,
  recover: Recover = recoverAddress,
): Promise<Opened> {
  const { kind, value, signature } = signed;
  const signer = address(signed.signer, "signer");
  const digest = digestOf(kind, value, domain);
  requireNamed(kind, value, signer);
  requireLive(kind, value, at);
  const failure = await checkKey(recover, signer, digest, hexToBytes(signature));
  const hash = bytesToHex(digest) as Hash32;
  if (failure === undefined) return { signer, hash };
  const accepted = await reader?.(signer, hash, signature);
  if (accepted === undefined) throw failure;
  if (!accepted) throw new ContractSignatureRefused(signer);
  return { signer, hash };
}

function requireNamed<K extends Kind>(kind: K, value: MessageOf<K>, signer: Address): void {
  const field = definitionOf(kind).rules.signer;
  if (field === undefined) return;
  if (value[field] === signer) return;
  const named = address(value[field] as string, `${kind}.${field}`);
  if (named !== signer) throw new SignerMismatch(named, signer);
}

/** Why the signature is not one of `signer`'s own key; undefined when it is. */
async function checkKey(
  recover: Recover,
  signer: Address,
  digest: Uint8Array,
  signature: Uint8Array,
): Promise<YellowstoneError | undefined> {
  try {
    const actual = await recover(digest, signature);
    return actual === signer ? undefined : new SignerMismatch(signer, actual);
  } catch (error) {
    if (error instanceof YellowstoneError) return error;
    throw error;
  }
}
