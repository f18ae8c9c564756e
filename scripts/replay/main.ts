// npm start: the main job. See `npm start -- --help`.
import { renameSync, writeFileSync } from "node:fs";
import { ListenFailed, PortInUse } from "@yellowstone-compute/sdk/errors";
import { memoryPeak } from "../tools/memoryPeak.js";
import { InputError, loadInput, type LoadSettings, type ReplayInput } from "./input/index.js";
import type { ReplayPage } from "./page.js";
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
  const page = options.serve === undefined ? undefined : await openPage(options.serve.port);
  try {
    return await replayAndTell(input, options, startedAt, page);
  } finally {
    await page?.close();
  }
}

/** Replay, print what came of it, and show it on the page until Ctrl-C. */
async function replayAndTell(
  input: ReplayInput,
  options: ReplayOptions,
  startedAt: number,
  page: ReplayPage | undefined,
): Promise<number> {
  // Loaded only now: bad input is refused without a chain.
  const { DEFAULT_SETUP, runReplay } = await import("./run.js");
  const setup = page === undefined ? DEFAULT_SETUP : { ...DEFAULT_SETUP, page };
  const result = await runReplay({ ...input }, options, setup);
  const { plan } = result;
  console.log(`chain: ${result.chainLabel}; bids are list prices at $20 a MOR times ${plan.bidScale}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const summary = summaryOf(input, result, { seconds, memoryPeakBytes: memoryPeak() });
  printSummary(input, result, summary);
  if (options.json !== undefined) writeWhole(options.json, `${JSON.stringify(summary, null, 2)}\n`);
  if (page !== undefined) {
    console.log(`status page: ${page.url} shows the end; Ctrl-C stops it`);
    await page.untilStopped();
  }
  return differencesOf(input, result).length === 0 ? 0 : 1;
}

/** The page is there before the chain: a port that is taken is found out before the work. */
async function openPage(port: number | undefined): Promise<ReplayPage> {
  const { ReplayPage } = await import("./page.js");
  const page = await ReplayPage.open(port);
  console.log(`status page: ${page.url}`);
  return page;
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
  if (error instanceof InputError || error instanceof PortInUse || error instanceof ListenFailed) {
    console.error(`${error.message}\n  ${error.next}`);
    process.exitCode = 2;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}
