// A network on this machine for a first look: npm run localnet -- [--provider] [--folder DIR] [--port N]
// A chain, the suite with the values of ignition/parameters/local.json5 but one router, that router, a relayer, and a user who
// asks for a model as soon as somebody bids for it. Keys, deployment and environment stand in the folder, by default
// yellowstone-localnet under the temporary one. The activation delay of 10 minutes is jumped over. SIGINT ends it all.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { formatMor, keccak256Text, localSigner, modelId, readState, YellowstoneError } from "@yellowstone-compute/sdk";
import { createLog, readConfig, startRouter, type RouterService } from "@yellowstone-compute/sdk/service";
import { Wallet } from "ethers";
import { startChain, type LocalChain } from "./localnet/chain.js";
import { startDemoProvider, type DemoProvider } from "./localnet/demoProvider.js";
import { createDemoUser } from "./localnet/demoUser.js";
import { leaveFolder, takeFolder, writeFiles } from "./localnet/files.js";

const CLI = join(import.meta.dirname, "..", "..", "sdk", "dist", "cli", "main.js");
const MODEL = modelId(keccak256Text("yellowstone localnet model"));
const POOL_MOR = 1_000n;
const LOOK_MS = 500;
const ASK_MS = 5_000;

interface Options {
  readonly folder: string;
  readonly port: number;
  readonly hasProvider: boolean;
}

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: { folder: { type: "string" }, port: { type: "string" }, provider: { type: "boolean" } },
  });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError("--port: expected 0 to 65535");
  return {
    folder: values.folder ?? join(tmpdir(), "yellowstone-localnet"),
    port,
    hasProvider: values.provider ?? false,
  };
}

/** Start the router in this process; its log goes to a file. */
function startLocalRouter(chain: LocalChain, folder: string, key: string): Promise<RouterService> {
  const config = {
    listen: { port: 0 },
    chain: { rpcUrl: chain.url, pollMs: 500 },
    deployment: chain.addresses,
    key: { env: "ROUTER_KEY" },
    journal: { path: join(folder, "router.journal") },
    archive: { path: join(folder, "router.archive") },
    balancesFromBlock: chain.fromBlock,
    // The chain's clock runs ahead of this machine's by every delay that is jumped over; and what comes from next door comes
    // in a millisecond or in five, which says nothing of a provider.
    policy: { attestationSeconds: 31_536_000, gate: { tolerancePercent: 10_000 } },
    quorum: { cadenceBlocks: 1, patienceMs: 500 },
    liveness: { allowPrivate: true },
    tickMs: 250,
  };
  const log = createLog("info", createWriteStream(join(folder, "router.log")));
  return startRouter({ config: readConfig(JSON.stringify(config)), env: { ROUTER_KEY: key }, log });
}

/** Start the command that posts what the router has collected. */
function startRelay(routerUrl: string, chain: LocalChain, folder: string, key: string) {
  const { compute, lens } = chain.addresses;
  const args = [CLI, "relay", routerUrl, "--follow", "--yes", "--key-env", "POSTER_KEY", "--poll", "250"];
  const more = ["--confirmations", "1", "--compute", compute, "--lens", lens, "--store", join(folder, "relay.db")];
  const child = spawn(process.execPath, [...args, ...more], {
    env: { PATH: process.env["PATH"] ?? "", POSTER_KEY: key, YELLOWSTONE_RPC: chain.url },
  });
  const log = createWriteStream(join(folder, "relay.log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    async close() {
      child.kill("SIGTERM");
      await ended;
      log.end();
    },
  };
}

/** The port that is wanted, or any if none is and the usual one is taken. */
async function portFor(wanted: number): Promise<number> {
  if (wanted !== 0) return wanted;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(8_545, "127.0.0.1", () => probe.close(() => resolve(8_545)));
  });
}

async function main({ folder, port, hasProvider }: Options): Promise<void> {
  const fresh = () => Wallet.createRandom();
  const [router, poster, owner, payout, user] = [fresh(), fresh(), fresh(), fresh(), fresh()];
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  const closing: (() => Promise<unknown> | void)[] = [];
  takeFolder(folder);
  try {
    console.log("starting a chain and deploying");
    const chain = await startChain(await portFor(port), localSigner(router.privateKey).address, POOL_MOR, [
      { account: owner.address, mor: 100n, ether: 10n },
      { account: user.address, mor: 10_000n, ether: 0n },
      { account: poster.address, mor: 0n, ether: 10n },
    ]);
    closing.push(() => chain.close());
    const service = await startLocalRouter(chain, folder, router.privateKey);
    closing.push(() => service.stop());
    const relay = startRelay(service.url, chain, folder, poster.privateKey);
    closing.push(() => relay.close());
    const provider = hasProvider ? await startDemoProvider(chain.d) : undefined;
    if (provider !== undefined) closing.push(() => provider.close());
    await writeFiles(folder, {
      rpc: chain.url,
      deployment: { chainId: Number(chain.d.chainId), ...chain.d.addresses },
      routerUrl: service.url,
      owner,
      payout: payout.address,
      model: MODEL,
      endpoint: provider?.endpoint,
      node: process.execPath,
      cli: CLI,
    });
    explain(folder, chain, service, provider);
    const person = createDemoUser(chain.d, localSigner(user.privateKey), MODEL, service.url);
    await live(chain, () => person.ask(), abort.signal);
  } finally {
    console.log("stopping");
    // What came last goes first.
    for (const close of closing.reverse()) await close();
    leaveFolder(folder);
  }
}

function explain(folder: string, chain: LocalChain, service: RouterService, provider: DemoProvider | undefined): void {
  const endpoint = provider === undefined ? "http://127.0.0.1:PORT/v1 # yours" : '"$ENDPOINT"';
  console.log(
    [
      `chain   ${chain.url}`,
      `router  ${service.url}, log in ${join(folder, "router.log")}`,
      `compute ${chain.addresses.compute}`,
      "ready. In another terminal:",
      "",
      `  . ${join(folder, "env")}`,
      "  yellowstone status",
      '  yellowstone provider register --payout "$PAYOUT" --bond 5 --yes',
      `  yellowstone provider bid --id 0 --model "$MODEL" --price 1000000000000000 --yes --endpoint ${endpoint}`,
      "  yellowstone provider claim --id 0 --wait 120 --yes",
      "  yellowstone provider credit --id 0",
      "",
    ].join("\n"),
  );
}

/** Until it is told to stop: the user asks, and what waits for its activation has not to. */
async function live(chain: LocalChain, ask: () => Promise<string | undefined>, signal: AbortSignal): Promise<void> {
  for (let nextAskMs = 0; !signal.aborted;) {
    try {
      if (performance.now() >= nextAskMs) {
        const said = await ask();
        if (said !== undefined) {
          console.log(`user    ${said}`);
          nextAskMs = performance.now() + ASK_MS;
        }
      }
      const active = await chain.activate();
      if (active !== undefined) {
        const { head } = await readState(chain.d);
        const credited = formatMor((head.attestedUMor * 10n ** 12n) as Parameters<typeof formatMor>[0]);
        console.log(
          `chain   attestation ${active} is active, ${chain.d.activationDelaySeconds} s jumped over; ${credited} MOR credited in all`,
        );
      }
    } catch (error) {
      // A request that fails says nothing about the next one.
      console.error(error instanceof Error ? error.message : error);
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

try {
  await main(optionsOf(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof YellowstoneError) console.error(error.next);
  process.exitCode = 1;
}
