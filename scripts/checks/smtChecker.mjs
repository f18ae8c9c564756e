// One run of the compiler's model checker (CHC engine) over one contract, with the npm builds of solc and Z3 alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { URL, fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const Z3 = fileURLToPath(new URL("./z3.mjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// A budget of solver steps, not of time: the same answer on a slow machine. The spacer settings are those solc gives a
// Z3 that is built into it.
const Z3_SETTINGS = [
  "rlimit=40000000",
  "rewriter.pull_cheap_ite=true",
  "fp.spacer.q3.use_qgen=true",
  "fp.spacer.mbqi=false",
  "fp.spacer.ground_pobs=false",
];
// Only a solver that hangs reaches this; it counts as unproved.
const QUERY_TIMEOUT_MS = 900_000;

const PROVED = "9576";
const VIOLATION = "6328";
// "does not yet implement type error": the arguments of a custom error in require(). No proof reads them.
const HARMLESS = new Set(["8364"]);

/**
 * @typedef {{source: string, find: string, replace: string}} Edit a change of one source, made in memory
 * @typedef {{proved: number, refuted: number, problems: string[]}} Outcome
 */

/**
 * Check every assertion of `contract` in `file`. An edit whose text is not found exactly once is a problem.
 * @param {{file: string, contract: string, targets: string[], edit?: Edit}} job
 * @returns {Outcome}
 */
export function check({ file, contract, targets, edit }) {
  const scratch = mkdtempSync(join(tmpdir(), "proof-"));
  try {
    const sources = sourceReader(edit);
    const output = compile(file, contract, targets, sources, scratch);
    const outcome = judge(output.errors ?? []);
    if (edit && sources.edited() !== 1) {
      outcome.problems.push(`${edit.source}: the text to change stands there ${sources.edited()} times, not once`);
    }
    return outcome;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sourceReader(edit) {
  let edited = 0;
  const read = (path) => {
    const text = readFileSync(join(ROOT, path.startsWith("@") ? join("node_modules", path) : path), "utf8");
    if (path !== edit?.source) return text;
    edited = text.split(edit.find).length - 1;
    return text.replace(edit.find, () => edit.replace);
  };
  return { read, edited: () => edited };
}

function compile(file, contract, targets, sources, scratch) {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: sources.read(file) } },
    settings: {
      evmVersion: "cancun",
      modelChecker: {
        contracts: { [file]: [contract] },
        engine: "chc",
        solvers: ["smtlib2"],
        targets,
        showProvedSafe: true,
        showUnproved: true,
        showUnsupported: true,
      },
      outputSelection: { "*": { "*": ["abi"] } },
    },
  };
  const find = (path) => {
    try {
      return { contents: sources.read(path) };
    } catch (error) {
      return { error: String(error) };
    }
  };
  let queries = 0;
  const smtSolver = (query) => {
    const queryFile = join(scratch, `${queries++}.smt2`);
    writeFileSync(queryFile, query);
    const z3 = spawnSync(process.execPath, [Z3, ...Z3_SETTINGS, queryFile], {
      encoding: "utf8",
      timeout: QUERY_TIMEOUT_MS,
      maxBuffer: 1 << 28,
    });
    return { contents: z3.status === 0 ? z3.stdout : "unknown\n" };
  };
  return JSON.parse(require("solc").compile(JSON.stringify(input), { import: find, smtSolver }));
}

/** Anything the checker says that is neither a proof, a counterexample nor known to be harmless is a problem. */
function judge(diagnostics) {
  const outcome = { proved: 0, refuted: 0, problems: [] };
  for (const { errorCode, message, formattedMessage } of diagnostics) {
    const place = /--> (\S+?):?$/m.exec(formattedMessage ?? "")?.[1] ?? "";
    if (errorCode === PROVED) outcome.proved++;
    else if (errorCode === VIOLATION && message.includes("violation happens here")) outcome.refuted++;
    else if (!HARMLESS.has(errorCode)) outcome.problems.push(`${errorCode} ${message.split("\n")[0]} ${place}`.trim());
  }
  return outcome;
}
