import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import type { Node } from "./ast.js";

const require = createRequire(import.meta.url);

/** Sources by the name solc knows them by. */
export type SourceTexts = Readonly<Record<string, string>>;

/** An error of the compiler, with the bytes of the source it is about where it names them. */
export interface CompilerError {
  readonly severity: string;
  readonly message: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}

/** Creation and runtime code of a contract, hexadecimal without prefix. */
export interface Code {
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

interface Output {
  readonly errors?: readonly CompilerError[];
  readonly sources?: Readonly<Record<string, { readonly ast?: Node }>>;
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, { readonly evm: Evm }>>>>;
}

interface Evm {
  readonly bytecode: { readonly object: string };
  readonly deployedBytecode: { readonly object: string };
}

let solc: { compile(input: string): string } | undefined;

/** The settings that are deployed, without the hash of the sources behind the code: what is equal compiles equal. */
const SETTINGS = {
  evmVersion: "cancun",
  viaIR: true,
  optimizer: { enabled: true, runs: 650 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
};

/** Collect `entries` and all that they import, from the project and its packages. */
export function sourcesOf(root: string, entries: readonly string[]): Record<string, string> {
  const sources: Record<string, string> = {};
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (sources[file] !== undefined) continue;
    const text = readFileSync(join(root, file.startsWith("@") ? "node_modules" : "", file), "utf8");
    sources[file] = text;
    queue.push(...importsOf(file, text));
  }
  return sources;
}

/** Name the files that `file` imports. */
export function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(/^(?:import|\}|.* from)[^"\n]*"([^"]+)";/gm)].map(([, path = ""]) =>
    path.startsWith(".") ? posix.join(posix.dirname(file), path) : path,
  );
}

/** Compile `sources` for the outputs selected. The compiler is the wasm build of the package `solc`, loaded once. */
export function compile(
  sources: SourceTexts,
  outputSelection: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): { errors: CompilerError[]; trees: Map<string, Node>; codes: Map<string, Code> } {
  solc ??= require("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([file, content]) => [file, { content }])),
    settings: { ...SETTINGS, outputSelection },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const trees = new Map<string, Node>();
  for (const [file, { ast }] of Object.entries(output.sources ?? {})) if (ast !== undefined) trees.set(file, ast);
  const codes = new Map<string, Code>();
  for (const [file, contracts] of Object.entries(output.contracts ?? {})) {
    for (const [name, { evm }] of Object.entries(contracts)) {
      const { bytecode, deployedBytecode } = evm;
      codes.set(`${file}:${name}`, { bytecode: bytecode.object, deployedBytecode: deployedBytecode.object });
    }
  }
  return { errors: (output.errors ?? []).filter(({ severity }) => severity === "error"), trees, codes };
}

/** Compile the contracts `targets`, each named `file:Name`, to code. */
export function compileCode(sources: SourceTexts, targets: readonly string[]) {
  const selection: Record<string, Record<string, readonly string[]>> = {};
  for (const target of targets) {
    const [file = "", name = ""] = target.split(":");
    (selection[file] ??= {})[name] = ["evm.bytecode.object", "evm.deployedBytecode.object"];
  }
  return compile(sources, selection);
}
