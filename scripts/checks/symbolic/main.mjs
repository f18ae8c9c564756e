// `npm run symbolic [-- NAME ...]`: halmos executes the compiled code with symbols for its inputs: properties of test/symbolic are
// proved for every input, and wrong twins refuted by a counterexample in the same run.
//   npm run symbolic                 a printed reason and exit 0 where the machine has no halmos
//   npm run symbolic -- --install    puts it into cache/halmos-venv first (python3 from 3.11, pip)
// Exit 1 unless every property is proved and every twin refuted.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { compileJob } from "./compile.mjs";
import { judge } from "./results.mjs";
import { TWINS } from "./twins.mjs";

const VERSION = "0.3.3";
const VENV = "cache/halmos-venv";
const HALMOS = `${VENV}/bin/halmos`;
const WORK = "cache/symbolic";
const REPORT = `${WORK}/report.json`;
const CHECKS = "test/symbolic";
// For one query, and for all of one contract: properties take seconds on a free core.
const QUERY_SECONDS = 60;
const CONTRACT_SECONDS = 280;

const names = process.argv.slice(2).filter((word) => word !== "--install");
if (process.argv.includes("--install")) install();
if (!works()) {
  console.log(
    `symbolic: skipped, no halmos ${VERSION} in ${VENV}; \`npm run symbolic -- --install\` fetches it (PyPI)`,
  );
} else if (spawnSync("forge", ["--version"], { env: environment() }).status !== 0) {
  console.log("symbolic: skipped, halmos asks forge for a build, and there is none for this platform");
} else {
  process.exitCode = main();
}
console.log(
  "medusa: skipped, the Go proxy refuses its module; echidna: skipped, npm's last is 2.0.2, older than our opcodes",
);

function main() {
  const tally = { proved: 0, unproved: 0, refuted: 0, standing: 0 };
  const wanted = (contract) => names.length === 0 || names.some((name) => contract.includes(name));
  const contracts = readdirSync(CHECKS)
    .filter((file) => file.endsWith(".sol"))
    .map((file) => file.slice(0, -".sol".length))
    .filter(wanted);
  for (const contract of contracts) runContract(contract, tally);
  if (tally.standing > 0) console.log(`${tally.standing} twins not refuted`);
  console.log(`${tally.proved} proved, ${tally.unproved} unproved, ${tally.refuted} twins refuted`);
  return contracts.length > 0 && tally.unproved === 0 && tally.standing === 0 ? 0 : 1;
}

/** The properties of one contract, and their twins, in one run of halmos. */
function runContract(contract, tally) {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  // Without sources forge has nothing to build, and halmos reads what is there.
  writeFileSync(`${WORK}/foundry.toml`, "[profile.default]\n");
  const file = `${CHECKS}/${contract}.sol`;
  const checks = compileJob({ name: "proof", file, contract }, `${WORK}/out`);
  const twins = TWINS.filter((twin) => twin.contract === contract);
  twins.forEach(({ check, edit }, i) =>
    compileJob({ name: `twin${i}`, file, contract, checks: [check], edit }, `${WORK}/out`),
  );
  const { results, said } = execute();
  const none = { verdict: "open", seconds: "", why: `no result: ${said}` };
  for (const check of checks) {
    const { verdict, seconds, why } = results.get(`proof.${check}`) ?? none;
    const proved = verdict === "proved";
    tally[proved ? "proved" : "unproved"]++;
    console.log(`${proved ? "proved  " : "UNPROVED"}  ${contract}.${check}  ${proved ? seconds : why}`);
    if (twins.some((twin) => twin.check === check)) continue;
    tally.standing++;
    console.log(`STANDING  ${contract}.${check} has no wrong twin`);
  }
  twins.forEach(({ check, name }, i) => {
    const { verdict, seconds, why } = results.get(`twin${i}.${check}`) ?? none;
    const refuted = verdict === "refuted";
    tally[refuted ? "refuted" : "standing"]++;
    console.log(`${refuted ? "refuted " : "STANDING"}  ${contract}.${check}, ${name}  ${refuted ? seconds : why}`);
  });
}

function execute() {
  const solver = [process.execPath, join(import.meta.dirname, "solver.mjs"), resolve(VENV, "bin/yices-smt2")];
  const options = ["--smt2-model-format", "--bvconst-in-decimal", `--timeout=${QUERY_SECONDS}`];
  const command = [...solver, ...options].map((word) => `'${word}'`).join(" ");
  const { stdout, stderr, error } = spawnSync(
    HALMOS,
    [
      ...["--root", WORK, "--forge-build-out", "out", "--json-output", REPORT, "--no-status"],
      // No loop of a property goes round more often; a loop that is cut short counts as unproved.
      ...["--loop", "256", "--early-exit", "--solver-threads", "1"],
      ...["--solver-timeout-assertion", `${QUERY_SECONDS}s`, "--solver-command", command],
    ],
    { encoding: "utf8", env: environment(), timeout: CONTRACT_SECONDS * 1000, killSignal: "SIGKILL" },
  );
  const report = existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, "utf8")) : {};
  return {
    results: judge(report),
    said: error?.message ?? `${stdout}${stderr}`.trim().split("\n").slice(-3).join(" "),
  };
}

/** The bundled forge first; halmos keeps its own folder where ours are. */
function environment() {
  const path = [resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, HOME: resolve("cache"), FOUNDRY_PROFILE: "default" };
}

function works() {
  const { status, stdout } = spawnSync(HALMOS, ["--version"], { encoding: "utf8", env: environment() });
  return status === 0 && stdout.trim() === `halmos ${VERSION}`;
}

function install() {
  if (works()) return;
  for (const [command, ...args] of [
    ["python3", "-m", "venv", VENV],
    [`${VENV}/bin/pip`, "install", "--quiet", "--disable-pip-version-check", `halmos==${VERSION}`],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    if (status === 0) continue;
    console.error(error?.message ?? stderr.split("\n").slice(-3).join("\n"));
    return;
  }
}
