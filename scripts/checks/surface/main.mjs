// `npm run surface`: what others build on, against the committed files beside this one: the storage layout of every deployed
// contract, and each function, event and error with its selector, topic and mutability. Fails on a difference.
//   npm run surface -- --accept   writes the files; the difference then shows in review, and belongs into CHANGELOG.md
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Interface } from "ethers";

const DEPLOYED = {
  ComputeContract: "contracts/ComputeContract.sol",
  BootstrapPool: "contracts/bootstrap/BootstrapPool.sol",
  RouterSet: "contracts/routers/RouterSet.sol",
  ProviderRegistry: "contracts/providers/ProviderRegistry.sol",
  LinearDecreaseSchedule: "contracts/emission/LinearDecreaseSchedule.sol",
  ComputeLens: "contracts/periphery/ComputeLens.sol",
};
const here = import.meta.dirname;
const accept = process.argv.includes("--accept");

let differences = 0;
const { contracts } = compile(Object.values(DEPLOYED));
for (const [name, source] of Object.entries(DEPLOYED)) {
  const { abi, storageLayout, transientStorageLayout } = contracts[source][name];
  const text = [
    `${name}: storage\n`,
    ...layout(storageLayout),
    ...section("transient storage", layout(transientStorageLayout)),
    ...interfaceOf(abi),
  ].join("");
  const file = join(here, `${name}.txt`);
  if (accept) writeFileSync(file, text);
  else differences += compare(name, existsSync(file) ? readFileSync(file, "utf8") : "", text);
}
for (const stale of readdirSync(here).filter((file) => file.endsWith(".txt") && !(file.slice(0, -4) in DEPLOYED))) {
  console.error(`${stale}: no such contract`);
  differences += 1;
}
if (accept) console.log(`${Object.keys(DEPLOYED).length} files written`);
else if (differences === 0)
  console.log(`storage and interface of ${Object.keys(DEPLOYED).length} contracts as committed`);
else console.error("meant? `npm run surface -- --accept`, and say so in CHANGELOG.md");
process.exitCode = differences === 0 ? 0 : 1;

/** Layouts and ABIs only: no code is made, so this takes seconds. */
function compile(sources) {
  const solc = createRequire(import.meta.url)("solc");
  const settings = { outputSelection: { "*": { "*": ["abi", "storageLayout", "transientStorageLayout"] } } };
  const content = (path) => ({ content: readFileSync(path, "utf8") });
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(sources.map((path) => [path, content(path)])),
    settings,
  };
  const find = (path) => {
    const file = path.startsWith("@") ? join("node_modules", path) : path;
    return existsSync(file) ? { contents: readFileSync(file, "utf8") } : { error: "no such file" };
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return output;
  for (const { formattedMessage } of errors) console.error(formattedMessage);
  process.exit(1);
}

/** One line a variable: slot, first byte in it, size, name, type; the members of a struct below it. */
function layout({ storage, types }, indent = "  ") {
  return storage.flatMap(({ slot, offset, type, label }) => {
    const { numberOfBytes, label: typeName, members } = types[type];
    const line = `${indent}${slot.padStart(3)} +${String(offset).padStart(2)} ${numberOfBytes.padStart(3)} B  ${label}  ${typeName}\n`;
    const value = Object.values(types).find(({ label: own }) => own === valueTypeOf(typeName));
    const inner = members ?? value?.members;
    return [line, ...(inner === undefined ? [] : layout({ storage: inner, types }, `${indent}    `))];
  });
}

/** Type of what a mapping or array holds, if it is a struct. */
function valueTypeOf(label) {
  return /struct [A-Za-z_.]+/.exec(label)?.[0];
}

function interfaceOf(abi) {
  const parsed = new Interface(abi);
  const lines = { constructor: [], functions: [], events: [], errors: [] };
  parsed.forEachFunction((item) =>
    lines.functions.push(`  ${item.selector}  ${item.format("full").slice("function ".length)}\n`),
  );
  parsed.forEachEvent((item) =>
    lines.events.push(`  ${item.topicHash}  ${item.format("full").slice("event ".length)}\n`),
  );
  parsed.forEachError((item) =>
    lines.errors.push(`  ${item.selector}  ${item.format("full").slice("error ".length)}\n`),
  );
  lines.constructor.push(`  ${parsed.deploy.format("full")}\n`);
  const byName = (a, b) => (a.split("  ")[2] < b.split("  ")[2] ? -1 : 1);
  return Object.entries(lines).flatMap(([title, rows]) => section(title, rows.sort(byName)));
}

function section(title, rows) {
  return rows.length === 0 ? [] : [`\n${title}\n`, ...rows];
}

/** Prints the lines that differ and gives their number. */
function compare(name, committed, actual) {
  const [before, after] = [committed, actual].map((text) => text.split("\n"));
  const gone = before.filter((line) => !after.includes(line)).map((line) => `${name}: - ${line.trim()}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `${name}: + ${line.trim()}`);
  const moved = gone.length + come.length === 0 && committed !== actual ? [`${name}: lines in another order`] : [];
  for (const line of [...gone, ...come, ...moved]) console.error(line);
  return gone.length + come.length + moved.length;
}
