import { InvalidField } from "../errors/input.js";
import { parseMessage, parseValue, serializeMessage, serializeValue, type SignedJson } from "../messages/index.js";
import { readBigint, readRecord } from "../messages/parse.js";
import type { JsonOf } from "../messages/serialize.js";
import type { Match } from "../messages/index.js";
import { hash32, type UnixMillis, type Wei } from "../units/index.js";
import { MAX_STEPS, type BlockEvidence, type MatchEvidence, type Step } from "./evidence.js";

/** A step as JSON carries it: bigints as decimal strings. */
export type StepJson =
  | { readonly kind: "bid"; readonly atMs: string; readonly bid: SignedJson<"Bid"> }
  | { readonly kind: "match"; readonly atMs: string; readonly rfc: SignedJson<"Rfc">; readonly match: MatchJson }
  | {
      readonly kind: "report";
      readonly atMs: string;
      readonly report: SignedJson<"InferenceReport">;
      readonly creditWei: string;
    }
  | { readonly kind: "unanswered" | "unreported" | "lapsed"; readonly atMs: string; readonly matchHash: string };

/** A match in evidence as JSON carries it. */
export type MatchJson = SignedJson<"Match"> | { readonly lapsed: true; readonly value: JsonOf<Match> };

/** Evidence of a block as JSON carries it. */
export interface BlockEvidenceJson {
  readonly block: SignedJson<"InferenceBlock">;
  readonly steps: readonly StepJson[];
}

const KINDS = ["bid", "match", "report", "unanswered", "unreported", "lapsed"] as const;

/** Write evidence in the form that survives JSON and that `parseEvidence` reads back. */
export function serializeEvidence({ block, steps }: BlockEvidence): BlockEvidenceJson {
  return { block: serializeMessage(block), steps: steps.map(serializeStep) };
}

/**
 * Parse unknown input as evidence of a block. Takes what `serializeEvidence` gives. No signature is verified.
 *
 * @param maxSteps More are refused before any of them is looked at.
 * @throws InvalidField with the path of the first field that is missing, unknown or not of its type
 */
export function parseEvidence(input: unknown, maxSteps = MAX_STEPS): BlockEvidence {
  const { block, steps } = readRecord(input, "evidence", ["block", "steps"]);
  const list = readList(steps, "evidence.steps", maxSteps);
  return { block: parseMessage("InferenceBlock", block), steps: list.map(parseStep) };
}

/** Take a true array of at most `most` entries; a hole counts as undefined. @throws InvalidField */
export function readList(input: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(input)) throw new InvalidField(path, "an array", input);
  if (input.length > most) throw new InvalidField(path, `at most ${most} entries`, input);
  return Array.from(input as readonly unknown[]);
}

/** Read an unsigned integer of `bits` bits. @throws InvalidField */
export function readUint(input: unknown, bits: 64 | 256, path: string): bigint {
  const value = readBigint(input, bits);
  if (value === undefined) throw new InvalidField(path, `a bigint or decimal string of uint${bits}`, input);
  return value;
}

/** Read 32 bytes of hex. @throws InvalidField */
export function readHash(input: unknown, path: string): ReturnType<typeof hash32> {
  if (typeof input !== "string") throw new InvalidField(path, "32 bytes of hex", input);
  return hash32(input, path);
}

function serializeStep(step: Step): StepJson {
  const atMs = step.atMs.toString();
  switch (step.kind) {
    case "bid":
      return { kind: step.kind, atMs, bid: serializeMessage(step.bid) };
    case "match":
      return { kind: step.kind, atMs, rfc: serializeMessage(step.rfc), match: serializeMatch(step.match) };
    case "report":
      return {
        kind: step.kind,
        atMs,
        report: serializeMessage(step.report),
        creditWei: step.creditWei.toString(),
      };
    default:
      return { kind: step.kind, atMs, matchHash: step.matchHash };
  }
}

function serializeMatch(match: MatchEvidence): MatchJson {
  return "lapsed" in match ? { lapsed: true, value: serializeValue("Match", match.value) } : serializeMessage(match);
}

function parseStep(input: unknown, index: number): Step {
  const path = `evidence.steps[${index}]`;
  const kind = KINDS.find(
    (each) => typeof input === "object" && input !== null && "kind" in input && input.kind === each,
  );
  if (kind === undefined) throw new InvalidField(`${path}.kind`, `one of ${KINDS.join(", ")}`, input);
  const more = kind === "bid" ? ["bid"] : kind === "match" ? ["rfc", "match"] : ["matchHash"];
  const record = readRecord(input, path, ["kind", "atMs", ...(kind === "report" ? ["report", "creditWei"] : more)]);
  const atMs = readUint(record["atMs"], 64, `${path}.atMs`) as UnixMillis;
  switch (kind) {
    case "bid":
      return { kind, atMs, bid: parseMessage("Bid", record["bid"]) };
    case "match":
      return { kind, atMs, rfc: parseMessage("Rfc", record["rfc"]), match: parseMatch(record["match"], path) };
    case "report": {
      const creditWei = readUint(record["creditWei"], 256, `${path}.creditWei`) as Wei;
      return { kind, atMs, report: parseMessage("InferenceReport", record["report"]), creditWei };
    }
    default:
      return { kind, atMs, matchHash: readHash(record["matchHash"], `${path}.matchHash`) };
  }
}

function parseMatch(input: unknown, path: string): MatchEvidence {
  if (typeof input !== "object" || input === null || !Object.hasOwn(input, "lapsed"))
    return parseMessage("Match", input);
  const { lapsed, value } = readRecord(input, `${path}.match`, ["lapsed", "value"]);
  if (lapsed !== true) throw new InvalidField(`${path}.match.lapsed`, "true", lapsed);
  return { lapsed, value: parseValue("Match", value, `${path}.match.value`) };
}
