import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What a deployment needs. */
export interface Code {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
}

interface CompilerOutput {
  readonly errors?: readonly { severity: string; formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>;
}

const FILES = ["Baselines.sol", "Fixtures.sol"];
// As hardhat.config.ts: baselines get the optimiser that the suite gets.
const SETTINGS = { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs: 650 } };

let compiled: ReadonlyMap<string, Code> | undefined;

/** A contract of the bench's own, compiled here: it belongs to no build of the suite. */
export function benchContract(name: string): Code {
  compiled ??= compile();
  const code = compiled.get(name);
  if (code === undefined) throw new Error(`bench: no contract ${name} in scripts/bench/contracts`);
  return code;
}

function compile(): ReadonlyMap<string, Code> {
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const sources = Object.fromEntries(
    FILES.map((file) => [file, { content: readFileSync(new URL(`../contracts/${file}`, import.meta.url), "utf8") }]),
  );
  const settings = { ...SETTINGS, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const output = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings })),
  ) as CompilerOutput;
  const failed = output.errors?.find(({ severity }) => severity === "error");
  if (failed !== undefined) throw new Error(`bench: ${failed.formattedMessage}`);
  const all = Object.values(output.contracts).flatMap((file) => Object.entries(file));
  return new Map(all.map(([name, { abi, evm }]) => [name, { abi, bytecode: `0x${evm.bytecode.object}` }]));
}
