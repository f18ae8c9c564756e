// `npm run slither`: Slither over the artifacts of every contract, each finding against findings.json beside this file.
//   npm run slither                 a printed reason and exit 0 where the machine has no Slither
//   npm run slither -- --install    puts it into cache/slither-venv first (python3, pip)
// A finding that is not listed there with its reason fails, and so does a listed one that is gone: the list is the state of the
// code, not its history.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const VERSION = "0.11.6";
const VENV = "cache/slither-venv";
const INPUT = "cache/slither";
const RESULT = "cache/slither/findings.json";

const install = process.argv.includes("--install");
const slither = install ? installed() : [process.env.SLITHER, `${VENV}/bin/slither`, "slither"].find(works);
if (slither === undefined) {
  console.log(
    install
      ? `slither: skipped, it cannot be installed here (python3 -m venv, pip install slither-analyzer==${VERSION})`
      : "slither: skipped, not on this machine; `npm run slither -- --install` fetches it",
  );
  process.exit(0);
}

gather();
const found = analyse(slither);
const { classes, findings } = JSON.parse(readFileSync(join(import.meta.dirname, "findings.json"), "utf8"));
const argued = new Map(findings.map(({ check, at, why }) => [`${check} | ${at}`, why]));
const unseen = new Set([...argued.keys(), ...Object.keys(classes)]);
const open = [];
for (const { check, at, impact } of found) {
  const key = classes[check] === undefined ? `${check} | ${at}` : check;
  unseen.delete(key);
  if (classes[check] === undefined && argued.get(key) === undefined) open.push(`${impact}: ${key}`);
}
for (const line of open) console.error(`not argued: ${line}`);
for (const line of unseen) console.error(`argued, but not found any more: ${line}`);
const byImpact = Object.groupBy(found, ({ impact }) => impact);
const counts = ["High", "Medium", "Low", "Informational"].map(
  (name) => `${byImpact[name]?.length ?? 0} ${name.toLowerCase()}`,
);
console.log(
  `slither ${VERSION}: ${found.length} findings (${counts.join(", ")}), ${open.length} not argued, ${unseen.size} stale`,
);
process.exitCode = open.length + unseen.size === 0 ? 0 : 1;

/** Whether a command is Slither, of our version: another one may find other things. */
function works(command) {
  if (command === undefined) return false;
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 && stdout.trim() === VERSION;
}

function installed() {
  const path = `${VENV}/bin/slither`;
  if (works(path)) return path;
  for (const [command, ...args] of [
    ["python3", "-m", "venv", VENV],
    [`${VENV}/bin/pip`, "install", "--quiet", "--disable-pip-version-check", `slither-analyzer==${VERSION}`],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    if (status === 0) continue;
    console.error(error?.message ?? stderr.split("\n").slice(-3).join("\n"));
    return undefined;
  }
  return works(path) ? path : undefined;
}

/** Copies the compiler's input and output of every contract that is there now to where Slither looks for them. */
function gather() {
  rmSync(INPUT, { recursive: true, force: true });
  mkdirSync(`${INPUT}/build-info`, { recursive: true });
  const sources = filesIn("contracts", ".sol");
  const missing = new Set(sources);
  for (const name of readdirSync("artifacts/build-info").filter((file) => !file.endsWith(".output.json"))) {
    const { input } = JSON.parse(readFileSync(`artifacts/build-info/${name}`, "utf8"));
    const ours = Object.entries(input.sources).filter(([path]) => path.startsWith("project/"));
    const current = ours.every(([path, { content }]) => {
      const file = path.slice("project/".length);
      return existsSync(file) && readFileSync(file, "utf8") === content;
    });
    if (!current) continue;
    for (const [path] of ours) missing.delete(path.slice("project/".length));
    for (const file of [name, name.replace(/json$/, "output.json")])
      cpSync(`artifacts/build-info/${file}`, `${INPUT}/build-info/${file}`);
  }
  if (missing.size === 0) return;
  console.error(`not built: ${[...missing].join(", ")}; run \`npm run build\``);
  process.exit(1);
}

function filesIn(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(suffix))
    .map((file) => `${folder}/${file}`);
}

/** Every finding once, however many compilations show it: check, what it is about, impact. */
function analyse(command) {
  const platform = ["--compile-force-framework", "hardhat", "--hardhat-ignore-compile"];
  const where = ["--hardhat-artifacts-directory", INPUT, "--filter-paths", "node_modules|npm/"];
  const { stderr, error } = spawnSync(command, [".", ...platform, ...where, "--json", RESULT], { encoding: "utf8" });
  const result = existsSync(RESULT) ? JSON.parse(readFileSync(RESULT, "utf8")) : { success: false };
  if (!result.success) {
    console.error(result.error ?? error?.message ?? stderr.split("\n").slice(-5).join("\n"));
    process.exit(1);
  }
  const seen = new Map();
  for (const { check, impact, elements } of result.results.detectors ?? []) {
    const finding = { check, impact, at: elements.length === 0 ? "" : nameOf(elements[0]) };
    seen.set(`${check} | ${finding.at}`, finding);
  }
  return [...seen.values()];
}

/** Contract.function(types), or Contract.function(types).variable; without line numbers, which every edit moves. */
function nameOf({ name, type, type_specific_fields: fields }) {
  const own = type === "function" ? fields.signature : name;
  return fields?.parent === undefined || type === "contract" ? own : `${nameOf(fields.parent)}.${own}`;
}
