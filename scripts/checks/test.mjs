// `npm test`: every check of the project, one stage after the other, and one line at the end that counts them.
//   npm test                 all stages
//   npm test -- solidity sdk only the stages with these names
// A stage that runs a test runner counts that runner's tests; any other stage counts as one. All stages run even when one
// fails; the exit code is 1 if anything failed.
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const STAGES = [
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "format", command: ["npm", "run", "--silent", "format:check"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "types", command: ["npm", "run", "--silent", "typecheck"] },
  { name: "sizes", command: ["npm", "run", "--silent", "sizes"] },
  { name: "checks", command: ["npm", "run", "--silent", "checks"] },
  { name: "solidity", command: ["npx", "hardhat", "test", "solidity"], counts: true },
  { name: "mocha", command: ["npx", "hardhat", "test", "mocha"], counts: true },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(", ")}; there are ${STAGES.map((stage) => stage.name).join(", ")}`);
  process.exit(2);
}

/** Runs a command, shows its output as it comes, and gives exit code and text. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const take = (to) => (chunk) => {
      text += chunk;
      to.write(chunk);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
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
for (const stage of STAGES) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
  const startedAt = Date.now();
  console.log(`\n== ${stage.name}: ${stage.command.join(" ")}`);
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
  console.log(`== ${stage.name}: ${ran.passed} passed, ${ran.failed} failed, ${seconds} s`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
