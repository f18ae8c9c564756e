import { address, hex } from "../units/identities.js";
import type { TypedField } from "./definition.js";
import type { Domain } from "./domain.js";
import { digestOf } from "./hash.js";
import { typedDataTypes, type Kind, type MessageOf, type Signed } from "./kinds.js";

/** Anything that signs EIP-712 messages: every ethers v6 `Signer` does, and `localSigner`. No provider is needed. */
export interface TypedDataSigner {
  getAddress(): Promise<string>;
  signTypedData(domain: Domain, types: Record<string, TypedField[]>, value: Record<string, unknown>): Promise<string>;
}

/**
 * Sign a message. The value is checked before the signer sees it.
 *
 * @example
 * const bid = await signMessage(localSigner(key), "Bid", value, domain);
 * @throws InvalidField naming the field that its type cannot hold.
 */
export async function signMessage<K extends Kind>(
  signer: TypedDataSigner,
  kind: K,
  value: MessageOf<K>,
  domain: Domain,
): Promise<Signed<K>> {
  digestOf(kind, value, domain);
  return signHashed(signer, kind, value, domain);
}

/** Sign a value that was hashed, and so checked, already. */
export async function signHashed<K extends Kind>(
  signer: TypedDataSigner,
  kind: K,
  value: MessageOf<K>,
  domain: Domain,
): Promise<Signed<K>> {
  const copy = { ...value };
  const types: Record<string, TypedField[]> = typedDataTypes[kind];
  const [claimed, signature] = await Promise.all([
    signer.getAddress(),
    signer.signTypedData(domain, types, { ...copy }),
  ]);
  return { kind, value: copy, signer: address(claimed, "signer"), signature: hex(signature, "signature") };
}
