import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { InvalidSetting } from "./input/index.js";

/** What the main job was asked to do. */
export interface ReplayOptions {
  readonly trace: string | undefined;
  readonly latency: string | undefined;
  readonly prices: string | undefined;
  readonly seed: number;
  readonly requests: number | undefined;
  readonly users: number;
  readonly capacity: number;
  readonly rpc: string | undefined;
  readonly json: string | undefined;
  /** Folder that the router's journal is kept in; undefined for a temporary one. */
  readonly journal: string | undefined;
}

export const HELP = `npm start -- [options]

Deploys Yellowstone Compute to an embedded OP-stack chain, replays LLM requests through router, attestations and claims,
and reconciles every wei. Without files it makes a trace of the same shape as a real hour, and says so.

  --trace FILE      arrivals and tokens   TIMESTAMP,ContextTokens,GeneratedTokens
  --latency FILE    measured latencies and errors of providers   (with --prices)
  --prices FILE     list prices of providers                     (with --latency)
  --requests N      requests of a synthetic trace                (19366)
  --seed N          seed of everything synthetic                 (1)
  --users N         synthetic users                              (200)
  --capacity N      jobs a provider works on at once, a model    (2)
  --rpc URL         a separate development node whose time can be steered (hardhat node, anvil)
  --json FILE       write the summary's figures
  --journal DIR     keep the router's journal there, in journal.db   (a temporary folder, removed)
  --help

Exit codes: 0 reconciled, 1 not reconciled or failed, 2 bad input.`;

/** Read the command line; undefined for --help. Throws InvalidSetting. */
export function readOptions(args: string[]): ReplayOptions | undefined {
  const text = { type: "string" } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        trace: text,
        latency: text,
        prices: text,
        requests: text,
        seed: { ...text, default: "1" },
        users: { ...text, default: "200" },
        capacity: { ...text, default: "2" },
        rpc: text,
        json: text,
        journal: text,
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (cause) {
    throw new InvalidSetting(
      "command line",
      cause instanceof Error ? cause.message : String(cause),
      "options of --help",
    );
  }
  if (values.help) return undefined;
  if (values.requests !== undefined && values.trace !== undefined) {
    throw new InvalidSetting("requests", values.requests, "either --requests or --trace: a trace has its own length");
  }
  return {
    trace: values.trace,
    latency: values.latency,
    prices: values.prices,
    seed: whole("seed", values.seed, 0),
    requests: values.requests === undefined ? undefined : whole("requests", values.requests, 1),
    users: whole("users", values.users, 1),
    capacity: whole("capacity", values.capacity, 1),
    rpc: values.rpc,
    json: values.json === undefined ? undefined : newFile("json", values.json),
    journal: values.journal === undefined ? undefined : folderWithout("journal", values.journal, "journal.db"),
  };
}

/** A file that can be written later: found out before the work, not after it. */
function newFile(name: string, file: string): string {
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidSetting(name, file, "a file in a folder that exists");
  }
  return file;
}

/** A folder that exists and does not have this file yet. */
function folderWithout(name: string, folder: string, file: string): string {
  const isFree =
    statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
    statSync(join(folder, file), { throwIfNoEntry: false }) === undefined;
  if (!isFree) throw new InvalidSetting(name, folder, `a folder that exists, without ${file}`);
  return folder;
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new InvalidSetting(name, text, `a whole number, at least ${least}`);
  }
  return value;
}
