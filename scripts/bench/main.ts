// npm run bench [-- --suite gas] [--full] [--reports N] [--json FILE]: measures what README and SPEC say. See README.md beside
// this file.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ratioLine, ratios } from "./peers/ratios.js";
import type { Row } from "./rows.js";
import { risen, writeSnapshot } from "./snapshot.js";

/** Figure of the README, drawn by every run of suite `scale`. */
const PLOT = new URL("../../docs/scale.svg", import.meta.url);

interface Options {
  readonly reports: number;
  readonly full: boolean;
}

// Loaded when asked for: the SDK's figures need no chain.
const SUITES = {
  gas: async () => [
    ...(await (await import("./gas.js")).gasSuite()),
    ...(await (await import("./peers/suite.js")).sideBySide()),
  ],
  l2: async () => (await import("./l2.js")).l2Suite(),
  scale: async ({ full }) => drawnScale(full),
  sdk: async ({ reports }) => (await import("./sdk/suite.js")).sdkSuite(reports),
} as const satisfies Record<string, (options: Options) => Promise<Row[]>>;

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    full: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    accept: { type: "boolean", default: false },
    reports: { type: "string", default: "1000000" },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) {
  console.log(
    "npm run bench -- [--suite gas|l2|scale|sdk]... [--full] [--check | --accept] [--reports N] [--json FILE]",
  );
  process.exit(0);
}
const reports = Number(values.reports);
if (!Number.isSafeInteger(reports) || reports < 10_000) {
  console.error("--reports: a whole number, at least 10000");
  process.exit(2);
}
const wanted = values.suite ?? Object.keys(SUITES);
for (const name of wanted) {
  if (!(name in SUITES)) {
    console.error(`no suite ${name}; there are ${Object.keys(SUITES).join(", ")}`);
    process.exit(2);
  }
}
const rows: Row[] = [];
console.log(`machine: ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`);
for (const name of wanted) {
  const startedAt = performance.now();
  rows.push(...(await SUITES[name as keyof typeof SUITES]({ reports, full: values.full })));
  console.log(`suite ${name}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
}
for (const ratio of ratios(rows)) console.log(ratioLine(ratio));
if (values.accept) writeSnapshot(rows);
if (values.check) {
  const lines = risen(rows);
  for (const line of lines) console.error(line);
  if (lines.length > 0) process.exitCode = 1;
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);

async function drawnScale(full: boolean): Promise<Row[]> {
  const [{ scaleOptions, scaleSuite }, { plot }] = await Promise.all([import("./scale.js"), import("./plot.js")]);
  const { rows: measured, bySize, byAge } = await scaleSuite(scaleOptions(full));
  mkdirSync(new URL(".", PLOT), { recursive: true });
  const svg = plot([
    { title: "Cost against the number of providers", xLabel: "providers in the ledger", curves: bySize },
    { title: "Cost over a year, 1,024 providers", xLabel: "attestations so far", curves: byAge },
  ]);
  writeFileSync(PLOT, svg);
  return measured;
}
