// A router: matches users with providers, judges reports, closes a block every twelve seconds, proposes attestations to its
// co-signers and keeps what has its quorum ready for a relayer. Its key signs and never pays: it needs no ether.
//
//   NODE_URL=… COMPUTE=0x… LENS=0x… ROUTER_KEY=0x… PEERS='{"0x…":"http://…"}' node router.ts
import { createLog, readConfig, startRouter } from "@yellowstone-compute/sdk/service";

const { PORT = "8645", COMPUTE, LENS, PEERS = "{}", WATCHERS = "[]", FROM_BLOCK = "0" } = process.env;

// The same JSON as in the file of `yellowstone router run --config FILE`. Keys are named, never written.
const config = readConfig(
  JSON.stringify({
    listen: { port: Number(PORT) },
    chain: { rpcUrlEnv: "NODE_URL", pollMs: 1_000 },
    deployment: { compute: COMPUTE, lens: LENS },
    key: { env: "ROUTER_KEY" },
    journal: { path: "router.journal" }, // every input is durable before it is answered
    archive: { path: "router.archive" }, // what other routers and watchers may ask for
    balancesFromBlock: Number(FROM_BLOCK),
    peers: JSON.parse(PEERS) as unknown, // the other routers of the set, by address
    watchers: JSON.parse(WATCHERS) as unknown, // keys that may read the evidence of blocks
    quorum: { cadenceBlocks: 1, turnBlocks: 1 }, // an attestation a block; in production 300 blocks or more
    liveness: { allowPrivate: true }, // providers on this machine; leave it out in production
  }),
);

const router = await startRouter({ config, env: process.env, log: createLog("info") });
console.log(`router serves at ${router.url}`);
process.once("SIGTERM", () => void router.stop());
const failure = await router.stopped; // resolves when it was stopped, or cannot go on
if (failure !== undefined) {
  console.error(`${failure.message}: ${failure.next}`);
  process.exitCode = 1;
}
