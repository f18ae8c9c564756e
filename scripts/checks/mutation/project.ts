import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Artifact } from "@nomicfoundation/edr";
import { importsOf } from "./compiler.js";

interface BuiltArtifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly inputSourceName?: string;
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: NonNullable<Artifact["contract"]["linkReferences"]>;
  readonly deployedLinkReferences: NonNullable<Artifact["contract"]["linkReferences"]>;
}

/** Some seconds of the EVM. */
const GAS_LIMIT = 6_000_000_000n;

/** A Solidity test contract, or a part of its tests, and the files whose change it can notice. */
export interface Suite {
  readonly name: string;
  readonly file: string;
  readonly artifact: Artifact;
  readonly tests: readonly string[];
  /** Tests of the same contract that do not belong to this part. */
  readonly others: readonly string[];
  /** Whether its tests take so long that they come last. */
  readonly dear: boolean;
  /** What ends a loop without end: several times the gas that any of its tests needs. */
  readonly gasLimit: bigint;
  readonly reaches: ReadonlySet<string>;
}

/** What is mutated, and what it is tested with. */
export interface Project {
  readonly root: string;
  /** Files with code of their own: no interfaces, no types, not the token for tests. */
  readonly files: readonly string[];
  /** Contracts that tests deploy, `file:Name`, with the files they are made of. */
  readonly targets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly suites: readonly Suite[];
  /** What results hold for: a mutant killed stays killed while the contracts are the same, a survivor only with the same tests. */
  readonly hashes: { readonly contracts: string; readonly tests: string };
}

/** Name the room that a file of contracts or tests stands in. */
export function roomOf(file: string): string {
  const [, room = ""] = file.split("/");
  return room.endsWith(".sol") ? "compute" : room;
}

/** Read the built project in `root`. Contracts and tests must be built. */
export function readProject(root: string): Project {
  const all = globSync(["contracts/**/*.sol", "test/**/*.sol"], { cwd: root }).sort();
  const hashes = { contracts: createHash("sha256"), tests: createHash("sha256") };
  const imports = new Map<string, readonly string[]>();
  const deployed = new Map<string, readonly string[]>();
  for (const file of all) {
    const text = readFileSync(join(root, file), "utf8");
    hashes[file.startsWith("contracts/") ? "contracts" : "tests"].update(`${file}\n${text}\n`);
    imports.set(file, importsOf(file, text));
    deployed.set(
      file,
      Array.from(text.matchAll(/"(\w+\.sol:\w+)"/g), ([, name = ""]) => name),
    );
  }
  const closure = (file: string): ReadonlySet<string> => {
    const seen = new Set([file]);
    for (const one of seen) for (const next of imports.get(one) ?? []) if (imports.has(next)) seen.add(next);
    return seen;
  };
  const built = readArtifacts(root);
  const { version } = createRequire(import.meta.url)("solc/package.json") as { version: string };
  const artifacts = new Map(built.map((one) => [`${one.sourceName}:${one.contractName}`, toArtifact(one, version)]));
  const targets = new Map<string, ReadonlySet<string>>();
  for (const { sourceName, contractName, bytecode } of built) {
    const ours = sourceName.startsWith("contracts/") || sourceName.endsWith("Harness.sol");
    if (!ours || bytecode === "0x" || !sourceName.endsWith(`/${contractName}.sol`)) continue;
    const text = readFileSync(join(root, sourceName), "utf8");
    if (new RegExp(`^contract ${contractName}\\b`, "m").test(text))
      targets.set(`${sourceName}:${contractName}`, closure(sourceName));
  }
  const suites = built.flatMap((one): Suite[] => {
    const functions = one.abi.filter(({ type }) => type === "function").map(({ name = "" }) => name);
    const tests = functions.filter((name) => /^(test|invariant)/.test(name));
    const artifact = artifacts.get(`${one.sourceName}:${one.contractName}`);
    if (tests.length === 0 || one.bytecode === "0x" || artifact === undefined) return [];
    const named = [...closure(one.sourceName)].flatMap((file) => deployed.get(file) ?? []);
    const reached = [...targets].filter(([target]) => named.some((name) => target.endsWith(`/${name}`)));
    const reaches = new Set(reached.flatMap(([, made]) => [...made]));
    const whole = { others: [], dear: false, gasLimit: GAS_LIMIT };
    return [{ name: one.contractName, file: one.sourceName, artifact, tests, ...whole, reaches }];
  });
  const files = all.filter((file) => /^contracts\/(?!interfaces|types)/.test(file) && !file.endsWith("/TestMor.sol"));
  const digests = {
    contracts: hashes.contracts.digest("hex").slice(0, 16),
    tests: hashes.tests.digest("hex").slice(0, 16),
  };
  return { root, files, targets, artifacts, suites, hashes: digests };
}

function readArtifacts(root: string): BuiltArtifact[] {
  const files = globSync(["artifacts/**/*.json", "cache/test-artifacts/**/*.json"], { cwd: root });
  return files
    .filter((file) => !file.includes("build-info"))
    .map((file) => JSON.parse(readFileSync(join(root, file), "utf8")) as BuiltArtifact);
}

function toArtifact(built: BuiltArtifact, solcVersion: string): Artifact {
  const { contractName: name, sourceName, inputSourceName, abi, bytecode, deployedBytecode } = built;
  const { linkReferences, deployedLinkReferences } = built;
  return {
    id: { name, source: inputSourceName ?? sourceName, solcVersion },
    contract: { abi: JSON.stringify(abi), bytecode, deployedBytecode, linkReferences, deployedLinkReferences },
  };
}
