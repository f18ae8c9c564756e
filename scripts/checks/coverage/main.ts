// `npm run coverage [-- --only sdk|contracts] [-- FILES]`: how much of the SDK and of the contracts the tests execute, by room.
// The contracts are measured by marks in their sources (instrument.ts): a line is reached when every statement that begins on it is;
// a branch is a way that a condition can turn out: of if, ?:, loop and require, each operand of && and || apart. The SDK is measured
// in its built form, which is what the tests import, by V8's own counts over every process of the run and the pages it opens
// (v8.ts); a branch is a block that V8 counts apart. What cannot be reached is argued in argued.json, and does not count.
// FILES are test files in place of all of a half. `--add` counts them on top of what earlier runs counted of files that have not
// changed since, `--known` runs nothing; both are for the SDK. What is not reached is listed in cache/coverage.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { roomOf } from "../mutation/project.js";
import { measureContracts } from "./contracts.js";
import type { Argued, Place } from "./figures.js";
import { judge, LEAST } from "./figures.js";
import { readSdkPlaces, runSdkTests, sdkRoomOf } from "./sdk.js";

const OUT = "cache/coverage";
const ARGUED = new URL("argued.json", import.meta.url);

const { values, positionals } = parseArgs({
  options: {
    only: { type: "string" },
    add: { type: "boolean", default: false },
    known: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
if (values.only !== undefined && !["sdk", "contracts"].includes(values.only)) {
  console.error(`no such half: ${values.only}; there are sdk and contracts`);
  process.exit(2);
}
const argued = JSON.parse(readFileSync(ARGUED, "utf8")) as Argued[];
mkdirSync(OUT, { recursive: true });
const isHeld = [
  ...(values.only === "sdk" ? [] : [await contractsHold()]),
  ...(values.only === "contracts" ? [] : [sdkHolds()]),
];
process.exitCode = isHeld.every(Boolean) ? 0 : 1;

async function contractsHold(): Promise<boolean> {
  const tests = positionals.filter((file) => file.endsWith(".sol"));
  const { places, errors, passed, failed, dearer } = await measureContracts(process.cwd(), tests, console.log);
  const { all, thrown } = errors;
  const holds = report("contracts", places, roomOf);
  const never = [...all].filter((name) => !thrown.has(name));
  console.log(
    `${thrown.size} of ${all.size} custom errors thrown${never.length === 0 ? "" : `, never ${never.join(", ")}`}`,
  );
  for (const test of dearer) console.log(`allows less gas than marked code takes, and does not count: ${test}`);
  for (const test of failed) console.log(`failed: ${test}`);
  console.log(`${passed} tests passed, ${failed.length} failed`);
  return holds && never.length === 0 && failed.length === 0;
}

function sdkHolds(): boolean {
  const tests = positionals.filter((file) => file.endsWith(".ts"));
  const passed = values.known || runSdkTests(tests, values.add);
  return report("sdk", readSdkPlaces(), sdkRoomOf) && passed;
}

/** Print the table of a half, list what it misses, and tell whether that is little enough. */
function report(half: string, places: readonly Place[], room: (file: string) => string): boolean {
  const prefix = half === "sdk" ? "sdk/" : "contracts/";
  const own = argued.filter(({ file }) => file.startsWith(prefix));
  const { table, missing, stale, argued: aside, holds } = judge(half, places, own, room);
  writeFileSync(`${OUT}/${half}-missing.txt`, missing.map((line) => `${line}\n`).join(""));
  console.log(`\n${table}\n`);
  for (const line of missing) console.log(line);
  if (missing.length > 0) console.log(`${missing.length} places are not reached: ${OUT}/${half}-missing.txt`);
  for (const { file, text } of stale) console.log(`argued, but reached or gone: ${file}: ${text}`);
  console.log(`${own.length} lines argued in argued.json, with ${aside} places`);
  const { lines, functions, branches } = LEAST;
  console.log(
    `${half}: ${holds ? "at least" : "below"} ${lines} % of lines, ${functions} % of functions, ${branches} % of branches`,
  );
  return holds;
}
