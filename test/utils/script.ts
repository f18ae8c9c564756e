import { spawn } from "node:child_process";
import { join } from "node:path";

/** Top folder of the repository. */
export const ROOT = join(import.meta.dirname, "..", "..");

/** Output and exit code of a process. */
export interface Finished {
  readonly code: number | null;
  readonly text: string;
}

/** Run a script of this repository, given by its path under the top folder, in a process of its own as npm does. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsx, join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
