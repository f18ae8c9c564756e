import { keccak256, keccak256Text } from "../crypto/keccak.js";
import { hexToBytes } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import type { Address, Hash32 } from "../units/brands.js";
import { createWords, EXPECTED, WRITERS, type WordType } from "./words.js";

/** The EIP-712 types that can carry a TypeScript type: up to 32 bits a number, wider a bigint. */
type WordTypeOf<T> = T extends boolean
  ? "bool"
  : T extends bigint
    ? "uint64" | "uint256"
    : T extends number
      ? "uint8" | "uint32"
      : T extends Address
        ? "address"
        : T extends Hash32
          ? "bytes32"
          : "string";

/** A field of the message `T`: its name and an EIP-712 type that fits. */
export type FieldOf<T> = { [K in keyof T & string]: { name: K; type: WordTypeOf<T[K]> } }[keyof T & string];

/** A field as ethers knows it (`TypedDataField`). */
export interface TypedField {
  name: string;
  type: WordType;
}

/** Rules of a message that its fields alone do not say. */
export interface MessageRules<T> {
  /** The field with the last second in which the message is good. */
  readonly deadline?: keyof T & string;
  /** The field that names the signer, where the message does. */
  readonly signer?: keyof T & string;
  /** Greatest value of a narrow field whose type could hold more, such as an enum. */
  readonly greatest?: { readonly [K in keyof T]?: number };
}

/** A kind of message: its EIP-712 description and its precompiled hash. */
export interface MessageDefinition<T> {
  readonly kind: string;
  readonly fields: readonly TypedField[];
  /** `Kind(type name,…)`, the string whose keccak is the type hash. */
  readonly typeString: string;
  readonly typeHash: Hash32;
  readonly rules: MessageRules<T>;
  /** Hash a value: keccak256(typeHash ++ words). @throws InvalidField naming the field that its type cannot hold. */
  hashStruct(value: T): Uint8Array;
}

/** Describe a message once; the words of its struct get one buffer, filled anew by every hash. */
export function defineMessage<T extends object>(
  kind: string,
  fields: readonly FieldOf<T>[],
  rules: MessageRules<T> = {},
): MessageDefinition<T> {
  const typeString = `${kind}(${fields.map(({ type, name }) => `${type} ${name}`).join(",")})`;
  const typeHash = keccak256Text(typeString);
  const words = createWords(1 + fields.length);
  words.bytes.set(hexToBytes(typeHash));
  const columns = fields.map(({ name, type }, i) => ({ name, type, offset: 32 * (i + 1), write: WRITERS[type] }));

  function hashStruct(value: T): Uint8Array {
    for (const column of columns) {
      const fieldValue = value[column.name];
      if (!column.write(fieldValue, words, column.offset)) {
        throw new InvalidField(`${kind}.${column.name}`, EXPECTED[column.type], fieldValue);
      }
    }
    return keccak256(words.bytes);
  }
  return Object.freeze({ kind, fields: Object.freeze([...fields]), typeString, typeHash, rules, hashStruct });
}
