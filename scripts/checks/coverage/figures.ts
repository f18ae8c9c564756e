import { readFileSync } from "node:fs";

/** What is counted. */
export const KINDS = ["lines", "functions", "branches"] as const;
export type Kind = (typeof KINDS)[number];

/** One place: reached or not, and what to say of it if it is not. */
export interface Place {
  readonly kind: Kind;
  readonly file: string;
  readonly line: number;
  readonly reached: boolean;
  readonly what: string;
}

/** A place that cannot be reached: file, trimmed text of its line, and the reason. */
export interface Argued {
  readonly file: string;
  readonly text: string;
  readonly why: string;
}

/** The least share of each kind that must be reached, in percent, what is argued aside. */
export const LEAST: Readonly<Record<Kind, number>> = { lines: 100, functions: 100, branches: 98 };

type Counts = Record<Kind, { all: number; reached: number }>;

/** What was measured, judged. */
export interface Verdict {
  readonly table: string;
  /** Places not reached that nobody argues, each with the text of its line. */
  readonly missing: readonly string[];
  /** Entries of the argued list that fit no place which is not reached. */
  readonly stale: readonly Argued[];
  readonly argued: number;
  readonly holds: boolean;
}

/** Count `places` by room and compare with `LEAST`. `textOf` gives a file's lines; `roomOf` names the room of a file. */
export function judge(
  title: string,
  places: readonly Place[],
  argued: readonly Argued[],
  roomOf: (file: string) => string,
  linesOf: (file: string) => readonly string[] = (file) => readFileSync(file, "utf8").split("\n"),
): Verdict {
  const rooms = new Map<string, Counts>();
  const all = nothing();
  const used = new Set<Argued>();
  const missing: string[] = [];
  const lines = new Map<string, readonly string[]>();
  let arguedPlaces = 0;
  for (const place of places) {
    const { kind, file, line, reached, what } = place;
    const room = rooms.get(roomOf(file)) ?? nothing();
    rooms.set(roomOf(file), room);
    let counts = true;
    if (!reached) {
      const own = lines.get(file) ?? linesOf(file);
      lines.set(file, own);
      const text = own[line - 1]?.trim() ?? "";
      const reason = argued.find((entry) => entry.file === file && entry.text === text);
      if (reason !== undefined) {
        used.add(reason);
        arguedPlaces += 1;
        counts = false;
      } else missing.push(`${file}:${line} ${kind}: ${what === "" ? text : `${what}: ${text}`}`);
    }
    if (!counts) continue;
    for (const sum of [room, all]) {
      sum[kind].all += 1;
      sum[kind].reached += Number(reached);
    }
  }
  const rows = [...rooms].sort(([a], [b]) => (a < b ? -1 : 1));
  const stale = argued.filter((entry) => !used.has(entry));
  const holds = stale.length === 0 && KINDS.every((kind) => percentOf(all[kind]) >= LEAST[kind]);
  return { table: tableOf(title, [...rows, ["all", all]]), missing, stale, argued: arguedPlaces, holds };
}

function nothing(): Counts {
  return { lines: { all: 0, reached: 0 }, functions: { all: 0, reached: 0 }, branches: { all: 0, reached: 0 } };
}

function percentOf({ all, reached }: { all: number; reached: number }): number {
  return all === 0 ? 100 : (100 * reached) / all;
}

/** A share is rounded down: 100.0 is all. */
function cell(count: { all: number; reached: number }): string {
  const percent = (Math.floor(percentOf(count) * 10) / 10).toFixed(1);
  return `${percent} % ${count.reached} of ${count.all}`.padStart(24);
}

function tableOf(title: string, rows: readonly (readonly [string, Counts])[]): string {
  const head = title.padEnd(16) + KINDS.map((kind) => kind.padStart(24)).join("");
  const body = rows.map(([room, counts]) => room.padEnd(16) + KINDS.map((kind) => cell(counts[kind])).join(""));
  return [head, ...body].join("\n");
}
