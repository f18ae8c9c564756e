// Compiles checks as the contracts they look at are compiled for deployment, for halmos to read: in memory, with or without an edit
// of one source.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const SETTINGS = {
  evmVersion: "cancun",
  viaIR: true,
  optimizer: { enabled: true, runs: 800 },
  outputSelection: {
    "*": { "": ["ast"], "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers", "metadata"] },
  },
};

/**
 * @typedef {{source: string, find: string, replace: string}} Edit a change of one source
 * @typedef {{name: string, file: string, contract: string, checks?: string[], edit?: Edit}} Job `checks`: those that are run; all
 * when it is missing
 */

/**
 * Compile the contract of a job and write it where halmos looks, under the name of the job.
 * @param {Job} job
 * @param {string} out folder of artifacts
 * @returns {string[]} names of the checks that will run
 */
export function compileJob({ name, file, contract, checks, edit }, out) {
  let edited = 0;
  // Imports are looked up beside the file that imports: a name before each path keeps jobs apart in the report.
  const read = (path) => {
    const place = path.startsWith("@") ? join("node_modules", path) : path.slice(name.length + 1);
    const text = readFileSync(place, "utf8");
    if (place !== edit?.source) return text;
    edited = text.split(edit.find).length - 1;
    return text.replace(edit.find, () => edit.replace);
  };
  const find = (path) => {
    try {
      return { contents: read(path) };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const unit = `${name}/${file}`;
  const input = { language: "Solidity", sources: { [unit]: { content: read(unit) } }, settings: SETTINGS };
  const output = JSON.parse(require("solc").compile(JSON.stringify(input), { import: find }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  if (edit && edited !== 1)
    throw new Error(`${edit.source}: the text to change stands there ${edited} times, not once`);

  const { abi, evm, metadata } = output.contracts[unit][contract];
  const wanted = ([signature]) => checks?.includes(signature.split("(")[0]) ?? signature.startsWith("check_");
  const methodIdentifiers = Object.fromEntries(Object.entries(evm.methodIdentifiers).filter(wanted));
  const folder = join(out, `${name}.sol`);
  mkdirSync(folder, { recursive: true });
  const artifact = {
    abi,
    bytecode: prefixed(evm.bytecode),
    deployedBytecode: prefixed(evm.deployedBytecode),
    methodIdentifiers,
    metadata: JSON.parse(metadata),
    ast: output.sources[unit].ast,
  };
  writeFileSync(join(folder, `${contract}.json`), JSON.stringify(artifact));
  return Object.keys(methodIdentifiers).map((signature) => signature.split("(")[0]);
}

function prefixed(bytecode) {
  return { ...bytecode, object: `0x${bytecode.object}` };
}
