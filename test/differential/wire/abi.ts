import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testArtifact } from "../../utils/testArtifact.js";
import type { Log, Place, Refusal, Value } from "../model/outcome.js";
import { keccakText, sizeOf, word } from "./bytes.js";

/** A parameter as an artifact's ABI has it. */
export interface Parameter {
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly Parameter[];
}

interface Item {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly Parameter[];
}

/** What is read of a built artifact. */
export interface Artifact {
  readonly abi: readonly Item[];
  readonly bytecode: string;
}

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Read the artifact of a contract under `artifacts`. */
export function artifactOf(path: string): Artifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return JSON.parse(readFileSync(join(ROOT, "artifacts", `${path}.sol`, `${name}.json`), "utf8")) as Artifact;
}

/** The artifacts of the suite, and of a token that can be told to refuse recipients. */
export const ARTIFACTS: Readonly<Record<Place, Artifact>> = {
  compute: artifactOf("contracts/ComputeContract"),
  registry: artifactOf("contracts/providers/ProviderRegistry"),
  routers: artifactOf("contracts/routers/RouterSet"),
  bootstrap: artifactOf("contracts/bootstrap/BootstrapPool"),
  authority: artifactOf("@openzeppelin/contracts/access/manager/AccessManager"),
  token: (await testArtifact("test/mocks/HookToken.sol", "HookToken")) as Artifact,
};

function typeOf({ type, components }: Parameter): string {
  return components === undefined ? type : `(${components.map(typeOf).join(",")})${type.slice("tuple".length)}`;
}

const signatureOf = ({ name, inputs }: Item): string => `${name}(${(inputs ?? []).map(typeOf).join(",")})`;

function isDynamic({ type, components }: Parameter): boolean {
  if (type === "bytes" || type === "string" || type.endsWith("[]")) return true;
  return type === "tuple" && (components ?? []).some(isDynamic);
}

/** ABI encoding of values, as hex without prefix. */
export function encode(types: readonly Parameter[], values: readonly Value[]): string {
  const bodies = values.map((value, i) => encodeOne(types[i]!, value));
  let offset = 0;
  types.forEach((type, i) => (offset += isDynamic(type) ? 32 : sizeOf(bodies[i]!)));
  let head = "";
  let tail = "";
  bodies.forEach((body, i) => {
    if (!isDynamic(types[i]!)) head += body;
    else {
      head += word(offset + sizeOf(tail));
      tail += body;
    }
  });
  return head + tail;
}

function encodeOne(parameter: Parameter, value: Value): string {
  const { type, components } = parameter;
  if (typeof value === "bigint") return word(value);
  if (typeof value === "string") {
    const size = sizeOf(value);
    return word(size) + value.padEnd(Math.ceil(size / 32) * 64, "0");
  }
  if (!type.endsWith("[]")) return encode(components ?? [], value);
  const each: Parameter = { ...parameter, type: type.slice(0, -2) };
  return (
    word(value.length) +
    encode(
      Array.from(value, () => each),
      value,
    )
  );
}

interface Compiled {
  readonly head: string;
  readonly inputs: readonly Parameter[];
}

function compile(place: Place, type: string, bytes: number): Map<string, Compiled> {
  const items = ARTIFACTS[place].abi.filter((item) => item.type === type);
  return new Map(
    items.map((item) => {
      const hash = word(keccakText(signatureOf(item)));
      return [item.name ?? "", { head: hash.slice(0, bytes * 2), inputs: item.inputs ?? [] }];
    }),
  );
}

const PLACES = Object.keys(ARTIFACTS) as Place[];
const FUNCTIONS = new Map(PLACES.map((place) => [place, compile(place, "function", 4)]));
const EVENTS = new Map(PLACES.map((place) => [place, compile(place, "event", 32)]));
const ERRORS = new Map(PLACES.flatMap((place) => [...compile(place, "error", 4)]));

/** Calldata of a call. */
export function callData(place: Place, name: string, ...args: Value[]): string {
  const item = FUNCTIONS.get(place)?.get(name);
  if (item === undefined) throw new Error(`${place} has no function ${name}`);
  return item.head + encode(item.inputs, args);
}

/** Selector of a function, in hex. */
export function selectorOf(place: Place, name: string): string {
  const item = FUNCTIONS.get(place)?.get(name);
  if (item === undefined) throw new Error(`${place} has no function ${name}`);
  return item.head;
}

/** Revert data of a refusal. */
export function errorData({ error, args }: Refusal): string {
  const item = ERRORS.get(error);
  if (item === undefined) throw new Error(`no contract has the error ${error}`);
  return item.head + args.map(word).join("");
}

/** Name and arguments of revert data, for people. */
export function describeError(data: string): string {
  for (const [name, { head }] of ERRORS) {
    if (!data.startsWith(head)) continue;
    const words = data.slice(8).match(/.{64}/g) ?? [];
    return `${name}(${words.map((each) => BigInt(`0x${each}`)).join(", ")})`;
  }
  return `unknown 0x${data}`;
}

/** Topics and data of an event, in one line. */
export function logLine({ place, event, args }: Log, address: string): string {
  const item = EVENTS.get(place)?.get(event);
  if (item === undefined) throw new Error(`${place} has no event ${event}`);
  const topics = [item.head];
  const types: Parameter[] = [];
  const values: Value[] = [];
  item.inputs.forEach((input, i) => {
    const value = args[i]!;
    if (input.indexed === true) topics.push(word(value as bigint));
    else {
      types.push(input);
      values.push(value);
    }
  });
  return `${address}|${topics.join(",")}|${encode(types, values)}`;
}

/** Name of the event in a line, for people. */
export function describeLine(line: string): string {
  const [, topics = "", data = ""] = line.split("|");
  const [head = "", ...rest] = topics.split(",");
  const words = [...rest, ...(data.match(/.{64}/g) ?? [])];
  for (const events of EVENTS.values()) {
    for (const [name, item] of events) {
      if (item.head === head) return `${name}(${words.map((each) => BigInt(`0x${each}`)).join(", ")})`;
    }
  }
  return line;
}
