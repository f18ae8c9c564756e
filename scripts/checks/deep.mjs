// `npm run test:deep`: what takes too long for `npm test`.
//   --crashes N   kills a router on its journal at N points
//   --calls N     calls of the invariant campaign; resumed where it was stopped
//   --seed S      first seed of either
//   --only NAME   crashes or invariants
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    crashes: { type: "string", default: "200" },
    calls: { type: "string", default: "5000000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const PARTS = {
  crashes: ["tsx", "scripts/checks/crashes.ts", "--crashes", values.crashes],
  invariants: ["node", "scripts/checks/invariants.mjs", "--calls", values.calls],
};
if (values.only !== undefined && !(values.only in PARTS)) {
  console.error(`no such part: ${values.only}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

let failed = 0;
for (const [name, command] of Object.entries(PARTS)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`== ${name}`);
  const { status } = spawnSync("npx", [...command, "--seed", values.seed], { stdio: "inherit" });
  if (status !== 0) failed += 1;
}
console.log(failed === 0 ? "deep: all passed" : `deep: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
