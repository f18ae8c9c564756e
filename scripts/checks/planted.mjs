// `npm run planted [-- --only I4,I17] [--runs N] [--seeds N] [--accept]`: shows that the invariants bite. The suite is copied and compiled
// once with every mistake of plants.mjs in it, asleep; then each is woken alone and the campaign runs until an invariant
// fails. First all sleep, and the campaign must pass. Results are kept in cache/planted.json and not looked for again until suite,
// campaign or plant change. With --accept the table of all of them is written to docs/planted.md.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AWAKE_FILE, AWAKE_SOURCE, SWITCH, awakeImport } from "./awake.ts";
import { PLANTS } from "./plants.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string", default: "24" },
    seeds: { type: "string", default: "12" },
    accept: { type: "boolean", default: false },
  },
});
const laws = values.only?.split(",");
const project = process.cwd();
const copy = join(tmpdir(), "yellowstone-planted");
const TEST = "test/invariant/Suite.invariant.t.sol";
/** Replaces text that must stand there exactly once. */
function replaceOnce(text, from, to, where) {
  if (text.split(from).length !== 2)
    throw new Error(`${where}: stands there ${text.split(from).length - 1} times: ${from}`);
  return text.replace(from, () => to);
}

function edit(file, change) {
  const path = join(copy, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function makeCopy() {
  rmSync(copy, { recursive: true, force: true });
  for (const part of [
    "contracts",
    "test/invariant",
    "test/utils",
    "hardhat.config.ts",
    "package.json",
    "tsconfig.json",
  ]) {
    cpSync(join(project, part), join(copy, part), { recursive: true });
  }
  for (const mock of ["HookToken", "ProgrammableRouter", "PlainWordTree"]) {
    cpSync(join(project, `test/mocks/${mock}.sol`), join(copy, `test/mocks/${mock}.sol`));
  }
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, "sdk/src/generated"), { recursive: true });
  cpSync(join(project, "sdk/package.json"), join(copy, "sdk/package.json"));
  writeFileSync(join(copy, AWAKE_FILE), AWAKE_SOURCE);
  const touched = new Set();
  PLANTS.forEach(({ law, edits }, i) => {
    for (const { file, from, to } of edits) {
      edit(`contracts/${file}`, (text) =>
        replaceOnce(text, from, to.replaceAll("HERE", `awake(${i + 1})`), `${law} in ${file}`),
      );
      touched.add(file);
    }
  });
  for (const file of touched) {
    const line = awakeImport(`contracts/${file}`);
    edit(`contracts/${file}`, (text) => text.replace(/^pragma .*$/m, (pragma) => `${pragma}\n\n${line}`));
  }
  // The plant wakes when the suite stands and has been handed over.
  edit(TEST, (text) =>
    replaceOnce(
      text,
      "        targetContract(address(_handler));\n",
      `        vm.deal(address(${SWITCH}), vm.envOr("PLANTED", uint256(0)));\n        targetContract(address(_handler));\n`,
      TEST,
    ),
  );
  edit("test/utils/Vm.sol", (text) =>
    replaceOnce(
      text,
      "    // Code.\n",
      "    function envOr(string calldata name, uint256 otherwise) external view returns (uint256);\n\n    // Code.\n",
      "Vm.sol",
    ),
  );
}

function hardhat(args, env = {}) {
  const options = { cwd: copy, env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync("npx", ["hardhat", ...args], options);
  return { ok: status === 0, text: stdout + stderr };
}

/** Runs the campaign with a plant awake; the invariant that failed, or undefined. */
function campaign(plant, seed) {
  const env = {
    PLANTED: String(plant),
    INVARIANT_RUNS: values.runs,
    INVARIANT_SHRINK: "0",
    INVARIANT_SEED: `0x${seed.toString(16)}`,
  };
  const { ok, text } = hardhat(["test", "solidity", TEST, "--no-compile"], env);
  if (ok) return undefined;
  // A law can fail while the suite is set up already.
  return /Error: (?:failed to set up invariant testing environment: )?(.*)/.exec(text)?.[1] ?? text.slice(-2000);
}

const KNOWN = "cache/planted.json";

/** What a result is bound to: every file of suite and campaign. */
function hashOf(folders) {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true }).sort()) {
      if (file.endsWith(".sol")) hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest("hex");
}

const code = hashOf(["contracts", "test/invariant", "test/utils"]);
const known = existsSync(KNOWN) ? JSON.parse(readFileSync(KNOWN, "utf8")) : {};
const results = known.code === code ? known.results : {};
const wanted = PLANTS.filter(({ law }) => laws === undefined || laws.includes(law));
const keyOf = (plant) => JSON.stringify(plant);
let failures = 0;

if (wanted.some((plant) => results[keyOf(plant)] === undefined)) {
  makeCopy();
  const build = hardhat(["build", "--quiet"]);
  if (!build.ok) {
    console.error(build.text.slice(-4000));
    process.exit(1);
  }
  const asleep = campaign(0, 1);
  console.log(`all asleep: ${asleep ?? "holds"}`);
  if (asleep !== undefined) failures += 1;
}

/** Wakes a plant until the invariant it is for fails; what the others said first. */
function kill(plant) {
  const others = [];
  for (let seed = 1; seed <= Number(values.seeds); ++seed) {
    const failed = campaign(PLANTS.indexOf(plant) + 1, seed);
    if (failed?.startsWith(`${plant.law}:`)) return { own: failed.replace(/: (-?\d|0x).*$/, ""), seed };
    if (failed !== undefined) others.push(failed);
  }
  return { others };
}

for (const plant of wanted) {
  const key = keyOf(plant);
  const result = results[key] ?? kill(plant);
  if (result.own === undefined) {
    failures += 1;
  } else {
    results[key] = result;
    mkdirSync("cache", { recursive: true });
    writeFileSync(KNOWN, JSON.stringify({ code, results }));
  }
  const said = result.own ?? `NOT KILLED BY IT; ${result.others.join("; ")}`;
  console.log(`${plant.law.padEnd(4)} ${plant.what}: ${said}`);
}
console.log(`${wanted.length - failures} of ${wanted.length} mistakes found by the invariant they break`);

if (values.accept) {
  const rows = PLANTS.map((plant) => [plant.law, plant.what, results[keyOf(plant)]?.own ?? "not run"]);
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(
    "docs/planted.md",
    `# Planted mistakes

Written by \`npm run planted -- --accept\` on ${date}. Each mistake is planted alone, and the campaign over the whole suite
(SPEC S8) runs until an invariant fails: it must be the one that the mistake breaks.

| invariant | mistake planted | what failed |
|---|---|---|
${table}
`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;
