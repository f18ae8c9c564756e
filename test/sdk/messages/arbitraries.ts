import fc from "fast-check";
import { addressOfBytes, bytesToHex } from "@yellowstone-compute/sdk/crypto";
import {
  createDomain,
  definitionOf,
  type Domain,
  type Kind,
  type MessageOf,
  type WordType,
} from "@yellowstone-compute/sdk/messages";

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });

/** Any value of an EIP-712 type. */
export const wordOf: Readonly<Record<WordType, fc.Arbitrary<string | bigint | number | boolean>>> = {
  address: bytes(20).map(addressOfBytes),
  bytes32: bytes(32).map(bytesToHex),
  bool: fc.boolean(),
  uint8: fc.nat(5),
  uint32: fc.nat(0xffff_ffff),
  uint64: uint(64),
  uint256: uint(256),
  string: fc.string({ unit: "binary", maxLength: 80 }),
};

/** Any value of a kind of message. */
export function valueOf<K extends Kind>(kind: K): fc.Arbitrary<MessageOf<K>> {
  const { fields } = definitionOf(kind);
  return fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, wordOf[type]]))) as unknown as fc.Arbitrary<
    MessageOf<K>
  >;
}

/** Any domain of this protocol. */
export const anyDomain: fc.Arbitrary<Domain> = fc
  .tuple(uint(64), bytes(20).map(addressOfBytes))
  .map(([chainId, contract]) => createDomain(chainId, contract));
