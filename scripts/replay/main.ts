// npm start: the main job. See `npm start -- --help`.
import { renameSync, writeFileSync } from "node:fs";
import { InputError, loadInput, type LoadSettings } from "./input/index.js";
import { HELP, readOptions, type ReplayOptions } from "./options.js";
import { EMPTY_EVERY, SILENT_EVERY } from "./simulation.js";
import { differencesOf, printSummary, summaryOf } from "./summary.js";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const startedAt = performance.now();
  const input = loadInput(settingsOf(options));
  for (const notice of input.notices) console.log(notice);
  console.log(`synthetic: 1 request of ${SILENT_EVERY} is never reported, 1 of ${EMPTY_EVERY} answered with no token`);
  console.log(`capacity: ${options.capacity} jobs at once for each provider and model; an RFC waits 30 s at the most`);
  // Loaded only now: bad input is refused without a chain.
  const { runReplay } = await import("./run.js");
  const result = await runReplay({ ...input }, options);
  const { plan } = result;
  console.log(`chain: ${result.chainLabel}; bids are list prices at $20 a MOR times ${plan.bidScale}`);
  const summary = summaryOf(input, result, (performance.now() - startedAt) / 1_000);
  printSummary(input, result, summary);
  if (options.json !== undefined) writeWhole(options.json, `${JSON.stringify(summary, null, 2)}\n`);
  return differencesOf(input, result).length === 0 ? 0 : 1;
}

function settingsOf({ trace, latency, prices, seed, requests, users }: ReplayOptions): LoadSettings {
  return {
    seed,
    users,
    ...(trace === undefined ? {} : { traceFile: trace }),
    ...(latency === undefined ? {} : { latencyFile: latency }),
    ...(prices === undefined ? {} : { pricesFile: prices }),
    ...(requests === undefined ? {} : { requests }),
  };
}

/** Write a file that is there with all of its text, or not at all. */
function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}.part`;
  writeFileSync(beside, text, { flag: "wx" });
  renameSync(beside, file);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof InputError) {
    console.error(`${error.message}\n  ${error.next}`);
    process.exitCode = 2;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}
