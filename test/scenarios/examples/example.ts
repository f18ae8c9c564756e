import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An example in a process of its own, in its own folder. */
export class Example {
  /** Everything it said. */
  output = "";
  readonly #child: ChildProcess;
  readonly #closed: Promise<Ended>;

  constructor(
    folder: string,
    readonly name: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ) {
    const cwd = join(folder, name);
    const PATH = process.env["PATH"] ?? "";
    this.#child = spawn(process.execPath, [`${name}.ts`, ...args], { cwd, env: { PATH, ...env } });
    const take = (chunk: Buffer) => void (this.output += chunk.toString());
    this.#child.stdout?.on("data", take);
    this.#child.stderr?.on("data", take);
    this.#closed = new Promise((resolve) => this.#child.once("close", (code, signal) => resolve({ code, signal })));
  }

  /** Wait until it says something. */
  async says(words: RegExp, seconds: number): Promise<void> {
    for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
      if (words.test(this.output)) return;
      if (this.#child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`${this.name} does not say ${words} within ${seconds} s:\n${this.output}`);
  }

  /** Wait until it ends by itself. */
  ended(): Promise<Ended> {
    return this.#closed;
  }

  /** Ask it to stop, and wait until it has. */
  async stop(): Promise<Ended> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGTERM");
    const ended = await Promise.race([this.#closed, sleep(10_000).then(() => undefined)]);
    if (ended !== undefined) return ended;
    this.#child.kill("SIGKILL");
    return this.#closed;
  }
}

/** Wait until something holds. */
export async function until(what: string, seconds: number, look: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    if (await look()) return;
    await sleep(50);
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
