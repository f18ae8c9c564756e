// npm run bench [-- --suite gas] [--reports N] [--json FILE]: measures what README and SPEC say. See README.md beside this file.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Row } from "./rows.js";

// Loaded when asked for: the SDK's figures need no chain.
const SUITES = {
  gas: async () => (await import("./gas.js")).gasSuite(),
  sdk: async (reports) => (await import("./sdk/suite.js")).sdkSuite(reports),
} as const satisfies Record<string, (reports: number) => Promise<Row[]>>;

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    reports: { type: "string", default: "1000000" },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) {
  console.log("npm run bench -- [--suite gas|sdk]... [--reports N] [--json FILE]");
  process.exit(0);
}
const reports = Number(values.reports);
if (!Number.isSafeInteger(reports) || reports < 10_000) {
  console.error("--reports: a whole number, at least 10000");
  process.exit(2);
}
const wanted = values.suite ?? Object.keys(SUITES);
const rows: Row[] = [];
console.log(`machine: ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`);
for (const name of wanted) {
  if (!(name in SUITES)) {
    console.error(`no suite ${name}; there are ${Object.keys(SUITES).join(", ")}`);
    process.exit(2);
  }
  rows.push(...(await SUITES[name as keyof typeof SUITES](reports)));
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
