import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { address, connect, InvalidField } from "@yellowstone-compute/sdk";
import { takeFolder } from "../../scripts/operate/localnet/files.js";
import { ROOT } from "../utils/script.js";
import { until } from "./threeRouters/process.js";

const TSX = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");

/** The `sh` blocks of a section of README.md. */
function blocksOf(heading: string): string[] {
  const [, rest = ""] = readFileSync(join(ROOT, "README.md"), "utf8").split(`## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

/** Value of a variable that `env` sets. */
const variableOf = (env: string, name: string) => new RegExp(`^export ${name}='([^']*)'$`, "m").exec(env)?.[1] ?? "";

describe("scenario: the first claim, as README.md says", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "first-"));
  const [serving = "", claiming = ""] = blocksOf("First claim in five minutes");
  let net: ChildProcess | undefined;
  let said = "";

  after(() => {
    // Told on to the script: a kill would leave it behind.
    net?.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  });

  it("from a network on this machine to MOR at the payout address", async () => {
    // npm would compile first, which is done, and keep the signals of the end to itself: its script is started as it stands.
    const [, name = "", options = ""] = /^npm run (\S+) -- (.*)\n$/.exec(serving) ?? expect.fail(serving);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts[`pre${name}`]).to.equal("npm run --silent build");
    const [tsx, script = ""] = scripts[name]?.split(" ") ?? [];
    expect(tsx).to.equal("tsx");
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, TMPDIR: folder };
    net = spawn(process.execPath, [TSX, join(ROOT, script), ...options.split(" ")], { cwd: ROOT, env });
    for (const stream of [net.stdout, net.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const startedMs = performance.now();
    await until("it is ready", 60, () => Promise.resolve(said.includes("ready"))).catch(() => expect.fail(said));
    const readyMs = performance.now();
    const file = join(folder, "yellowstone-localnet", "env");
    const written = readFileSync(file, "utf8");
    // What it says itself is what README says.
    for (const line of claiming.trim().split("\n").slice(3)) expect(said).to.include(line.split(" --")[0]);

    const { code, text } = await shell(claiming, env);
    const seconds = (ms: number) => (ms / 1_000).toFixed(1);
    const took = `ready after ${seconds(readyMs - startedMs)} s, claimed after ${seconds(performance.now() - readyMs)} s more`;
    console.log(`      ${took}`);
    expect(code, text + said).to.equal(0);
    expect(text).to.match(/paid [\d.]+ MOR/);

    const { compute, lens } = JSON.parse(readFileSync(variableOf(written, "YELLOWSTONE_DEPLOYMENT"), "utf8")) as Record<
      string,
      string
    >;
    const provider = new JsonRpcProvider(variableOf(written, "YELLOWSTONE_RPC"), undefined, { cacheTimeout: -1 });
    const d = await connect({
      runner: provider,
      addresses: { compute: address(compute ?? ""), lens: address(lens ?? "") },
    });
    const paid = await d.token.balanceOf(variableOf(written, "PAYOUT"));
    provider.destroy();
    expect(paid % 10n ** 18n, "1,000 tokens at 0.001 MOR, some times").to.equal(0n);
    expect(paid >= 10n ** 18n).to.equal(true);

    const taken = join(folder, "yellowstone-localnet");
    expect(() => takeFolder(taken), "one at a time").to.throw(InvalidField);
    expect(() => takeFolder(folder), "not what is somebody else's").to.throw(InvalidField);
    const gone = new Promise((resolve) => net?.once("close", (exit) => resolve(exit)));
    net.kill("SIGINT");
    expect(await gone, said).to.equal(0);
    expect(existsSync(file)).to.equal(false);
  });
});

/** Run lines as a person types them, one after the other, and stop at the first that fails. */
function shell(lines: string, env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const child = spawn("sh", ["-e"], { cwd: tmpdir(), env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stdin.end(lines);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, text })));
}
