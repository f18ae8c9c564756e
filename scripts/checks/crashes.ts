// `npm run test:deep [-- --crashes N] [--seed N]`: kills a router at as many points as asked, as `npm test` does at 20.
import { parseArgs } from "node:util";
import { crashOnce, referenceOf } from "../../test/sdk/journal/crash.js";

const AT_ONCE = 2;
const PER_SEED = 40;

const { values } = parseArgs({
  options: { crashes: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});
const crashes = Number(values.crashes);
const firstSeed = Number(values.seed);
let [passed, failed] = [0, 0];
for (let from = 0; from < crashes; from += PER_SEED) {
  const seed = firstSeed + from / PER_SEED;
  const reference = await referenceOf(seed);
  const draws = Array.from({ length: Math.min(PER_SEED, crashes - from) }, (_, i) => from + i);
  const work = async (): Promise<void> => {
    for (let draw = draws.shift(); draw !== undefined; draw = draws.shift()) {
      try {
        const point = await crashOnce(seed, draw, reference);
        passed++;
        console.log(`seed ${seed}, draw ${draw}: ${point}`);
      } catch (error) {
        failed++;
        console.error(`seed ${seed}, draw ${draw}:`, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
console.log(`crashes: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
