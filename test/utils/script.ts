import { spawn } from "node:child_process";
import { join } from "node:path";

/** Top folder of the repository. */
export const ROOT = join(import.meta.dirname, "..", "..");

/** Output and exit code of a process. */
export interface Finished {
  readonly code: number | null;
  readonly text: string;
}

/**
 * Run a script of this repository, given by its path under the top folder, in a process of its own as npm does. `hear` gets all
 * that it has said so far, and a way to interrupt it as Ctrl-C does.
 */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hear: (text: string, interrupt: () => void) => void = () => undefined,
): Promise<Finished> {
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsx, join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let text = "";
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      hear(text, () => void child.kill("SIGINT"));
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
