// A watcher: makes every attestation again from the blocks that routers publish and from the chain, and says in one line what
// is wrong where, while a guardian can still veto. It believes no router and needs no ether; its key only asks.
//
//   NODE_URL=… COMPUTE=0x… LENS=0x… WATCHER_KEY=0x… ROUTERS='{"0x…":"http://…"}' node watcher.ts
import { JsonRpcProvider } from "ethers";
import { readProvider } from "@yellowstone-compute/sdk/actions";
import { hexToBytes } from "@yellowstone-compute/sdk/crypto";
import { connect } from "@yellowstone-compute/sdk/deployment";
import type { Transport } from "@yellowstone-compute/sdk/quorum";
import { createPolicy } from "@yellowstone-compute/sdk/router";
import { createHttpTransport, openDays, requestKeyOf } from "@yellowstone-compute/sdk/service";
import { address, BLOCKS_PER_DAY } from "@yellowstone-compute/sdk/units";
import { watch } from "@yellowstone-compute/sdk/watch";

const { NODE_URL, COMPUTE = "", LENS = "", WATCHER_KEY = "", ROUTERS = "{}", FROM_BLOCK = "0" } = process.env;

const runner = new JsonRpcProvider(NODE_URL, undefined, { cacheTimeout: -1 });
const d = await connect({ runner, addresses: { compute: address(COMPUTE), lens: address(LENS) } });
const urls = Object.entries(JSON.parse(ROUTERS) as Record<string, string>);
const http = createHttpTransport({
  key: requestKeyOf(hexToBytes(WATCHER_KEY)), // the routers have its address under `watchers`
  domain: d.domain,
  peers: new Map(urls.map(([router, url]) => [address(router), url])),
  maxAnswerBytes: 2 ** 26,
});

// Budgets of the days are read before the blocks of a day are reviewed.
const days = openDays(d, { fromBlock: Number(FROM_BLOCK) });
const fetchBlocks: Transport["fetchBlocks"] = async (router, above, signal) => {
  const blocks = await http.fetchBlocks(router, above, signal);
  for (const { block } of blocks) await days.prepare(block.value.height / BigInt(BLOCKS_PER_DAY));
  return blocks;
};

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const steps = watch(d, {
  policy: createPolicy({ accessOf: (day) => days.accessOf(day) }), // what the routers say they go by
  transport: { fetchBlocks },
  balanceWei: (user, day) => days.balanceWei(user, day),
  isOwner: async (id, signer) => (await readProvider(d, id)).owner === signer,
  follow: true,
  signal: stop.signal,
});
console.log("watcher watches");
for await (const step of steps) {
  if (step.kind === "attestation") {
    console.log(step.line);
    if (step.findings.length > 0)
      console.log(`VETO ${step.seq} within ${step.secondsLeft} s; signed by ${step.signers?.join(", ")}`);
  } else if (step.kind === "alarm") {
    console.log(`alarm: ${step.alarm.line}`);
  }
}
runner.destroy();
