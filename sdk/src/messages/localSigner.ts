import { bytesToHex, isHexBytes, hexToBytes } from "../crypto/hex.js";
import { addressOfKey, signDigest } from "../crypto/secp256k1.js";
import { ForeignTypedData } from "../errors/input.js";
import { InvalidPrivateKey } from "../errors/signature.js";
import type { Address, Hex } from "../units/brands.js";
import type { TypedField } from "./definition.js";
import type { Domain } from "./domain.js";
import { digestOf } from "./hash.js";
import { isKind, typedDataTypes, type Kind, type MessageOf } from "./kinds.js";
import type { TypedDataSigner } from "./sign.js";

/** A signer whose key is in this process. It signs messages of this protocol and nothing else. */
export interface LocalSigner extends TypedDataSigner {
  readonly address: Address;
  getAddress(): Promise<Address>;
  signTypedData(domain: Domain, types: Record<string, TypedField[]>, value: Record<string, unknown>): Promise<Hex>;
}

/**
 * Make a signer of a private key (32 bytes, or their hex). The key stays inside a closure: it is in no property, no JSON
 * and no error. More than twice as fast as an ethers wallet.
 *
 * @throws InvalidPrivateKey; `signTypedData` ForeignTypedData for types that are not one of `typedDataTypes`.
 */
export function localSigner(privateKey: Uint8Array | string): LocalSigner {
  const key = keyBytes(privateKey);
  const address = addressOfKey(key);
  return Object.freeze({
    address,
    getAddress: () => Promise.resolve(address),
    // Async, so that a refusal is a rejection and never a synchronous throw.
    // eslint-disable-next-line @typescript-eslint/require-await
    signTypedData: async (domain: Domain, types: Record<string, TypedField[]>, value: Record<string, unknown>) => {
      const kind = kindOf(types);
      return bytesToHex(signDigest(digestOf(kind, value as unknown as MessageOf<Kind>, domain), key));
    },
  });
}

function kindOf(types: Record<string, TypedField[]>): Kind {
  const names = Object.keys(types);
  const [kind] = names;
  if (names.length !== 1 || !isKind(kind)) throw new ForeignTypedData(names);
  const ours: Record<string, TypedField[]> = typedDataTypes[kind];
  if (types !== ours && !sameFields(types[kind], ours[kind])) throw new ForeignTypedData(names);
  return kind;
}

function sameFields(a: readonly TypedField[] = [], b: readonly TypedField[] = []): boolean {
  return a.length === b.length && a.every((field, i) => field.name === b[i]?.name && field.type === b[i].type);
}

function keyBytes(privateKey: Uint8Array | string): Uint8Array {
  if (typeof privateKey !== "string") return Uint8Array.from(privateKey);
  if (!isHexBytes(privateKey, 32)) throw new InvalidPrivateKey();
  return hexToBytes(privateKey);
}
