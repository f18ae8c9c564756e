// Checks the layering that design and conventions promise, from the import lines themselves:
//   contracts: a room sees interfaces, libraries and types, never another room; nothing imports periphery; token code only
//              in reserve, providers, periphery; signature code only in routers, but for a provider's proof of a model;
//              what is deployed pins its compiler, what is imported does not
//   sdk:       pure modules import neither actions nor clients nor node:, and name no clock or randomness; the main door
//              leads to no module that imports node:
//   scripts and scenario tests reach the SDK by its package name
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const filesUnder = (root, ending) =>
  readdirSync(root).flatMap((name) => {
    const path = join(root, name);
    if (name === "node_modules" || name === "generated" || name === "dist") return [];
    return statSync(path).isDirectory() ? filesUnder(path, ending) : path.endsWith(ending) ? [path] : [];
  });
const importsOf = (path) =>
  [...readFileSync(path, "utf8").matchAll(/(?:import|export)[^;]*?from\s+"([^"]+)"/g)].map((match) =>
    match[1].startsWith(".") ? normalize(join(dirname(path), match[1])) : match[1],
  );
const problems = [];
const refuse = (condition, message) => {
  if (condition) problems.push(message);
};

const ROOMS = ["emission", "reserve", "ledger", "routers", "providers", "bootstrap"];
const SHARED = ["interfaces", "libraries", "types"];
for (const path of filesUnder("contracts", ".sol")) {
  const room = path.split("/")[1];
  const source = readFileSync(path, "utf8");
  const deployed = /^(abstract )?contract /m.test(source);
  refuse(deployed && !/^pragma solidity \d+\.\d+\.\d+;$/m.test(source), `${path}: what is deployed pins its compiler`);
  for (const target of importsOf(path)) {
    const to = target.startsWith("contracts/") ? target.split("/")[1] : undefined;
    refuse(to === "periphery", `${path} imports ${target}: nothing imports periphery`);
    refuse(
      ROOMS.includes(room) && to !== undefined && to !== room && !SHARED.includes(to),
      `${path} imports ${target}: another room`,
    );
    refuse(
      SHARED.includes(room) && to !== undefined && !SHARED.includes(to),
      `${path} imports ${target}: shared code imports a room`,
    );
    const token = /token\/ERC20/.test(target);
    refuse(
      token && !["reserve", "providers", "periphery", "interfaces", "ComputeContract.sol"].includes(room),
      `${path}: token code outside reserve and registry`,
    );
    refuse(/ECDSA|IERC1271/.test(target) && room !== "routers", `${path}: signature code outside routers`);
    // A provider's proof of a model is signed by its owner, not by a router: SPEC S9.
    refuse(/SignatureChecker/.test(target) && room !== "providers", `${path}: signature code outside routers`);
  }
}

const UPPER = ["actions", "cli", "deployment", "journal", "provider", "relayer", "service", "statusPage", "watch"];
// Rooms that need Node; only these files of theirs touch it.
const NODE_ROOMS = ["cli", "journal", "service", "statusPage"];
const NODE_FILES = ["sdk/src/journal/sqlite.ts", "sdk/src/service/", "sdk/src/cli/", "sdk/src/statusPage/"];
const BROWSER = "sdk/src/statusPage/browser/";
for (const path of filesUnder("sdk/src", ".ts")) {
  const room = path.split("/")[2];
  for (const target of importsOf(path)) {
    const toNode = target.startsWith("node:") && !NODE_FILES.some((allowed) => path.startsWith(allowed));
    refuse(toNode, `${path} imports ${target}: not a file that may`);
    const intoNode = NODE_ROOMS.some((to) => target.startsWith(`sdk/src/${to}/`)) && !NODE_ROOMS.includes(room);
    refuse(intoNode, `${path} imports ${target}: it must open without Node`);
    const outOfBrowser = path.startsWith(BROWSER) && !target.startsWith(BROWSER);
    refuse(outOfBrowser, `${path} imports ${target}: the server gives a browser this folder alone`);
  }
  if (UPPER.includes(room) || room === "index.ts") continue;
  const text = readFileSync(path, "utf8");
  for (const target of importsOf(path)) {
    refuse(
      UPPER.some((upper) => target.startsWith(`sdk/src/${upper}/`)),
      `${path} imports ${target}: a pure module imports an upper floor`,
    );
    refuse(target.startsWith("node:"), `${path} imports ${target}: no node: in a pure module`);
  }
  refuse(
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(/.test(text),
    `${path}: clock, randomness or network in a pure module`,
  );
}
for (const path of [...filesUnder("test/scenarios", ".ts"), ...filesUnder("scripts/replay", ".ts")]) {
  for (const target of importsOf(path))
    refuse(target.startsWith("sdk/"), `${path} imports ${target}: use the package name`);
}

for (const problem of problems) console.error(problem);
console.log(`layering: ${problems.length === 0 ? "holds" : `${problems.length} problems`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
