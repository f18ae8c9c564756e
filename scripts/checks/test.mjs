// `npm test`: every check of the project, and one line at the end that counts them.
//   npm test                 all stages
//   npm test -- solidity sdk only the stages with these names
// Everything is built first; then two lanes side by side, since nearly every stage keeps one core busy. A stage's output is shown
// when it is over. A stage that runs a test runner counts that runner's tests; any other stage counts as one. All stages run
// even when one fails; the exit code is 1 if anything failed.
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const FIRST = [
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "build-tests", command: ["npx", "hardhat", "build", "--quiet"] },
];
const STATIC_AND_SOLIDITY = [
  { name: "format", command: ["npm", "run", "--silent", "format:check"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "types", command: ["npm", "run", "--silent", "typecheck"] },
  { name: "sizes", command: ["npm", "run", "--silent", "sizes"] },
  { name: "package", command: ["npm", "run", "--silent", "package-check"] },
  { name: "checks", command: ["npm", "run", "--silent", "checks"] },
  { name: "solidity", command: ["npx", "hardhat", "test", "solidity"], counts: true },
  { name: "invariants", command: ["node", "scripts/checks/invariants.mjs", "--read"] },
];
const MOCHA = [{ name: "mocha", command: ["npx", "hardhat", "test", "mocha"], counts: true }];
const STAGES = [...FIRST, ...STATIC_AND_SOLIDITY, ...MOCHA];

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
    console.log(`== ${stage.name}: ${stage.command.join(" ")}`);
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

await runLane(FIRST);
await Promise.all([runLane(STATIC_AND_SOLIDITY), runLane(MOCHA)]);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
