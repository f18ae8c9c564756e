/// <reference types="node" />
import { parseArgs } from "node:util";
import { parseAddress } from "../crypto/index.js";
import { isHexBytes } from "../crypto/hex.js";
import { InvalidField } from "../errors/input.js";
import { CommandLineInvalid } from "../errors/service.js";
import { hash32, parseMor, providerId, type Address, type Hash32, type ProviderId, type Wei } from "../units/index.js";
import { isDigits } from "../units/integers.js";
import type { OptionSpecs } from "./command.js";
import { listenAddressOf, type ListenAddress } from "./listenAddress.js";
import { nearestName } from "./suggest.js";

/** What people try to give a key with. */
const KEY_LIKE = /^-{1,2}(private-?key|key|secret|mnemonic|password|pass)$/i;

/** A command line that was read, with verbs for the values of its options. Nothing is coerced. */
export class Arguments {
  readonly #values = new Map<string, readonly [string, ...string[]]>();
  readonly positionals: readonly string[];

  /** @throws CommandLineInvalid naming what is unknown, missing or given twice; never its value */
  constructor(args: readonly string[], specs: OptionSpecs, maxPositionals: number) {
    const options = Object.fromEntries(
      Object.entries(specs).map(([name, { value }]) => [
        name,
        { type: value === undefined ? "boolean" : "string" } as const,
      ]),
    );
    const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
    const positionals: string[] = [];
    for (const token of tokens) {
      if (token.kind === "positional") positionals.push(token.value);
      if (token.kind === "option")
        this.#take(token.name, token.rawName, token.value, token.inlineValue ?? false, specs);
    }
    if (positionals.length > maxPositionals) {
      throw new CommandLineInvalid(
        maxPositionals === 0
          ? "it takes options only, each begins with two dashes"
          : `it takes at most ${maxPositionals} arguments beside its options`,
      );
    }
    this.positionals = positionals;
  }

  #take(name: string, rawName: string, value: string | undefined, isInline: boolean, specs: OptionSpecs): void {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) throw unknownOption(rawName, specs);
    if (spec.value === undefined) {
      if (isInline) throw new CommandLineInvalid(`--${name} takes no value`);
    } else if (value === undefined || value === "" || (!isInline && /^-./.test(value))) {
      throw new CommandLineInvalid(`--${name} needs a value: ${spec.value}`);
    }
    const before = this.#values.get(name);
    if (before !== undefined && spec.isMany !== true) throw new CommandLineInvalid(`--${name} is given twice`);
    const given = value ?? "";
    this.#values.set(name, before === undefined ? [given] : [...before, given]);
  }

  /** Whether an option is there. */
  flag(name: string): boolean {
    return this.#values.has(name);
  }

  /** Value of an option; undefined without it. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Value of an option that must be there. @throws CommandLineInvalid */
  need(name: string): string {
    return this.#all(name)[0];
  }

  #all(name: string): readonly [string, ...string[]] {
    const values = this.#values.get(name);
    if (values === undefined) throw new CommandLineInvalid(`--${name} is missing`);
    return values;
  }

  /** @throws InvalidField */
  address(name: string): Address | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : addressOf(value, `--${name}`);
  }

  /** @throws CommandLineInvalid, InvalidField */
  needAddress(name: string): Address {
    return addressOf(this.need(name), `--${name}`);
  }

  /** 32 bytes of hex. @throws InvalidField */
  hash(name: string): Hash32 | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!isHexBytes(value, 32)) throw new InvalidField(`--${name}`, "32 bytes of hex", value);
    return hash32(value);
  }

  /** An amount of MOR in decimals, in wei. @throws InvalidField */
  mor(name: string): Wei | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    try {
      return parseMor(value);
    } catch (cause) {
      throw new InvalidField(`--${name}`, "MOR in decimals, such as 1.5", value, cause);
    }
  }

  /** A whole number from `least` to `most`. @throws InvalidField */
  count(name: string, least: bigint, most: bigint): bigint | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : countOf(value, `--${name}`, least, most);
  }

  /** Ids of providers, as `4` or `4,7` or given more than once. @throws CommandLineInvalid, InvalidField */
  needIds(name: string): ProviderId[] {
    const values = this.#all(name).flatMap((value) => value.split(","));
    return values
      .filter((value) => value !== "")
      .map((value) => providerId(countOf(value, `--${name}`, 0n, 2n ** 32n - 1n)));
  }

  /** Id of one provider. @throws CommandLineInvalid, InvalidField */
  needId(name: string): ProviderId {
    return providerId(countOf(this.need(name), `--${name}`, 0n, 2n ** 32n - 1n));
  }

  /** Where to listen, as PORT or HOST:PORT. @throws InvalidField */
  listen(name: string): ListenAddress | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : listenAddressOf(value, `--${name}`);
  }

  /** An http or https URL. @throws InvalidField, which does not show it: it may hold a token */
  url(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : urlOf(value, `--${name}`);
  }
}

/** Read an http or https URL, without the slash at its end. @throws InvalidField */
export function urlOf(value: string, path: string): string {
  if (!URL.canParse(value) || !/^https?:\/\//.test(value)) {
    throw new InvalidField(path, "an http or https URL", undefined);
  }
  return value.replace(/\/+$/, "");
}

/** Read an address. @throws InvalidField */
export function addressOf(value: string, path: string): Address {
  const parsed = parseAddress(value);
  if (parsed === undefined) throw new InvalidField(path, "an address, in lower case or with a right checksum", value);
  return parsed;
}

function countOf(value: string, path: string, least: bigint, most: bigint): bigint {
  const count = isDigits(value, 78) ? BigInt(value) : -1n;
  if (count < least || count > most) throw new InvalidField(path, `a whole number from ${least} to ${most}`, value);
  return count;
}

function unknownOption(rawName: string, specs: OptionSpecs): CommandLineInvalid {
  if (KEY_LIKE.test(rawName)) {
    return new CommandLineInvalid(
      `no key or password stands on a command line, others can read it there: use --keystore, --key-env or --signer`,
    );
  }
  const nearest = nearestName(rawName.replace(/^-+/, ""), Object.keys(specs));
  return new CommandLineInvalid(
    `no such option: ${rawName.slice(0, 40)}${nearest === undefined ? "" : `; did you mean --${nearest}?`}`,
  );
}
