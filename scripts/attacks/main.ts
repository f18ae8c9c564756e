// `npm run attacks`: plays the economic attacks through the rules of the SDK, prints what came of them and writes the tables of
// SECURITY.md. Every figure follows from constants and printed seeds: the same on every machine.
import { readFileSync, writeFileSync } from "node:fs";
import { allAttacks } from "./all.js";
import { renderAttacks, withAttacks } from "./table.js";

const tables = renderAttacks(allAttacks());
console.log(tables);
const page = readFileSync("SECURITY.md", "utf8");
const written = withAttacks(page, tables);
writeFileSync("SECURITY.md", written);
console.log(`\n${written === page ? "SECURITY.md is as it was" : "SECURITY.md written"}`);
