import { isHexBytes } from "../crypto/hex.js";
import { parseAddress } from "../crypto/address.js";
import { InvalidField } from "../errors/input.js";
import type { Hex } from "../units/brands.js";
import { isDigits } from "../units/integers.js";
import { EXPECTED, isWellFormed, type WordType } from "./words.js";
import { definitionOf, type Kind, type MessageOf, type Signed } from "./kinds.js";

/** Most UTF-16 units of a text field: an endpoint is a URL. */
export const MAX_TEXT_LENGTH = 2048;
/** Most bytes of a signature: contract wallets may join those of many owners. */
export const MAX_SIGNATURE_BYTES = 4096;

const MAX_UINT_DIGITS = 78;

/** Reads a word's value from unknown input; undefined when it is not one. Never coerces. */
const READERS: Readonly<Record<WordType, (input: unknown) => string | bigint | number | boolean | undefined>> = {
  address: parseAddress,
  bytes32: (input) => (isHexBytes(input, 32) ? input.toLowerCase() : undefined),
  bool: (input) => (typeof input === "boolean" ? input : undefined),
  uint8: (input) => readNumber(input, 0xff),
  uint32: (input) => readNumber(input, 0xffff_ffff),
  uint64: (input) => readBigint(input, 64),
  uint256: (input) => readBigint(input, 256),
  string: (input) =>
    typeof input === "string" && input.length <= MAX_TEXT_LENGTH && isWellFormed(input) ? input : undefined,
};

/**
 * Parse unknown input, such as the result of `JSON.parse`, as a signed message. Takes what `serializeMessage` gives, and
 * bigints in place of decimal strings. The signature is not verified.
 *
 * @throws InvalidField with the path of the first field that is missing, unknown or not of its type.
 */
export function parseMessage<K extends Kind>(kind: K, input: unknown): Signed<K> {
  const record = readRecord(input, kind, ["kind", "value", "signer", "signature"]);
  const { signature } = record;
  if (record.kind !== kind) throw new InvalidField(`${kind}.kind`, kind, record.kind);
  const value = parseValue(kind, record.value, `${kind}.value`);
  const signer = parseAddress(record.signer);
  if (signer === undefined) throw new InvalidField(`${kind}.signer`, EXPECTED.address, record.signer);
  if (!isSignature(signature)) {
    throw new InvalidField(`${kind}.signature`, `hex of at most ${MAX_SIGNATURE_BYTES} bytes`, signature);
  }
  return { kind, value, signer, signature: signature.toLowerCase() as Hex };
}

/** Parse unknown input as the value of a message, without signature. @throws InvalidField */
export function parseValue<K extends Kind>(kind: K, input: unknown, path: string = kind): MessageOf<K> {
  const { fields, rules } = definitionOf(kind);
  const names = fields.map(({ name }) => name);
  const record = readRecord(input, path, names);
  const greatest: Readonly<Record<string, number | undefined>> = rules.greatest ?? {};
  const value: Record<string, unknown> = {};
  for (const { name, type } of fields) {
    const read = READERS[type](record[name]);
    if (read === undefined) throw new InvalidField(`${path}.${name}`, EXPECTED[type], record[name]);
    const most = greatest[name];
    if (most !== undefined && (read as number) > most) {
      throw new InvalidField(`${path}.${name}`, `an integer of at most ${most}`, read);
    }
    value[name] = read;
  }
  return value as unknown as MessageOf<K>;
}

/** Copy exactly the named own properties of a plain object; each is read once. @throws InvalidField */
export function readRecord(input: unknown, path: string, names: readonly string[]): Record<string, unknown> {
  if (!isPlainObject(input)) throw new InvalidField(path, "a plain object", input);
  for (const key of Reflect.ownKeys(input)) {
    if (typeof key !== "string" || !names.includes(key)) {
      throw new InvalidField(path, `no field but ${names.join(", ")}`, String(key));
    }
  }
  const record = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    if (!Object.hasOwn(input, name)) throw new InvalidField(`${path}.${name}`, "a value", undefined);
    record[name] = input[name];
  }
  return record;
}

function isPlainObject(input: unknown): input is Record<string, unknown> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  // The object prototype of another realm is as good as ours: it is the one whose own prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isSignature(input: unknown): input is Hex {
  return typeof input === "string" && input.length <= 2 + 2 * MAX_SIGNATURE_BYTES && isHexBytes(input);
}

function readNumber(input: unknown, most: number): number | undefined {
  if (typeof input !== "number" || !Number.isInteger(input) || Object.is(input, -0)) return undefined;
  return input >= 0 && input <= most ? input : undefined;
}

/** Read an unsigned integer of `bits` bits: a bigint or its decimal digits; undefined for anything else. */
export function readBigint(input: unknown, bits: number): bigint | undefined {
  const value = typeof input === "string" ? readDecimal(input) : input;
  return typeof value === "bigint" && BigInt.asUintN(bits, value) === value ? value : undefined;
}

/** One text per number: no sign, no leading zero, no space. */
function readDecimal(text: string): bigint | undefined {
  if (!isDigits(text, MAX_UINT_DIGITS) || (text.length > 1 && text.startsWith("0"))) return undefined;
  return BigInt(text);
}
