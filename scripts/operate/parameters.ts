import { readFileSync } from "node:fs";
import { basename } from "node:path";
import json5 from "json5";
import { address, InvalidField, type Address } from "@yellowstone-compute/sdk";

/** A router as the set takes it. */
export interface RouterEntry {
  readonly account: Address;
  readonly isContract: boolean;
}

/** Every value a deployment's constructors take, by Ignition module. */
export interface DeployParameters {
  readonly Schedule: {
    readonly initialWei: bigint;
    readonly decreaseWei: bigint;
    readonly startAt: bigint;
    readonly intervalSeconds: bigint;
  };
  readonly Routers: { readonly routers: readonly RouterEntry[]; readonly threshold: number };
  readonly Yellowstone: {
    /** MOR; left out where a test token is deployed. */
    readonly token?: Address;
    readonly activationDelaySeconds: bigint;
    readonly minBondWei: bigint;
    /** From the proposal of another owner or payout address to its effect. */
    readonly changeDelaySeconds: bigint;
    readonly unbondingDelaySeconds: bigint;
    /** Window of the bootstrap pool, Unix seconds; both 0 for none. */
    readonly bootstrapStartAt: bigint;
    readonly bootstrapEndAt: bigint;
    readonly seasonSeconds: bigint;
    /** From a season's end on. */
    readonly entryWindowSeconds: bigint;
    /** Neither is the deployer: it keeps no right. */
    readonly guardian: Address;
    readonly governance: Address;
    readonly governanceDelaySeconds: bigint;
  };
}

type Fields = Readonly<Record<string, unknown>>;

const SCHEDULE = ["initialWei", "decreaseWei", "startAt", "intervalSeconds"] as const;
const AMOUNTS = [
  "activationDelaySeconds",
  "minBondWei",
  "changeDelaySeconds",
  "unbondingDelaySeconds",
  "bootstrapStartAt",
  "bootstrapEndAt",
  "seasonSeconds",
  "entryWindowSeconds",
  "governanceDelaySeconds",
] as const;

/**
 * Read a parameter file (json5, whole numbers as "123n") and check it before anything is sent.
 * @throws InvalidField naming file and field.
 */
export function readParameters(file: string): DeployParameters {
  const name = basename(file);
  const root = parse(file, name);
  onlyFields(root, ["Schedule", "Routers", "Yellowstone"], name);
  const schedule = section(root, "Schedule", SCHEDULE, name);
  const routers = section(root, "Routers", ["routers", "threshold"], name);
  const suite = section(root, "Yellowstone", ["token", ...AMOUNTS, "guardian", "governance"], name);
  const at = (key: string) => `${name}: ${key}`;
  return {
    Schedule: amounts(schedule, SCHEDULE, at("Schedule")),
    Routers: routerSet(routers, name),
    Yellowstone: {
      ...(suite["token"] === undefined ? {} : { token: account(suite["token"], at("Yellowstone.token")) }),
      ...amounts(suite, AMOUNTS, at("Yellowstone")),
      guardian: account(suite["guardian"], at("Yellowstone.guardian")),
      governance: account(suite["governance"], at("Yellowstone.governance")),
    },
  };
}

function parse(file: string, name: string): Fields {
  try {
    return fields(json5.parse(readFileSync(file, "utf8")), name);
  } catch (cause) {
    if (cause instanceof InvalidField) throw cause;
    throw new InvalidField(file, "a json5 file", cause instanceof Error ? cause.message : cause, cause);
  }
}

function section(root: Fields, key: string, names: readonly string[], file: string): Fields {
  const found = fields(root[key], `${file}: ${key}`);
  onlyFields(found, names, `${file}: ${key}`);
  return found;
}

function fields(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null) throw new InvalidField(path, "an object", value);
  return value as Fields;
}

function onlyFields(value: Fields, names: readonly string[], path: string): void {
  const foreign = Object.keys(value).find((key) => !names.includes(key));
  if (foreign !== undefined) throw new InvalidField(`${path}.${foreign}`, `one of ${names.join(", ")}`, foreign);
}

function amount(value: unknown, path: string): bigint {
  if (typeof value !== "string" || !/^\d{1,78}n$/.test(value)) {
    throw new InvalidField(path, 'a whole number as "123n"', value);
  }
  return BigInt(value.slice(0, -1));
}

function amounts<Name extends string>(value: Fields, names: readonly Name[], path: string): Record<Name, bigint> {
  return Object.fromEntries(names.map((name) => [name, amount(value[name], `${path}.${name}`)])) as Record<
    Name,
    bigint
  >;
}

function account(value: unknown, path: string): Address {
  if (typeof value !== "string") throw new InvalidField(path, "an address", value);
  return address(value, path);
}

function routerSet({ routers, threshold }: Fields, file: string): DeployParameters["Routers"] {
  const path = `${file}: Routers.routers`;
  if (!Array.isArray(routers) || routers.length === 0 || routers.length > 32) {
    throw new InvalidField(path, "1 to 32 routers; name yours in the file", routers);
  }
  const entries = routers.map((entry: unknown, i) => {
    const { account: key, isContract } = fields(entry, `${path}[${i}]`);
    if (typeof isContract !== "boolean")
      throw new InvalidField(`${path}[${i}].isContract`, "true or false", isContract);
    return { account: account(key, `${path}[${i}].account`), isContract };
  });
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    if (before !== undefined && entry.account.toLowerCase() <= before.account.toLowerCase()) {
      throw new InvalidField(`${path}[${i}].account`, "addresses in ascending order, each once", entry.account);
    }
  });
  if (typeof threshold !== "number" || !Number.isInteger(threshold) || threshold > entries.length) {
    throw new InvalidField(`${file}: Routers.threshold`, "a number not above that of the routers", threshold);
  }
  if (threshold * 2 <= entries.length) {
    throw new InvalidField(`${file}: Routers.threshold`, "more than half of the routers", threshold);
  }
  return { routers: entries, threshold };
}

/** Every value of a deployment as text, by module and name: what is printed, and compared when a deployment is resumed. */
export function valuesOf({ Schedule, Routers, Yellowstone }: DeployParameters): Record<string, string> {
  const named = (module: string, values: object) =>
    Object.entries(values).map(([name, value]) => [`${module}.${name}`, String(value)] as const);
  const routers = Routers.routers.map(({ account: at, isContract }) => `${at}${isContract ? " (contract)" : ""}`);
  return Object.fromEntries([
    ...named("Schedule", Schedule),
    ["Routers.routers", routers.join(", ")],
    ["Routers.threshold", String(Routers.threshold)],
    ...named("Yellowstone", Yellowstone),
  ]);
}
