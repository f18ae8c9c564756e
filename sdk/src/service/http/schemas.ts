import { MAX_SIGNATURE_BYTES, MAX_TEXT_LENGTH, definitionOf, type Kind } from "../../messages/index.js";
import type { WordType } from "../../messages/index.js";

/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** What JSON may carry for each type of a message's field. What it means is the parser's question. */
const FIELDS: Readonly<Record<WordType, Schema>> = {
  address: { type: "string", pattern: "^0x[0-9a-fA-F]{40}$" },
  bytes32: { type: "string", pattern: "^0x[0-9a-fA-F]{64}$" },
  bool: { type: "boolean" },
  uint8: { type: "integer", minimum: 0, maximum: 0xff },
  uint32: { type: "integer", minimum: 0, maximum: 0xffff_ffff },
  uint64: { type: "string", pattern: "^[0-9]{1,20}$" },
  uint256: { type: "string", pattern: "^[0-9]{1,78}$" },
  string: { type: "string", maxLength: MAX_TEXT_LENGTH },
};

/** An object with exactly these fields. */
export function exactly(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}

/** Schema of a signed message of a kind, from the message's own description. */
export function signedSchema(kind: Kind): Schema {
  const fields = definitionOf(kind).fields.map(({ name, type }) => [name, FIELDS[type]] as const);
  return exactly({
    kind: { const: kind },
    value: exactly(Object.fromEntries(fields)),
    signer: FIELDS.address,
    signature: { type: "string", maxLength: 2 + 2 * MAX_SIGNATURE_BYTES, pattern: "^0x([0-9a-fA-F]{2})*$" },
  });
}

/** Path and query parameters. */
export const PARAMETERS = {
  number: { type: "string", pattern: "^[0-9]{1,19}$" },
  hash: FIELDS.bytes32,
  address: FIELDS.address,
} as const;
