import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./rows.js";

/** Our own gas as it was when the figures were last accepted. */
const FILE = new URL("./gas-snapshot.json", import.meta.url);
/** Times of blocks and digests have more or fewer zero bytes in each run: some dozen gas a transaction. */
const TOLERANCE = 0.001;

/** One accepted figure. */
export interface Accepted {
  readonly name: string;
  readonly n: number;
  readonly gas: number;
}

/** The figures that are committed. */
export function readSnapshot(): Accepted[] {
  return JSON.parse(readFileSync(FILE, "utf8")) as Accepted[];
}

/** Accept the figures of these rows; others keep theirs. */
export function writeSnapshot(rows: readonly Row[]): void {
  const measured = rows.filter(isOurGas).map(({ name, n, value }) => ({ name, n, gas: Math.round(value * 10) / 10 }));
  const known = new Set(measured.map(keyOf));
  const all = [...readSnapshot().filter((accepted) => !known.has(keyOf(accepted))), ...measured];
  all.sort((a, b) => (a.name === b.name ? a.n - b.n : a.name < b.name ? -1 : 1));
  const lines = all.map(({ name, n, gas }) => `  { "name": ${JSON.stringify(name)}, "n": ${n}, "gas": ${gas} }`);
  writeFileSync(FILE, `[\n${lines.join(",\n")}\n]\n`);
}

/** One line for each row of ours that costs more than what was accepted. */
export function risen(rows: readonly Row[], snapshot: readonly Accepted[] = readSnapshot()): string[] {
  const accepted = new Map(snapshot.map((figure) => [keyOf(figure), figure.gas]));
  return rows.filter(isOurGas).flatMap((row) => {
    const before = accepted.get(keyOf(row));
    if (before === undefined || row.value <= before * (1 + TOLERANCE)) return [];
    return [`gas rose: ${row.name}, N ${row.n}: ${row.value.toFixed(1)}, accepted ${before}`];
  });
}

const isOurGas = ({ suite, unit, peer }: Row): boolean => suite === "gas" && unit === "gas" && peer === "";

const keyOf = ({ name, n }: { name: string; n: number }): string => `${name}|${n}`;
