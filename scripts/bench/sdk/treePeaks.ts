import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { interleaved, median } from "../rounds.js";
import type { Rows } from "../rows.js";
import type { Made } from "./treePeak.js";
import { PROVIDERS, SIMPLE, STANDARD } from "./treeInput.js";

const run = promisify(execFile);
const PROCESS = fileURLToPath(new URL("treePeak.ts", import.meta.url));
const ROUNDS = 3;
const MEBIBYTE = 1_048_576;
/** Rows: what is made, less a process that makes its input alone. */
const OURS = [
  { what: "a build adds at its peak", made: "build", input: "lanes", peer: "" },
  { what: "a build and an update of 1,000 lanes add at their peak", made: "update", input: "lanes", peer: "" },
] as const;
const THEIRS = [
  { what: "a build adds at its peak", made: "standard", input: "values", peer: STANDARD },
  { what: "a build adds at its peak", made: "simple", input: "leaves", peer: SIMPLE },
] as const;

/** Memory that a tree takes, at the peak of a process that makes nothing else. */
export async function treePeakRows(rows: Rows, withPeer: boolean): Promise<void> {
  const wanted = withPeer ? [...OURS, ...THEIRS] : OURS;
  const made = new Set<Made>(wanted.flatMap((row) => [row.made, row.input]));
  const peaks = await interleaved(Object.fromEntries([...made].map((each) => [each, () => peakOf(each)])), ROUNDS, 0);
  for (const row of wanted) {
    const bytes = median(peaks[row.made] ?? []) - median(peaks[row.input] ?? []);
    rows.add(`ledger tree: memory ${row.what}`, PROVIDERS, bytes / MEBIBYTE, "MiB", row.peer);
  }
}

async function peakOf(made: Made): Promise<number> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", PROCESS, made]);
  return Number(stdout);
}
