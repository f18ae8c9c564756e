import type { Receipt, Sent } from "../chain/node.js";
import { probeData } from "../chain/probe.js";
import { SecondEvm } from "../chain/secondEvm.js";
import { word } from "../wire/bytes.js";
import { allFigures, scalarsOf } from "./figures.js";
import { drawSteps, runWorld, worldSeedOf } from "./run.js";
import type { World } from "./world.js";

/** What two EVMs made of the same transactions. */
export interface Replayed {
  steps: number;
  transactions: number;
  compared: number;
  readonly differences: string[];
}

const WORLD_STEPS = 1_000;

/** Run the steps of a seed on EDR, then the same signed transactions on the second EVM; compare receipts and final figures. */
export async function runReplay(seed: bigint, steps: number, say: (line: string) => void): Promise<Replayed> {
  const result: Replayed = { steps: 0, transactions: 0, compared: 0, differences: [] };
  for (let at = 0; result.steps < steps && result.differences.length === 0; at++) {
    const worldSeed = worldSeedOf(seed, at);
    await replayWorld(worldSeed, Math.min(WORLD_STEPS, steps - result.steps), result);
    say(`${result.steps} steps on both EVMs, ${result.transactions} transactions, ${result.compared} compared`);
  }
  return result;
}

async function replayWorld(worldSeed: bigint, steps: number, result: Replayed): Promise<void> {
  const sent: [Sent, Receipt][] = [];
  let world: World | undefined;
  const done = await runWorld(worldSeed, drawSteps(worldSeed, steps), {
    onNode: (node) => (node.watch = (each, receipt) => sent.push([each, receipt])),
    onStep: (_, __, at) => (world = at),
    asksAlways: true,
  });
  if (done.failure) result.differences.push(`model and first EVM: ${done.failure.what}`);
  result.steps += done.steps;
  const second = await SecondEvm.start();
  for (const [i, [each, receipt]] of sent.entries()) {
    const other = await second.send(each);
    const unequal = (what: string) => result.differences.push(`world ${worldSeed}, transaction ${i}: ${what}`);
    if (other.status !== receipt.status) unequal("status");
    if (other.gasUsed !== receipt.gasUsed) unequal(`gas ${receipt.gasUsed} and ${other.gasUsed}`);
    if (other.logs.join("\n") !== receipt.logs.join("\n")) unequal("logs");
    if (other.created !== receipt.created) unequal("created address");
    const output = receipt.revertData ?? receipt.returned;
    if (output !== undefined && output !== other.output) unequal("return data");
    result.compared += output === undefined ? 4 : 5;
    result.transactions++;
  }
  if (world) await compareFinal(world, second, result);
}

async function compareFinal(world: World, second: SecondEvm, result: Replayed): Promise<void> {
  const questions = [...scalarsOf(world), ...allFigures(world)];
  const answer = await second.call(world.actors.deployer.address, world.probe, probeData(questions));
  const expected = questions.flatMap(({ expected: values }) => values).map(word);
  result.compared += expected.length;
  if (answer !== expected.join("")) result.differences.push("final figures");
}
