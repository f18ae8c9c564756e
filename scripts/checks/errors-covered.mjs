// Prints every custom error declared in contracts/ that no test names; exits 1 if there is one.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Files below `folder` with one of the given endings. */
function filesIn(folder, endings) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name));
}

const declared = new Map();
for (const path of filesIn("contracts", [".sol"])) {
  for (const [, name] of readFileSync(path, "utf8").matchAll(/^\s*error (\w+)\(/gm)) {
    declared.set(name, path.slice(root.length + 1));
  }
}
// Tests of the contracts: Solidity tests, and TypeScript tests outside test/sdk, which only decode errors.
const tests = [...filesIn("test", [".t.sol"]), ...filesIn("test", [".test.ts"])]
  .filter((path) => !path.startsWith(join(root, "test", "sdk")))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

const missing = [...declared].filter(([name]) => !new RegExp(`\\b${name}\\b`).test(tests));
for (const [name, path] of missing) console.log(`no test names ${name} (${path})`);
console.log(`${declared.size - missing.length} of ${declared.size} custom errors are named by a test`);
process.exitCode = missing.length === 0 && declared.size !== 0 ? 0 : 1;
