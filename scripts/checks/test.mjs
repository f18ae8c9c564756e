// `npm test`: every check of the project, and one line at the end that counts them.
//   npm test                 all stages
//   npm test -- solidity sdk only the stages with these names
// Contracts and SDK are built first; then three lanes on two cores, which end at about the same time: the Solidity tests with two of
// the static checks behind them, the other checks with the unit tests in TypeScript behind them, and the tests that start processes
// and mostly wait for them. A stage's output is shown when it is over. A stage that runs a test runner counts that runner's tests; any
// other stage counts as one. All stages run even when one fails; the exit code is 1 if anything failed.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** Folders of tests that deploy, replay and serve in processes of their own; those of scripts keep the other lane as busy. */
const OF_PROCESSES = ["test/deployment/", "test/scenarios/"];
const tests = readdirSync("test", { recursive: true })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `test/${file}`)
  .sort();
const ofProcesses = tests.filter((file) => OF_PROCESSES.some((folder) => file.startsWith(folder)));
const others = tests.filter((file) => !ofProcesses.includes(file));
const mocha = (files) => ["npx", "hardhat", "test", "mocha", "--no-compile", ...files];

const BUILD = [{ name: "build", command: ["npm", "run", "--silent", "build"] }];
const BUILD_TESTS = [{ name: "build-tests", command: ["npx", "hardhat", "build", "--quiet"] }];
const SOLIDITY = [
  { name: "solidity", command: ["npx", "hardhat", "test", "solidity"], counts: true },
  { name: "invariants", command: ["node", "scripts/checks/invariants.mjs", "--read"] },
];
const STATIC_LATER = [
  { name: "format", command: ["npm", "run", "--silent", "format:check"] },
  { name: "package", command: ["npm", "run", "--silent", "package-check", "--", "--without-api"] },
];
const STATIC = [
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "types", command: ["npm", "run", "--silent", "typecheck"] },
  { name: "sizes", command: ["npm", "run", "--silent", "sizes"] },
  { name: "checks", command: ["npm", "run", "--silent", "checks"] },
];
const MOCHA = [{ name: "mocha", command: mocha(others), counts: true }];
const PROCESSES = [{ name: "processes", command: mocha(ofProcesses), counts: true }];
const STAGES = [...BUILD, ...BUILD_TESTS, ...STATIC, ...SOLIDITY, ...STATIC_LATER, ...MOCHA, ...PROCESSES];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(", ")}; there are ${STAGES.map((stage) => stage.name).join(", ")}`);
  process.exit(2);
}

/** Runs a command and gives exit code and text. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const take = (chunk) => void (text += chunk);
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 127, text: `${text}${error.message}` }));
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

/** Sum of all "N passing" or "N failing" lines. */
function countOf(text, word) {
  return [...stripVTControlCharacters(text).matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
}

let passed = 0;
let failed = 0;

/** Runs the wanted stages of a lane, one after the other. */
async function runLane(stages) {
  for (const stage of stages) {
    if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
    const startedAt = Date.now();
    const files = stage.command.filter((word) => word.endsWith(".test.ts"));
    const words = stage.command.filter((word) => !files.includes(word));
    console.log(`== ${stage.name}: ${words.join(" ")}${files.length === 0 ? "" : ` and ${files.length} files`}`);
    const { code, text } = await run(stage.command);
    const ran = stage.counts
      ? { passed: countOf(text, "passing"), failed: countOf(text, "failing") }
      : { passed: 0, failed: 0 };
    if (!stage.counts && code === 0) ran.passed = 1;
    // A runner that ends badly, or that ran nothing, fails even if it counted no failure.
    if (ran.failed === 0 && (code !== 0 || ran.passed === 0)) ran.failed = 1;
    passed += ran.passed;
    failed += ran.failed;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(text);
    console.log(`== ${stage.name}: ${ran.passed} passed, ${ran.failed} failed, ${seconds} s\n`);
  }
}

await runLane(BUILD);
const testsBuilt = runLane(BUILD_TESTS);
const lanes = [
  testsBuilt.then(() => runLane([...SOLIDITY, ...STATIC_LATER])),
  testsBuilt.then(() => runLane(PROCESSES)),
  Promise.all([runLane(STATIC), testsBuilt]).then(() => runLane(MOCHA)),
];
await Promise.all(lanes);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
