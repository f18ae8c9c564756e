import { definitionOf, type Kind, type MessageOf, type Signed } from "../messages/index.js";
import type { ByteReader, ByteWriter } from "./bytes.js";

/** Write the value of a message, field by field in the order of its type. */
export function writeValue<K extends Kind>(out: ByteWriter, kind: K, value: MessageOf<K>): void {
  const record = value as unknown as Readonly<Record<string, unknown>>;
  for (const { name, type } of definitionOf(kind).fields) {
    const field = record[name];
    if (type === "address") out.fixed(field as string, 20);
    else if (type === "bytes32") out.fixed(field as string, 32);
    else if (type === "bool") out.bool(field as boolean);
    else if (type === "string") out.text(field as string);
    else out.uint(BigInt(field as bigint | number));
  }
}

/** Read the value of a message. @throws JournalDamaged */
export function readValue<K extends Kind>(from: ByteReader, kind: K): MessageOf<K> {
  const value: Record<string, unknown> = {};
  for (const { name, type } of definitionOf(kind).fields) {
    if (type === "address") value[name] = from.address();
    else if (type === "bytes32") value[name] = from.hash();
    else if (type === "bool") value[name] = from.bool();
    else if (type === "string") value[name] = from.text();
    else if (type === "uint8" || type === "uint32") value[name] = from.count();
    else value[name] = from.uint();
  }
  return value as unknown as MessageOf<K>;
}

/** Write a signed message; a signer that the value names already is left out. */
export function writeSigned<K extends Kind>(out: ByteWriter, { kind, value, signer, signature }: Signed<K>): void {
  writeValue(out, kind, value);
  if (definitionOf(kind).rules.signer === undefined) out.fixed(signer, 20);
  out.hex(signature);
}

/** Read a signed message. @throws JournalDamaged */
export function readSigned<K extends Kind>(from: ByteReader, kind: K): Signed<K> {
  const value = readValue(from, kind);
  const named = definitionOf(kind).rules.signer;
  const signer = named === undefined ? from.address() : (value[named] as Signed<K>["signer"]);
  return { kind, value, signer, signature: from.hex() };
}
