import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CURVE_LIBRARY } from "@yellowstone-compute/sdk";
import type { Rows } from "../rows.js";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..", "..");
const MEBIBYTE = 1_048_576;
const HOUR_SECONDS = 3_600;

interface Summary {
  readonly requests: number;
  readonly served: number;
  readonly failed: number;
  readonly tooSlow: number;
  readonly empty: number;
  readonly unreported: number;
  readonly seconds: number;
  readonly memoryPeakBytes: number;
  readonly reconciled: boolean;
}

/**
 * The main job in a process of its own, on a trace that is as long as the real hour: what it takes, its parts, and what the
 * signatures of all parties alone would take on one core, at the rates of the library in this run.
 */
export async function mainJobRows(rows: Rows): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "yellowstone-bench-"));
  try {
    const file = join(folder, "summary.json");
    const args = ["--import", "tsx", "scripts/replay/main.ts", "--json", file];
    const { stdout } = await run(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 });
    const { requests, seconds, memoryPeakBytes, reconciled, ...ends } = JSON.parse(
      readFileSync(file, "utf8"),
    ) as Summary;
    if (!reconciled) throw new TypeError("bench: the main job did not reconcile");
    rows.add("main job: an hour of requests", requests, seconds, "s");
    rows.add("main job: faster than the hour", requests, HOUR_SECONDS / seconds, "times");
    rows.add("main job: memory of its process at the peak", requests, memoryPeakBytes / MEBIBYTE, "MiB");
    for (const [, part, taken] of (/^seconds .*$/m.exec(stdout)?.[0] ?? "").matchAll(
      /(deploy|replay|restart|reconcile) (\d+\.\d)/g,
    )) {
      if (part !== undefined) rows.add(`main job: ${part}`, requests, Number(taken), "s");
    }
    const matched = ends.served + ends.failed + ends.tooSlow + ends.empty + ends.unreported;
    const reported = matched - ends.unreported;
    const rate = (name: string): number =>
      rows.all.find((row) => row.name === name && row.peer === CURVE_LIBRARY)?.value ?? NaN;
    // RFC and report at the router; the match at the user and at the provider, the query at the provider.
    const recoveries = requests + reported + 3 * matched;
    const signatures = requests + 2 * matched + reported;
    const alone = recoveries / rate("recover a signer, library alone") + signatures / rate("sign, library alone");
    rows.add("main job: its signatures alone, on one core", recoveries + signatures, alone, "s", CURVE_LIBRARY);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
