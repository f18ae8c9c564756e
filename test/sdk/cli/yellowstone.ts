import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { expect } from "chai";
import { computeAddress, toBeHex } from "ethers";
import { run } from "../../../sdk/src/cli/run.js";
import { ROOT } from "../../utils/script.js";

/** Built command line of the SDK. */
export const CLI = join(ROOT, "sdk", "dist", "cli", "main.js");
/** Key of the first account of the well-known test mnemonic: the fixture's sender. */
export const SENDER_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/** Key of the fourth: the fixture's stranger. */
export const STRANGER_KEY = "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6";

/** Key of one of the fixture's routers. */
export function routerKey(router: string): string {
  const keys = [1, 2, 3].map((key) => toBeHex(key, 32));
  return keys.find((key) => computeAddress(key) === router) ?? expect.fail("no router of the fixture");
}

/** Output and exit code of a command. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;
/** What a test reads of a command's JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** A command that runs in a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has said so far on standard output. */
  out(): string;
}

/** Start the real binary. */
export function start(args: readonly string[], env: Env = {}, input?: string): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input ?? "");
  const finished = new Promise<Finished>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
  return { child, finished, out: () => out };
}

/** Run the real binary to its end. */
export function yellowstone(args: readonly string[], env: Env = {}, input?: string): Promise<Finished> {
  return start(args, env, input).finished;
}

/** What a command line meets within this process: standard input, and whether it looks at a terminal. */
export interface Meeting {
  readonly input?: string;
  readonly isTTY?: boolean;
}

/** Run the same command line within this process: for the many small cases. */
export function runHere(args: readonly string[], env: Env = {}, meeting: Meeting = {}): Promise<Finished> {
  return startHere(args, env, meeting).finished;
}

/** A command that runs within this process. */
export interface RunningHere {
  readonly finished: Promise<Finished>;
  /** What it has said so far. */
  out(): string;
  err(): string;
}

/** Start a command line within this process. A signal reaches it by `process.emit`. */
export function startHere(args: readonly string[], env: Env = {}, meeting: Meeting = {}): RunningHere {
  const { input = "", isTTY = false } = meeting;
  const sink = () => {
    let text = "";
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => ((text += chunk.toString()), done()) });
    return Object.assign(stream, { isTTY, text: () => text });
  };
  const [out, err] = [sink(), sink()];
  const typed = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream & PassThrough;
  typed.end(input);
  const finished = run(args, { env, out, err, input: typed }).then((code) => ({
    code,
    out: out.text(),
    err: err.text(),
  }));
  return { finished, out: () => out.text(), err: () => err.text() };
}

/** The JSON of a command that must end with `code`. */
export function jsonOf({ code, out, err }: Finished, expected = 0): Json {
  expect(code, out + err).to.equal(expected);
  return JSON.parse(out) as Json;
}

/** The failure of a command that must end with `code`: its JSON. */
export function failureOf({ code, out, err }: Finished, expected: number): Json {
  expect(code, out + err).to.equal(expected);
  expect(out, "no result beside a failure").to.equal("");
  return (JSON.parse(err.trim().split("\n").at(-1) ?? "{}") as { error: Json }).error;
}

/** JSON lines of a command that says more than one thing. */
export function linesOf(out: string): Json[] {
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Json);
}

/** What the transactions of a command did. */
export function outcomesOf(json: Json): Json[] {
  return (json["transactions"] as { outcome: Json }[]).map(({ outcome }) => outcome);
}

/** A call as a dry run shows it. */
export interface ShownCall {
  readonly contract: string;
  readonly function: string;
  readonly to: string;
  readonly args: Json;
  readonly feeWei: string | null;
  readonly failure: { readonly code: string } | null;
}

/** The calls of a dry run. */
export function callsOf(json: Json): ShownCall[] {
  return json["calls"] as ShownCall[];
}
