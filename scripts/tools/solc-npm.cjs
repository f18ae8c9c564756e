#!/usr/bin/env node
// Gives forge a compiler without a download: answers the two calls forge makes with the wasm build of the npm package solc.
const fs = require("node:fs");
const soljson = require("solc/soljson.js");

const call = process.argv[2];
if (call === "--version") {
  const version = soljson.cwrap("solidity_version", "string", [])();
  console.log(
    `solc, the solidity compiler commandline interface\nVersion: ${version.replace("Emscripten.clang", "Linux.g++")}`,
  );
} else if (process.argv.includes("--standard-json")) {
  const compile = soljson.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  process.stdout.write(compile(fs.readFileSync(0, "utf8"), 0, 0));
} else {
  console.error(`solc-npm: only --version and --standard-json are answered, got ${process.argv.slice(2).join(" ")}`);
  process.exitCode = 1;
}
