import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { treesOf } from "../mutation/ast.js";
import type { Code, SourceTexts } from "../mutation/compiler.js";
import { compileCode, sourcesOf } from "../mutation/compiler.js";
import { readProject } from "../mutation/project.js";
import { Runner } from "../mutation/runner.js";
import type { Place } from "./figures.js";
import { instrument } from "./instrument.js";
import type { Mark } from "./marks.js";

/** Inputs a fuzz test takes: `npm test` takes 1000, and may reach what these do not. */
const FUZZ_RUNS = 64;

/** What the Solidity tests reached of the contracts. */
export interface ContractsMeasured {
  readonly places: readonly Place[];
  /** Custom errors, and those that were thrown. */
  readonly errors: { readonly all: ReadonlySet<string>; readonly thrown: ReadonlySet<string> };
  readonly passed: number;
  /** Tests that fail, and those that fail because marked code costs more gas than they allow. */
  readonly failed: readonly string[];
  readonly dearer: readonly string[];
}

/**
 * Measure the contracts of the project in `root` by marks in their sources: the marked contracts are compiled as the deployed
 * ones are, and the built Solidity tests run over them in this process. Nothing of what is built is changed. `wanted` keeps
 * suites whose file it names; without any, all run.
 */
export async function measureContracts(
  root: string,
  wanted: readonly string[],
  log: (line: string) => void,
): Promise<ContractsMeasured> {
  const project = readProject(root);
  const targets = [...project.targets.keys()];
  const sources = sourcesOf(root, [...new Set(targets.map((target) => target.split(":")[0] ?? ""))]);
  const trees = new Map([...treesOf(sources)].filter(([file]) => file.startsWith("contracts/")));
  const { sources: marked, marks } = instrument(sources, trees);
  log(`${marks.length} marks in ${trees.size} files`);
  const codes = codesOf(root, marked, targets, log);

  const reached = new Set<number>();
  const collect = (hits: readonly Uint8Array[]): void => {
    for (const hit of hits) reached.add(Number(BigInt(`0x${Buffer.from(hit).toString("hex")}`)));
  };
  const runner = new Runner(project, { fuzzRuns: FUZZ_RUNS, collect });
  const failed: string[] = [];
  const dearer: string[] = [];
  let passed = 0;
  for (const suite of project.suites) {
    if (wanted.length > 0 && !wanted.some((file) => suite.file.endsWith(file))) continue;
    const verdict = await runner.run(suite, codes, 0, []);
    passed += suite.tests.length - verdict.failed.length;
    const told = verdict.failed.map((test) => `${suite.file} ${test}: ${verdict.reason.split("\n")[0] ?? ""}`);
    (/\bgas of\b/.test(verdict.reason) ? dearer : failed).push(...told);
    log(`${suite.name}: ${suite.tests.length} tests, ${(verdict.millis / 1000).toFixed(1)} s`);
  }
  const named = marks.filter(({ kind }) => kind === "error");
  const thrown = marks.filter(({ kind }, n) => kind === "error" && reached.has(n));
  return {
    places: placesOf(marks, reached),
    errors: { all: new Set(named.map(({ what }) => what)), thrown: new Set(thrown.map(({ what }) => what)) },
    passed,
    failed,
    dearer,
  };
}

/** Compile the marked sources, or read what an earlier run compiled of the very same. */
function codesOf(
  root: string,
  marked: SourceTexts,
  targets: readonly string[],
  log: (line: string) => void,
): ReadonlyMap<string, Code> {
  const key = createHash("sha256")
    .update(JSON.stringify([marked, targets]))
    .digest("hex")
    .slice(0, 16);
  const folder = join(root, "cache/coverage/compiled");
  const file = join(folder, `${key}.json`);
  if (existsSync(file)) return new Map(JSON.parse(readFileSync(file, "utf8")) as [string, Code][]);
  const begun = performance.now();
  const { errors, codes } = compileCode(marked, targets);
  if (errors[0] !== undefined) throw new Error(errors[0].formattedMessage);
  log(`compiled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify([...codes]));
  return codes;
}

/** A line counts once: it is reached when every statement that begins on it is. */
function placesOf(marks: readonly Mark[], reached: ReadonlySet<number>): Place[] {
  const lines = new Map<string, Place>();
  const others: Place[] = [];
  for (const [n, { kind, file, line, what }] of marks.entries()) {
    const hit = reached.has(n);
    if (kind === "line") {
      const key = `${file}:${line}`;
      lines.set(key, { kind: "lines", file, line, reached: hit && lines.get(key)?.reached !== false, what: "" });
    } else if (kind !== "error") {
      others.push({ kind: kind === "function" ? "functions" : "branches", file, line, reached: hit, what });
    }
  }
  return [...lines.values(), ...others];
}
