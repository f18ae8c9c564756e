import { definitionOf, type Kind, type MessageOf, type Signed } from "./kinds.js";

/** A message's value as JSON carries it: bigints as decimal strings, all else as it is. */
export type JsonOf<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] };

/** A signed message as JSON carries it. */
export interface SignedJson<K extends Kind> {
  readonly kind: K;
  readonly value: JsonOf<MessageOf<K>>;
  readonly signer: string;
  readonly signature: string;
}

/**
 * Write a signed message in the form that survives JSON and that `parseMessage` reads back. Keys come in a fixed order, so
 * that equal messages give equal texts.
 *
 * @example JSON.stringify(serializeMessage(bid))
 */
export function serializeMessage<K extends Kind>(signed: Signed<K>): SignedJson<K> {
  const { kind, value, signer, signature } = signed;
  return { kind, value: serializeValue(kind, value), signer, signature };
}

/** Write a message's value in the form that survives JSON. */
export function serializeValue<K extends Kind>(kind: K, value: MessageOf<K>): JsonOf<MessageOf<K>> {
  const source = value as unknown as Readonly<Record<string, unknown>>;
  const json: Record<string, unknown> = {};
  for (const { name } of definitionOf(kind).fields) {
    const item = source[name];
    json[name] = typeof item === "bigint" ? item.toString() : item;
  }
  return json as unknown as JsonOf<MessageOf<K>>;
}
