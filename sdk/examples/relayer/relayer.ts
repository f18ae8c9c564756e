// A relayer: fetches attestations that have their quorum from a router and puts them on chain, each once. It pays the gas; the
// contract checks everything, so nobody has to trust it, and any number of relayers may run.
//
//   NODE_URL=… CHAIN_ID=… COMPUTE=0x… LENS=0x… RELAYER_KEY=0x… ROUTER_URL=http://… node relayer.ts
import { setTimeout as sleep } from "node:timers/promises";
import { Wallet } from "ethers";
import { readState } from "@yellowstone-compute/sdk/actions";
import { connect } from "@yellowstone-compute/sdk/deployment";
import { decodeError } from "@yellowstone-compute/sdk/errors";
import { openSqliteStorage } from "@yellowstone-compute/sdk/journal";
import { createRelayer, relayProvider, type JobId } from "@yellowstone-compute/sdk/relayer";
import { parseAttestationPost } from "@yellowstone-compute/sdk/service";
import { address } from "@yellowstone-compute/sdk/units";

const { NODE_URL = "http://127.0.0.1:8545", CHAIN_ID = "31337", COMPUTE = "", LENS = "" } = process.env;
const { RELAYER_KEY = "", ROUTER_URL = "http://127.0.0.1:8645" } = process.env;

const runner = relayProvider(NODE_URL, BigInt(CHAIN_ID));
const deployment = await connect({ runner, addresses: { compute: address(COMPUTE), lens: address(LENS) } });
const relayer = await createRelayer({
  sender: new Wallet(RELAYER_KEY), // nobody else may use this key: its nonces are the relayer's
  deployment,
  store: await openSqliteStorage("relayer.db"), // a transaction is written down before it is sent
  fees: { maxFeePerGasWei: 50n * 10n ** 9n },
  limits: { confirmations: 1 }, // 2 and more in production
  timing: { pollMs: 500 },
});

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const working = relayer.run(stop.signal);
console.log("relayer works");

const told = new Set<JobId>();
while (!stop.signal.aborted) {
  try {
    const { head } = await readState(deployment);
    const url = `${ROUTER_URL}/v1/attestations/${head.lastSeq + 1n}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    // The same attestation is the same job, however often it is handed over.
    if (answer.status === 200) await relayer.post(parseAttestationPost(await answer.json()));
  } catch (error) {
    console.log(decodeError(error).message); // node or router; the next round tries again
  }
  for (const { id, phase, items, parts } of await relayer.jobs()) {
    if (told.has(id) || (phase !== "done" && phase !== "failed")) continue;
    told.add(id);
    const [part] = parts;
    console.log(`attestation ${items[0]?.item}: ${phase}, ${part?.hash ?? part?.failure?.message ?? "by another"}`);
  }
  await sleep(500, undefined, { signal: stop.signal }).catch(() => undefined);
}
await working;
await relayer.close();
runner.destroy();
