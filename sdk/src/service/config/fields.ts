import { parseAddress } from "../../crypto/index.js";
import { isHexBytes } from "../../crypto/hex.js";
import { ConfigInvalid } from "../../errors/service.js";
import type { Address, Hash32 } from "../../units/index.js";

const FORBIDDEN = ["__proto__", "constructor", "prototype"];

/**
 * Reads the fields of one section of a configuration. Every field has a default or must be there; `end` refuses what no
 * field was read for. Nothing is coerced.
 */
export class Section {
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #path: string;
  readonly #read = new Set<string>();

  constructor(input: unknown, path: string) {
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      throw new ConfigInvalid(path, "a section with fields", input);
    }
    this.#path = path;
    this.#fields = new Map(Object.entries(input));
  }

  /** Whether a field is there; from now on its name counts as known. */
  has(name: string): boolean {
    this.#read.add(name);
    return this.#fields.has(name);
  }

  /** Names of all fields. */
  names(): string[] {
    return [...this.#fields.keys()];
  }

  /** Path of a field, for an error that the caller finds. */
  at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  section(name: string): Section {
    return new Section(this.#take(name) ?? {}, this.at(name));
  }

  /** The entries of a list, each as a section; at most `most`. */
  sections(name: string, most: number): Section[] {
    const list = this.#take(name) ?? [];
    if (!Array.isArray(list) || list.length > most) {
      throw new ConfigInvalid(this.at(name), `a list of at most ${most} sections`, list);
    }
    return list.map((entry, i) => new Section(entry, `${this.at(name)}[${i}]`));
  }

  text(name: string, fallback?: string): string {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== "string" || value === "" || value.length > 4_096) {
      throw new ConfigInvalid(this.at(name), "a text of 1 to 4,096 characters", value);
    }
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.#take(name) ?? fallback;
    const known = values.find((each) => each === value);
    if (known === undefined) throw new ConfigInvalid(this.at(name), `one of ${values.join(", ")}`, value);
    return known;
  }

  /** A whole number from `least` to `most`. */
  count(name: string, least: number, most: number, fallback?: number): number {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new ConfigInvalid(this.at(name), `a whole number from ${least} to ${most}`, value);
    }
    return value;
  }

  /** An amount in wei: decimal digits in quotes, for a JSON number would lose some. */
  wei(name: string): bigint {
    const value = this.#take(name);
    if (typeof value !== "string" || !/^(0|[1-9]\d{0,77})$/.test(value)) {
      throw new ConfigInvalid(this.at(name), "decimal digits in quotes", value);
    }
    return BigInt(value);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== "boolean") throw new ConfigInvalid(this.at(name), "true or false", value);
    return value;
  }

  address(name: string): Address {
    const value = this.#take(name);
    const parsed = parseAddress(value);
    if (parsed === undefined) {
      throw new ConfigInvalid(this.at(name), "an address, in lower case or with a right checksum", value);
    }
    return parsed;
  }

  /** A list of addresses; empty when left out. */
  addresses(name: string, most: number): Address[] {
    const list = this.#take(name) ?? [];
    if (!Array.isArray(list) || list.length > most) {
      throw new ConfigInvalid(this.at(name), `a list of at most ${most} addresses`, list);
    }
    return list.map((entry, i) => new Section({ [i]: entry as unknown }, this.at(name)).address(String(i)));
  }

  hash(name: string): Hash32 {
    const value = this.#take(name);
    if (!isHexBytes(value, 32)) throw new ConfigInvalid(this.at(name), "32 bytes of hex", value);
    return value.toLowerCase() as Hash32;
  }

  /** An http or https URL without credentials. */
  url(name: string): string {
    const value = this.text(name);
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      // What is in its place may hold a secret, so it is not shown.
      throw new ConfigInvalid(this.at(name), "an http or https URL without credentials", undefined);
    }
    return value;
  }

  /** Refuse fields that nobody has asked for. @throws ConfigInvalid */
  end(): void {
    for (const name of this.#fields.keys()) {
      if (!this.#read.has(name) || FORBIDDEN.includes(name)) {
        throw new ConfigInvalid(this.at(name), `no such field, but ${[...this.#read].join(", ")}`, "a field");
      }
    }
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return this.#fields.get(name);
  }
}
