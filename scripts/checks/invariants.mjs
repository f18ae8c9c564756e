// `npm run invariants [-- --calls N] [--seed S]`: the campaign over the whole suite, and how often each of its actions did what it
// is for. Fails if an invariant fails, or if an action succeeded in less than 5 % of its calls.
//   --calls N   at least N calls, in walks of 250; 100,000 unless given, which `npm test` makes too
//   --seed S    seed of the first part; each part of 200,000 calls has the next. Parts that passed on the same code are not run again
//   --read      runs nothing: reads what the last run of the Solidity tests counted, as a stage of `npm test`
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const TALLY = "cache/invariants.txt";
const DONE = "cache/invariants.json";
const TEST = "test/invariant/Suite.invariant.t.sol";
const WALK = 250;
const PART = 200_000;
const LEAST_CALLS = 100_000;
const LEAST_SHARE = 0.05;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: String(LEAST_CALLS) },
    seed: { type: "string", default: "1" },
    read: { type: "boolean", default: false },
  },
});

/** Names of the actions, in the order of the tally. */
function actions() {
  const [, body] = /enum Step \{([^}]*)\}/.exec(readFileSync("test/invariant/suite/World.sol", "utf8"));
  return body.split(",").map((name) => name.trim());
}

/** Calls and successes of each action in the last run: a line a walk, `calls/successes` an action. */
function readTally(names) {
  const sums = names.map(() => [0, 0]);
  const lines = readFileSync(TALLY, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  for (const line of lines) {
    const counts = line.trim().split(" ");
    if (counts.length !== names.length)
      throw new Error(`${TALLY}: ${counts.length} actions, there are ${names.length}`);
    for (const [i, count] of counts.entries()) {
      const [calls, successes] = count.split("/").map(Number);
      sums[i][0] += calls;
      sums[i][1] += successes;
    }
  }
  return sums;
}

/** Prints the table; the number of actions that succeed too seldom. */
function report(names, sums) {
  let rare = 0;
  console.log("action             calls   successes   share");
  for (const [i, name] of names.entries()) {
    const [calls, successes] = sums[i];
    const share = calls === 0 ? 0 : successes / calls;
    const mark = share < LEAST_SHARE ? "  below 5 %" : "";
    if (mark !== "") rare += 1;
    const percent = `${(100 * share).toFixed(1)} %`;
    console.log(
      `${name.padEnd(14)} ${String(calls).padStart(9)} ${String(successes).padStart(11)} ${percent.padStart(8)}${mark}`,
    );
  }
  return rare;
}

const callsOf = (sums) => sums.reduce((sum, [calls]) => sum + calls, 0);

/** What a result is bound to: the code that is tested and the code that tests it. */
function codeHash() {
  const hash = createHash("sha256");
  hash.update(
    JSON.parse(readFileSync("artifacts/contracts/ComputeContract.sol/ComputeContract.json", "utf8")).bytecode,
  );
  for (const file of [TEST, ...readdirSync("test/invariant/suite").map((name) => `test/invariant/suite/${name}`)]) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

function runPart(seed, calls) {
  const env = {
    ...process.env,
    INVARIANT_RUNS: String(Math.ceil(calls / WALK)),
    INVARIANT_SEED: `0x${seed.toString(16)}`,
  };
  return spawnSync("npx", ["hardhat", "test", "solidity", TEST, "--no-compile"], { env, encoding: "utf8" });
}

function runAll(names) {
  const built = spawnSync("npx", ["hardhat", "build", "--quiet"], { stdio: "inherit" });
  if (built.status !== 0) process.exit(1);
  const wanted = Number(values.calls);
  const code = codeHash();
  const known = existsSync(DONE) ? JSON.parse(readFileSync(DONE, "utf8")) : {};
  const done = known.code === code ? known : { code, parts: {} };
  const sums = names.map(() => [0, 0]);
  for (let [seed, left] = [Number(values.seed), wanted]; left > 0; seed += 1, left -= PART) {
    const calls = Math.min(left, PART);
    const key = `${seed}:${calls}`;
    if (done.parts[key] === undefined) {
      const startedAt = Date.now();
      const { status, stdout, stderr } = runPart(seed, calls);
      if (status !== 0) {
        console.error(`${stdout}${stderr}\nseed ${seed} fails`);
        process.exit(1);
      }
      const seconds = (Date.now() - startedAt) / 1000;
      done.parts[key] = readTally(names);
      mkdirSync("cache", { recursive: true });
      writeFileSync(DONE, JSON.stringify(done));
      const rest = ((left - calls) * seconds) / calls / 60;
      console.log(
        `seed ${seed}: ${calls} calls, ${seconds.toFixed(0)} s, ${(calls / seconds).toFixed(0)} a second; ${rest.toFixed(0)} min to go`,
      );
    } else {
      console.log(`seed ${seed}: ${calls} calls passed before`);
    }
    for (const [i, [calls_, successes]] of done.parts[key].entries()) {
      sums[i][0] += calls_;
      sums[i][1] += successes;
    }
  }
  return sums;
}

const names = actions();
const sums = values.read ? readTally(names) : runAll(names);
const rare = report(names, sums);
const calls = callsOf(sums);
const wanted = values.read ? LEAST_CALLS : Number(values.calls);
console.log(`${calls} calls, every invariant held after each; ${rare} of ${names.length} actions succeed too seldom`);
process.exitCode = rare === 0 && calls >= wanted ? 0 : 1;
