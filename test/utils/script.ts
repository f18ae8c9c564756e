import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** Top folder of the repository. */
export const ROOT = join(import.meta.dirname, "..", "..");

/** Output and exit code of a process. */
export interface Finished {
  readonly code: number | null;
  readonly text: string;
}

/** A script that runs. */
export interface RunningScript {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/**
 * Start a script of this repository, given by its path under the top folder, in one process of its own: a signal to it reaches no
 * wrapper. Nobody can be asked: its standard input is closed. `hear` gets all that it has said so far, and a way to interrupt it as
 * Ctrl-C does.
 */
export function startScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hear: (text: string, interrupt: () => void) => void = () => undefined,
): RunningScript {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const listen = (chunk: Buffer): void => {
    text += chunk.toString();
    hear(text, () => void child.kill("SIGINT"));
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
  return { child, finished };
}

/** Run a script of this repository, as `startScript` starts it, and wait until it ends. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hear?: (text: string, interrupt: () => void) => void,
): Promise<Finished> {
  return startScript(script, args, env, hear).finished;
}
