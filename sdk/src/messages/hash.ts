import { keccak256, keccak256Hex } from "../crypto/keccak.js";
import type { Hash32 } from "../units/brands.js";
import { domainSeparator, type Domain } from "./domain.js";
import { definitionOf, type Kind, type MessageOf } from "./kinds.js";

const preimage = new Uint8Array(66);
preimage.set([0x19, 0x01]);

/**
 * Hash a message to its EIP-712 digest: what is signed, and what other messages refer to.
 *
 * @example
 * const rfcHash = hashMessage("Rfc", rfc, createDomain(8453, computeContract));
 * @throws InvalidField naming the field that its type cannot hold.
 */
export function hashMessage<K extends Kind>(kind: K, value: MessageOf<K>, domain: Domain): Hash32 {
  return keccak256Hex(fillPreimage(kind, value, domain));
}

/** Hash a message to its EIP-712 digest as 32 fresh bytes. @throws InvalidField */
export function digestOf<K extends Kind>(kind: K, value: MessageOf<K>, domain: Domain): Uint8Array {
  return keccak256(fillPreimage(kind, value, domain));
}

function fillPreimage<K extends Kind>(kind: K, value: MessageOf<K>, domain: Domain): Uint8Array {
  preimage.set(domainSeparator(domain), 2);
  preimage.set(definitionOf(kind).hashStruct(value), 34);
  return preimage;
}
