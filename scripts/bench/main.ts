// npm run bench [-- --suite gas] [--json FILE]: measures what README and SPEC say. See README.md beside this file.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gasSuite } from "./gas.js";
import type { Row } from "./rows.js";

const SUITES = { gas: gasSuite } as const satisfies Record<string, () => Promise<Row[]>>;

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) {
  console.log("npm run bench -- [--suite gas]... [--json FILE]");
  process.exit(0);
}
const wanted = values.suite ?? Object.keys(SUITES);
const rows: Row[] = [];
console.log(`machine: ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`);
for (const name of wanted) {
  if (!(name in SUITES)) {
    console.error(`no suite ${name}; there are ${Object.keys(SUITES).join(", ")}`);
    process.exit(2);
  }
  rows.push(...(await SUITES[name as keyof typeof SUITES]()));
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
