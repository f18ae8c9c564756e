import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../utils/script.js";

/** Built command line of the SDK. */
export const CLI = join(ROOT, "sdk", "dist", "cli", "main.js");

/** Output of a process that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A router in a process of its own. */
export class RouterProcess {
  /** Everything it logged, line by line. */
  log = "";
  /** Everything it said. */
  output = "";
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(
    readonly name: string,
    readonly url: string,
    file: string,
    config: object,
    env: Readonly<Record<string, string>>,
  ) {
    this.#file = file;
    this.#env = env;
    writeFileSync(file, JSON.stringify(config));
  }

  /** Start it and wait until it serves. */
  async start(): Promise<void> {
    const child = this.spawn();
    const { exited } = child;
    this.#child = child.process;
    for (let tries = 0; tries < 300; tries++) {
      const ready = await fetch(`${this.url}/ready`).catch(() => undefined);
      if (ready?.status === 200) return;
      if (child.process.exitCode !== null) break;
      await sleep(50);
    }
    const { code } = await Promise.race([exited, sleep(10).then(() => ({ code: "none" }))]);
    throw new Error(`${this.name} does not serve (exit code ${code}):\n${this.log}`);
  }

  /** Start it, whatever comes of it. */
  spawn(...args: string[]): { readonly process: ChildProcess; readonly exited: Promise<Ended> } {
    const child = spawn(process.execPath, [CLI, "router", "run", "--config", this.#file, "--json", ...args], {
      cwd: ROOT,
      env: { PATH: process.env["PATH"] ?? "", ...this.#env },
    });
    child.stdout.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
    const exited = new Promise<Ended>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    return { process: child, exited };
  }

  /** Send it a signal and wait until it is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return { code: child?.exitCode ?? null, signal: child?.signalCode ?? null };
    }
    const exited = new Promise<Ended>((resolve) => child.once("close", (code, by) => resolve({ code, signal: by })));
    child.kill(signal);
    const ended = await Promise.race([exited, sleep(15_000).then(() => undefined)]);
    if (ended !== undefined) return ended;
    child.kill("SIGKILL");
    return exited;
  }

  /** Ask it something and give status and JSON. */
  async ask(
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> {
    const request =
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}${path}`, { ...request, signal: AbortSignal.timeout(15_000) });
    const text = await response.text();
    return { status: response.status, json: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  /** The value of a metric, of its first line. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\S+)$`, "m").exec(text)?.[1]);
  }
}

/** Wait until something holds. */
export async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(100);
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
