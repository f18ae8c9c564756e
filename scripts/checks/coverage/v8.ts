import type { Place } from "./figures.js";

/** A range of V8's: characters, and how often they were executed. */
interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** What V8 counted of one script in one process. */
export interface ScriptCounts {
  readonly url: string;
  readonly functions: readonly { readonly functionName: string; readonly ranges: readonly Range[] }[];
}

/** What all processes together executed of one file. */
export interface FileCounts {
  /** 1 for a character that was executed. */
  readonly seen: Uint8Array;
  /** Functions by their first character. */
  readonly functions: ReadonlyMap<number, { readonly name: string; readonly called: boolean }>;
  /** First characters of the blocks that V8 counted apart in any process. */
  readonly blocks: ReadonlySet<number>;
}

/** A line that holds no code of its own: a comment, what closes a bracket, the export of a file of types. */
const NO_CODE = /^\s*(\/\/|\/\*|\*|[)}\]]+[;,]*$|export \{\};$|$)/;

/** Whether `script` is `text` as it stands, and not what a loader made of it. */
export function isOf(script: ScriptCounts, text: string): boolean {
  return script.functions.some(({ ranges: [whole] }) => whole?.startOffset === 0 && whole.endOffset === text.length);
}

/** Add the counts of one process. Ranges come from the outside in: the last that holds a character counts it. */
export function addCounts(sum: FileCounts | undefined, script: ScriptCounts): FileCounts {
  const length = Math.max(...script.functions.map(({ ranges }) => ranges[0]?.endOffset ?? 0));
  const counts = new Uint8Array(length);
  const functions = new Map(sum?.functions);
  const blocks = new Set(sum?.blocks);
  for (const { functionName: name, ranges } of script.functions) {
    for (const { startOffset, endOffset, count } of ranges) counts.fill(Math.min(count, 1), startOffset, endOffset);
    const [whole, ...inner] = ranges;
    if (whole === undefined) continue;
    for (const { startOffset } of inner) blocks.add(startOffset);
    // The file itself.
    if (whole.startOffset === 0 && whole.endOffset === length) continue;
    const called = whole.count > 0 || functions.get(whole.startOffset)?.called === true;
    functions.set(whole.startOffset, { name, called });
  }
  const seen = sum?.seen ?? new Uint8Array(length);
  for (let i = 0; i < length; i += 1) seen[i] = (seen[i] ?? 0) | (counts[i] ?? 0);
  return { seen, functions, blocks };
}

/** List lines, functions and blocks of `text`, whose counts are given unless no process loaded it. */
export function placesOf(file: string, text: string, counts: FileCounts | undefined): Place[] {
  const places: Place[] = [];
  const starts: number[] = [];
  let offset = 0;
  for (const [i, line] of text.split("\n").entries()) {
    starts.push(offset);
    if (!NO_CODE.test(line)) {
      const reached = counts?.seen[offset + line.search(/\S/)] === 1;
      places.push({ kind: "lines", file, line: i + 1, reached, what: "" });
    }
    offset += line.length + 1;
  }
  const lineAt = (at: number): number => starts.findLastIndex((start) => start <= at) + 1;
  for (const [at, { name, called }] of counts?.functions ?? []) {
    const what = name === "" ? "a function is called" : `${name} is called`;
    places.push({ kind: "functions", file, line: lineAt(at), reached: called, what });
  }
  for (const at of counts?.blocks ?? []) {
    // A block begins where the code before it ends, before comments.
    const first = at + (/^(?:[\s;]|\/\/.*|\/\*[^]*?\*\/)*/.exec(text.slice(at))?.[0].length ?? 0);
    const what = text.slice(first, first + 60).split("\n")[0] ?? "";
    places.push({ kind: "branches", file, line: lineAt(first), reached: counts?.seen[at] === 1, what });
  }
  return places;
}
