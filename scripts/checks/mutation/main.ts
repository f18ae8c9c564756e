// `npm run mutation -- [--room NAME|--file F] [--sample N] [--seed S] [--quick] [--resume] [--known] [--json F]`: changes the contracts
// in one place after the other and shows that a test fails each time. N mutants a room (0: all). Many sleep in one compilation, and
// an account's balance wakes one of them (sleepers.ts); a survivor is compiled as written too, and does not count if that gives the
// same code. Results are lines of cache/mutation/results.jsonl: what --resume finds there for the same contracts is not tried again
// (a survivor only with the same tests, or argued), and --known tries nothing. Tests that take long come last (parts.ts); --quick
// leaves them out, and a run without it tries again what lived through the rest. Survivors are argued in survivors.json beside this file; one that is
// not there fails the run.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { treesOf } from "./ast.js";
import { sourcesOf } from "./compiler.js";
import { findMutants } from "./operators.js";
import { partSuites } from "./parts.js";
import { readProject, roomOf } from "./project.js";
import type { ArguedSurvivor, Result } from "./results.js";
import { appendResult, readResults, scoreOf, tableOf } from "./results.js";
import { Runner } from "./runner.js";
import { sample } from "./sample.js";
import { Trial } from "./trial.js";

const { values } = parseArgs({
  options: {
    room: { type: "string" },
    file: { type: "string" },
    sample: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    resume: { type: "boolean", default: false },
    known: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const RESULTS = "cache/mutation/results.jsonl";
const ARGUED = new URL("survivors.json", import.meta.url);

const project = readProject(process.cwd());
const entries = [...project.targets.keys()].map((target) => target.split(":")[0] ?? "");
const sources = sourcesOf(project.root, [...new Set(entries)]);
const trees = treesOf(sources);
const mutants = project.files.flatMap((file) => {
  const tree = trees.get(file);
  return tree === undefined ? [] : findMutants(file, sources[file] ?? "", tree);
});
const totals = new Map<string, number>();
for (const { file } of mutants) totals.set(roomOf(file), (totals.get(roomOf(file)) ?? 0) + 1);

const wanted = mutants.filter(
  ({ file }) =>
    (values.room === undefined || values.room.split(",").includes(roomOf(file))) &&
    (values.file === undefined || file.endsWith(values.file)),
);
if (wanted.length === 0) {
  console.error(`no mutants; the rooms are ${[...totals.keys()].join(", ")}`);
  process.exit(2);
}
const size = Number(values.sample) || Infinity;
const rooms = [...new Set(wanted.map(({ file }) => roomOf(file)))];
const chosen = rooms.flatMap((room) =>
  sample(
    wanted.filter(({ file }) => roomOf(file) === room),
    size,
    Number(values.seed),
  ),
);
const argued = new Map(
  (JSON.parse(readFileSync(ARGUED, "utf8")) as ArguedSurvivor[]).map((survivor) => [survivor.id, survivor.why]),
);
const isArgued = new Set(argued.keys());
const known =
  values.resume || values.known
    ? readResults(RESULTS, project.hashes, isArgued, values.quick)
    : new Map<string, Result>();
const results = chosen.flatMap(({ id }) => known.get(id) ?? []);
const waiting = values.known ? [] : chosen.filter(({ id }) => !known.has(id));
console.log(`${chosen.length} of ${wanted.length} mutants, seed ${values.seed}; ${results.length} known already`);

const begun = performance.now();
const runner = new Runner(project);
const suites = waiting.length === 0 ? [] : await partSuites(project.suites, runner);
const left = suites.filter(({ dear }) => !(dear && values.quick));
const trial = new Trial(project, left, values.quick, sources, runner, (line) => console.log(line));
await trial.run(waiting, (mutant, outcome, millis) => {
  const { id, file, line, operator, before, after } = mutant;
  const result: Result = {
    code: project.hashes.contracts,
    tests: project.hashes.tests,
    quick: values.quick,
    id,
    file,
    line,
    operator,
    before,
    after,
    ...outcome,
    millis: Math.round(millis),
  };
  appendResult(RESULTS, result);
  results.push(result);
  if (outcome.status === "survived") console.log(`survived: ${describe(result)}`);
});
const seconds = (performance.now() - begun) / 1000;

const survivors = results.filter(({ status }) => status === "survived");
console.log(`\n${tableOf(results, isArgued, totals)}\n`);
for (const survivor of survivors) console.log(`${describe(survivor)}\n    ${argued.get(survivor.id) ?? "NOT ARGUED"}`);
if (waiting.length > 0) {
  const each = seconds / waiting.length;
  const whole = Math.round((each * mutants.length) / 60);
  console.log(
    `${seconds.toFixed(0)} s, ${each.toFixed(1)} s a mutant; all ${mutants.length} would take ${whole} minutes`,
  );
}
console.log(`score ${scoreOf(results, isArgued).toFixed(1)} %`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.exit(survivors.every(({ id }) => argued.has(id)) ? 0 : 1);

function describe({ id, file, line, operator, before, after }: Result): string {
  const short = (text: string): string => text.replace(/\s+/g, " ").slice(0, 100) || "(nothing)";
  return `${id} ${file}:${line} ${operator}: ${short(before)} => ${short(after)}`;
}
