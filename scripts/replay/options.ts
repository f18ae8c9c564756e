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
  /** Serve the status page: at a port, or at the page's own. */
  readonly serve: { readonly port: number | undefined } | undefined;
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
  --serve [PORT]    show pool, attestations, providers and seasons live on a page of this machine, until Ctrl-C   (8420)
  --help

Exit codes: 0 reconciled, 1 not reconciled or failed, 2 bad input.`;

/** Read the command line; undefined for --help. Throws InvalidSetting. */
export function readOptions(args: string[]): ReplayOptions | undefined {
  const text = { type: "string" } as const;
  let values;
  const { port, rest } = servePort(args);
  try {
    ({ values } = parseArgs({
      args: rest,
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
        serve: { type: "boolean", default: false },
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
    serve: values.serve ? { port } : undefined,
  };
}

/** The port behind `--serve`, which may be left out: a number of its own, which no other option takes. */
function servePort(args: readonly string[]): { port: number | undefined; rest: string[] } {
  const at = args.findIndex((arg) => arg === "--serve" || arg.startsWith("--serve="));
  const inline = args[at]?.split("=")[1];
  const next = args[at + 1];
  const text = inline ?? (at >= 0 && next !== undefined && !next.startsWith("-") ? next : undefined);
  if (text === undefined) return { port: undefined, rest: [...args] };
  const port = whole("serve", text, 0);
  if (port > 65_535) throw new InvalidSetting("serve", text, "a port: 0 for any that is free, at most 65535");
  const taken = inline === undefined ? 2 : 1;
  return { port, rest: [...args.slice(0, at), "--serve", ...args.slice(at + taken)] };
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
