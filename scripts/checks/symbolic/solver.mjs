// What halmos calls as its solver: `node solver.mjs COMMAND [ARGUMENT ...] QUERY`. Gives the query to the command with its products
// by constants rewritten, and passes the answer on.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { withoutProducts } from "./multiplication.mjs";

const [command, ...rest] = process.argv.slice(2);
const query = rest.pop();
const rewritten = `${query}.rewritten`;
writeFileSync(rewritten, withoutProducts(readFileSync(query, "utf8")));
const { status, error } = spawnSync(command, [...rest, rewritten], { stdio: ["ignore", "inherit", "inherit"] });
if (error) console.error(error.message);
process.exitCode = status ?? 1;
