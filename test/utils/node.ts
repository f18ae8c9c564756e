import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./script.js";

/** A node of its own process on a free loopback port. */
export interface LocalNode {
  readonly url: string;
  stop(): Promise<void>;
}

/** Start Hardhat's node. Its command line is started directly, since npx would leave a child behind. */
export async function startHardhatNode(...args: string[]): Promise<LocalNode> {
  const port = await freePort();
  const cli = join(ROOT, "node_modules", "hardhat", "dist", "src", "cli.js");
  return start(process.execPath, [cli, "node", "--hostname", "127.0.0.1", "--port", String(port), ...args], port);
}

/** Start anvil. */
export async function startAnvil(...args: string[]): Promise<LocalNode> {
  const port = await freePort();
  return start(join(ROOT, "node_modules", ".bin", "anvil"), ["--port", String(port), "--quiet", ...args], port);
}

async function start(file: string, args: string[], port: number): Promise<LocalNode> {
  const child = spawn(file, args, { cwd: ROOT, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  const stop = () => end(child);
  try {
    await answers(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`node ended with code ${child.exitCode}`);
    const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }).catch(
      () => undefined,
    );
    if (reply?.ok === true) return;
    await sleep(100);
  }
  throw new Error("node does not answer");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await Promise.race([ended, sleep(3_000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await ended;
}

/** A loopback port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
