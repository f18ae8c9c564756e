// npm run differential: the contracts against the model of test/differential. See `npm run differential -- --help`.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runReplay } from "../../test/differential/drive/replay.js";
import { WORLD_STEPS, runSession, type Session } from "../../test/differential/drive/session.js";
import { shrink } from "../../test/differential/drive/shrink.js";

const HELP = `npm run differential -- [options]

  --steps N        steps to compare (20000)
  --seed S         what to draw them from (1)
  --seeds A-B      one session of N steps for each of these seeds, one after the other
  --from-world W   skip the first W worlds of the seed: to go on, or to repeat one world
  --second-evm N   run N steps of the seed on a second EVM (@ethereumjs/vm) too, and compare receipts and figures
  --json FILE      write the figures of the run
`;

interface Summary {
  readonly seed: string;
  readonly worlds: number;
  readonly steps: number;
  readonly figures: number;
  readonly seconds: number;
}

function table({ tallies }: Session): void {
  const rows = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  console.log("action".padEnd(18) + "accepted".padStart(10) + "refused".padStart(10) + "accepted %".padStart(12));
  for (const [action, { accepted, refused }] of rows) {
    const percent = ((100 * accepted) / (accepted + refused)).toFixed(1);
    console.log(action.padEnd(18) + `${accepted}`.padStart(10) + `${refused}`.padStart(10) + percent.padStart(12));
  }
}

async function compareSeed(seed: bigint, steps: number, firstWorld: number): Promise<Session & { seconds: number }> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  let printedAt = 0;
  const onWorld = ({ worlds, steps: done, figures }: Session) => {
    if (seconds() - printedAt < 15) return;
    printedAt = seconds();
    console.log(
      `seed ${seed}: ${done} steps, ${worlds} worlds, ${figures} figures, ${(done / printedAt).toFixed(0)} steps/s`,
    );
  };
  const session = await runSession({ seed, steps, firstWorld, onWorld });
  table(session);
  const { failure } = session;
  if (failure) {
    const { world, step, action, what, expected, actual, worldSeed, drawn } = failure;
    console.log(`difference at seed ${seed}, world ${world}, step ${step}, ${action}: ${what}`);
    console.log(`  model: ${expected}\n  chain: ${actual}`);
    const trace = await shrink(worldSeed, drawn, what, {});
    console.log(`  shortest trace found (${trace.runs} runs), in world seed ${worldSeed}:`);
    for (const { action: name, seed: drawnFrom } of trace.steps) console.log(`    ${name} ${drawnFrom}`);
  }
  return { ...session, seconds: seconds() };
}

function readSeeds(seed: string, seeds: string | undefined): bigint[] {
  if (seeds === undefined) return [BigInt(seed)];
  const [first, last] = seeds.split("-").map(BigInt);
  if (first === undefined || last === undefined || last < first)
    throw new RangeError(`--seeds ${seeds} is no range A-B`);
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      steps: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      seeds: { type: "string" },
      "from-world": { type: "string", default: "0" },
      "second-evm": { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const steps = Number(values.steps);
  if (!Number.isSafeInteger(steps) || steps < 1) throw new RangeError(`--steps ${values.steps} is no number of steps`);
  if (values["second-evm"] !== undefined) return replay(BigInt(values.seed), Number(values["second-evm"]));
  const summaries: Summary[] = [];
  let differences = 0;
  for (const seed of readSeeds(values.seed, values.seeds)) {
    const {
      worlds,
      steps: done,
      figures,
      seconds,
      failure,
    } = await compareSeed(seed, steps, Number(values["from-world"]));
    summaries.push({ seed: seed.toString(), worlds, steps: done, figures, seconds });
    if (failure) differences++;
  }
  const sum = (pick: (summary: Summary) => number) => summaries.reduce((total, each) => total + pick(each), 0);
  const rate = sum(({ steps: done }) => done) / sum(({ seconds }) => seconds);
  console.log(`${sum(({ worlds }) => worlds)} worlds of ${WORLD_STEPS} steps, ${rate.toFixed(0)} steps/s`);
  console.log(
    `${sum(({ steps: done }) => done)} steps, ${sum(({ figures }) => figures)} figures compared, ${differences} differences`,
  );
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ sessions: summaries, differences }, null, 2)}\n`);
  return differences === 0 ? 0 : 1;
}

async function replay(seed: bigint, steps: number): Promise<number> {
  const startedAt = performance.now();
  const result = await runReplay(seed, steps, (line) => console.log(line));
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    `${result.steps} steps, ${result.transactions} transactions with those of the set-up, ${seconds.toFixed(0)} s`,
  );
  console.log(`${result.compared} receipts and figures compared on two EVMs, ${result.differences.length} differences`);
  for (const difference of result.differences.slice(0, 10)) console.log(`  ${difference}`);
  return result.differences.length === 0 ? 0 : 1;
}

process.exitCode = await main();
// EDR keeps threads of its own.
process.exit();
