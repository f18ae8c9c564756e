import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Mutant } from "./mutant.js";
import type { Project } from "./project.js";
import { roomOf } from "./project.js";

/** What became of a mutant: equivalent says that it compiles to the same code, invalid that it does not compile. */
export type Status = "killed" | "survived" | "equivalent" | "invalid";

/** A line of the results, with the hashes of contracts (`code`) and tests that it was found for. */
export interface Result extends Pick<Mutant, "id" | "file" | "line" | "operator" | "before" | "after"> {
  readonly code: string;
  readonly tests: string;
  /** Tried without the dear tests. */
  readonly quick: boolean;
  readonly status: Status;
  /** The suite that killed it, the test and what that said. */
  readonly by?: string;
  readonly millis: number;
}

/** A survivor that is argued: nobody can notice it, or why no test shall. */
export interface ArguedSurvivor extends Pick<Mutant, "id" | "file" | "before" | "after"> {
  readonly why: string;
}

/**
 * Read the results that hold for these contracts and tests, by mutant. One that survived holds while the tests are the same, if
 * these were all of them or `quick` asks for no more, and for good where it is argued.
 */
export function readResults(
  path: string,
  { contracts, tests }: Project["hashes"],
  argued: ReadonlySet<string>,
  quick: boolean,
): Map<string, Result> {
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  const results = lines.map((line) => JSON.parse(line) as Result);
  const holds = (result: Result): boolean =>
    result.status !== "survived" || argued.has(result.id) || (result.tests === tests && (quick || !result.quick));
  const valid = results.filter((result) => result.code === contracts && holds(result));
  return new Map(valid.map((result) => [result.id, result]));
}

/** Append a result: a run that is stopped loses nothing. */
export function appendResult(path: string, result: Result): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(result)}\n`);
}

/** Killed of those that count: what compiles and to other code, less the argued. In percent. */
export function scoreOf(results: readonly Result[], argued: ReadonlySet<string>): number {
  const killed = results.filter(({ status }) => status === "killed").length;
  const survived = results.filter(({ status, id }) => status === "survived" && !argued.has(id)).length;
  return killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);
}

/** Draw the table by room. `totals` is how many mutants a room has. */
export function tableOf(
  results: readonly Result[],
  argued: ReadonlySet<string>,
  totals: ReadonlyMap<string, number>,
): string {
  const rooms = [...new Set(results.map(({ file }) => roomOf(file)))].sort();
  const rows = [...rooms, "all"].map((room) => {
    const own = results.filter(({ file }) => room === "all" || roomOf(file) === room);
    const count = (status: Status): number => own.filter((result) => result.status === status).length;
    const known = own.filter(({ status, id }) => status === "survived" && argued.has(id)).length;
    const total = room === "all" ? [...totals.values()].reduce((a, b) => a + b, 0) : (totals.get(room) ?? 0);
    const figures = [
      total,
      own.length,
      count("killed"),
      count("survived"),
      known,
      count("equivalent"),
      count("invalid"),
    ];
    return [
      room.padEnd(11),
      ...figures.map((n) => String(n).padStart(10)),
      scoreOf(own, argued).toFixed(1).padStart(8),
    ];
  });
  const head = ["room       ", "mutants", "run", "killed", "survived", "argued", "equivalent", "invalid"];
  return [[...head.map((word) => word.padStart(10)), "score %".padStart(8)], ...rows]
    .map((row) => row.join(" "))
    .join("\n");
}
