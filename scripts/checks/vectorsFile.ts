import { readFileSync } from "node:fs";

/** One value of the emission formula: wei due in [startTime, endTime). Amounts in wei, times in Unix seconds. */
export interface EmissionVector {
  readonly name: string;
  readonly initialWei: bigint;
  readonly decreaseWei: bigint;
  readonly startAt: bigint;
  readonly intervalSeconds: bigint;
  readonly fromAt: bigint;
  readonly toAt: bigint;
  readonly expectedWei: bigint;
}

/** The books after a step that succeeds; amounts in wei. */
export interface GuardState {
  readonly day: bigint;
  readonly unusedWei: bigint;
  readonly freshWei: bigint;
  readonly owedWei: bigint;
  readonly openingWei: bigint;
  readonly drawnTodayWei: bigint;
  readonly budgetWei: bigint;
  readonly allowanceWei: bigint;
}

/** What a call must do: succeed and leave this state (where one is given), or revert and change nothing. */
export type GuardExpectation = { readonly ok: true; readonly state: GuardState } | { readonly ok: false };

/** `arrive` and `warp` change the surroundings; `intake` and `attest` are calls. */
export type GuardStep =
  | { readonly op: "arrive"; readonly wei: bigint }
  | { readonly op: "warp"; readonly to: bigint }
  | { readonly op: "intake"; readonly expect: GuardExpectation }
  | { readonly op: "attest"; readonly uMor: bigint; readonly expect: GuardExpectation };

/** Steps on one deployment under a schedule with intervals of a day. */
export interface GuardScenario {
  readonly name: string;
  readonly initialWei: bigint;
  readonly decreaseWei: bigint;
  readonly startAt: bigint;
  readonly deployedAt: bigint;
  readonly steps: readonly GuardStep[];
}

/** A file of vectors, told apart by its content. */
export type VectorsFile =
  | { readonly kind: "emission"; readonly vectors: readonly EmissionVector[] }
  | { readonly kind: "guard"; readonly scenarios: readonly GuardScenario[] };

/** A vectors file is missing, no JSON, or not of a known form; `path` is the place inside it. */
export class VectorsFileInvalid extends Error {
  readonly file: string;
  readonly path: string;

  constructor(file: string, path: string, problem: string, cause?: unknown) {
    super(`${file}: ${path}: ${problem}`, { cause });
    this.name = "VectorsFileInvalid";
    this.file = file;
    this.path = path;
  }
}

const EMISSION_ORDER = ["initialAmount", "decreaseAmount", "payoutStart", "interval", "startTime", "endTime"] as const;
/** Every figure of `GuardState`, under the name of its view on chain. */
export const STATE_FIELDS = [
  "day",
  "unusedWei",
  "freshWei",
  "owedWei",
  "openingWei",
  "drawnTodayWei",
  "budgetWei",
  "allowanceWei",
] as const satisfies readonly (keyof GuardState)[];

/** Read a vectors file. @throws VectorsFileInvalid naming the file and the place. */
export function readVectorsFile(file: string): VectorsFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new VectorsFileInvalid(file, "$", "cannot be read", error);
  }
  return parseVectors(file, text);
}

/** Parse the text of a vectors file; `file` only names it in errors. @throws VectorsFileInvalid */
export function parseVectors(file: string, text: string): VectorsFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new VectorsFileInvalid(file, "$", "is no JSON", error);
  }
  const root = new Node(file, "$", content);
  if (root.has("scenarios")) return { kind: "guard", scenarios: root.at("scenarios").list(readScenario) };
  if (root.has("named") || root.has("random")) return { kind: "emission", vectors: readEmission(root) };
  return root.fail("has neither `scenarios` nor `named` or `random`: not a vectors file");
}

function readEmission(root: Node): EmissionVector[] {
  const order = root.at("order").list((field) => field.text());
  if (order.join() !== EMISSION_ORDER.join()) root.at("order").fail(`must be ${EMISSION_ORDER.join(", ")}`);
  return ["named", "random"].flatMap((group) => (root.has(group) ? root.at(group).list(readEmissionVector) : []));
}

function readEmissionVector(node: Node): EmissionVector {
  const args = node.at("args").list((arg) => arg.integer());
  const [initialWei, decreaseWei, startAt, intervalSeconds, fromAt, toAt, ...rest] = args;
  if (
    initialWei === undefined ||
    decreaseWei === undefined ||
    startAt === undefined ||
    intervalSeconds === undefined ||
    fromAt === undefined ||
    toAt === undefined ||
    rest.length > 0
  ) {
    return node.at("args").fail(`must have ${EMISSION_ORDER.length} entries, has ${args.length}`);
  }
  const name = node.has("name") ? node.at("name").text() : node.path;
  const expectedWei = node.at("expected").integer();
  return { name, initialWei, decreaseWei, startAt, intervalSeconds, fromAt, toAt, expectedWei };
}

function readScenario(node: Node): GuardScenario {
  const startAt = node.at("startAt").integer();
  const deployedAt = node.at("deployedAt").moment(startAt);
  let now = deployedAt;
  return {
    name: node.at("name").text(),
    initialWei: node.at("initialWei").integer(),
    decreaseWei: node.at("decreaseWei").integer(),
    startAt,
    deployedAt,
    steps: node.at("steps").list((entry) => {
      const step = readStep(entry);
      if (step.op === "warp") now = entry.at("to").moment(now);
      return step;
    }),
  };
}

function readStep(node: Node): GuardStep {
  const op = node.at("op").text();
  switch (op) {
    case "arrive":
      return { op, wei: node.at("wei").integer() };
    case "warp":
      return { op, to: node.at("to").integer() };
    case "intake":
      return { op, expect: readExpectation(node.at("expect")) };
    case "attest":
      return { op, uMor: node.at("uMor").integer(), expect: readExpectation(node.at("expect")) };
    default:
      return node.at("op").fail(`must be arrive, warp, intake or attest, is ${op}`);
  }
}

function readExpectation(node: Node): GuardExpectation {
  if (!node.at("ok").flag()) return { ok: false };
  const figures = Object.fromEntries(STATE_FIELDS.map((field) => [field, node.at(field).integer()]));
  return { ok: true, state: figures as Record<(typeof STATE_FIELDS)[number], bigint> };
}

/** A value inside the file together with where it stands. */
class Node {
  readonly file: string;
  readonly path: string;
  readonly value: unknown;

  constructor(file: string, path: string, value: unknown) {
    this.file = file;
    this.path = path;
    this.value = value;
  }

  fail(problem: string): never {
    throw new VectorsFileInvalid(this.file, this.path, problem);
  }

  has(key: string): boolean {
    return key in this.object();
  }

  at(key: string): Node {
    const object = this.object();
    if (!(key in object)) this.fail(`lacks \`${key}\``);
    return new Node(this.file, `${this.path}.${key}`, object[key]);
  }

  list<T>(read: (node: Node) => T): T[] {
    if (!Array.isArray(this.value)) return this.fail("must be a list");
    return this.value.map((entry, i) => read(new Node(this.file, `${this.path}[${i}]`, entry)));
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.fail("must be a string");
  }

  flag(): boolean {
    return typeof this.value === "boolean" ? this.value : this.fail("must be true or false");
  }

  /** A non-negative integer: a decimal string, or a JSON number that holds it exactly. */
  integer(): bigint {
    if (typeof this.value === "string" && /^(0|[1-9]\d*)$/.test(this.value)) return BigInt(this.value);
    if (typeof this.value === "number" && Number.isSafeInteger(this.value) && this.value >= 0)
      return BigInt(this.value);
    return this.fail("must be a non-negative integer, best as a decimal string");
  }

  /** A moment that is not before `least`: time does not go back. */
  moment(least: bigint): bigint {
    const at = this.integer();
    return at >= least ? at : this.fail(`must not be before ${least}, is ${at}`);
  }

  private object(): Record<string, unknown> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value))
      this.fail("must be an object");
    return this.value as Record<string, unknown>;
  }
}
