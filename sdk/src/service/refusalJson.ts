import { InvalidField } from "../errors/input.js";
import { readRecord } from "../messages/parse.js";
import { readList, readUint } from "../quorum/evidenceCodec.js";
import { MAX_FINDINGS, type Finding, type Refusal } from "../quorum/index.js";

/** A refusal as JSON carries it. */
export interface RefusalJson {
  readonly status: "refused";
  readonly seq: string;
  readonly findings: readonly Finding[];
}

const MAX_WORDS = 2_000;

/** Write a refusal; of a long list of findings the first. */
export function serializeRefusal({ status, seq, findings }: Refusal): RefusalJson {
  const cut = (text: string): string => text.slice(0, MAX_WORDS);
  const first = findings.slice(0, MAX_FINDINGS).map(({ where, what }) => ({ where: cut(where), what: cut(what) }));
  return { status, seq: seq.toString(), findings: first };
}

/** Parse unknown input as a refusal. @throws InvalidField */
export function parseRefusal(input: unknown): Refusal {
  const { status, seq, findings } = readRecord(input, "refusal", ["status", "seq", "findings"]);
  if (status !== "refused") throw new InvalidField("refusal.status", "refused", status);
  const list = readList(findings, "refusal.findings", MAX_FINDINGS).map((finding, i) => {
    const { where, what } = readRecord(finding, `refusal.findings[${i}]`, ["where", "what"]);
    return { where: words(where, i, "where"), what: words(what, i, "what") };
  });
  if (list.length === 0) throw new InvalidField("refusal.findings", "at least one", list);
  return { status, seq: readUint(seq, 64, "refusal.seq"), findings: list };
}

function words(input: unknown, index: number, name: string): string {
  if (typeof input === "string" && input.length <= MAX_WORDS) return input;
  throw new InvalidField(`refusal.findings[${index}].${name}`, `text of at most ${MAX_WORDS} characters`, input);
}
