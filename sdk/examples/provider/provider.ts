// A provider: registers with a bond, bids for a model, answers queries that carry a router's match, and claims what it earned.
//
//   NODE_URL=… COMPUTE=0x… LENS=0x… PROVIDER_KEY=0x… PAYOUT=0x… MODEL=0x… ROUTER_URL=http://… node provider.ts
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcProvider, Wallet } from "ethers";
import { readRouterSet } from "@yellowstone-compute/sdk/actions";
import { keccak256Text } from "@yellowstone-compute/sdk/crypto";
import { connect } from "@yellowstone-compute/sdk/deployment";
import { decodeError } from "@yellowstone-compute/sdk/errors";
import { BidUnit, hashMessage, localSigner, parseMessage, serializeMessage } from "@yellowstone-compute/sdk/messages";
import { signMessage, verifyMessage } from "@yellowstone-compute/sdk/messages";
import { createProvider } from "@yellowstone-compute/sdk/provider";
import { address, formatMor, modelId, unixSeconds, wei } from "@yellowstone-compute/sdk/units";

const { NODE_URL, PORT = "8650", COMPUTE = "", LENS = "", ROUTER_URL = "http://127.0.0.1:8645" } = process.env;
const { PROVIDER_KEY = "", PROVIDER_ID, PAYOUT = "", MODEL = "", PRICE_WEI = "10000000000000000" } = process.env;

const wallet = new Wallet(PROVIDER_KEY, new JsonRpcProvider(NODE_URL, undefined, { cacheTimeout: -1 }));
const d = await connect({ runner: wallet, addresses: { compute: address(COMPUTE), lens: address(LENS) } });
const endpoint = `http://127.0.0.1:${PORT}/v1`;
const nowAt = () => unixSeconds(BigInt(Math.floor(Date.now() / 1_000)));

// 1. A record in the registry, with a bond of MOR. Once: later starts give PROVIDER_ID.
const client = await createProvider({ deployment: d, ids: PROVIDER_ID === undefined ? [] : [BigInt(PROVIDER_ID)] });
if (client.ids.length === 0) {
  await client.register({
    owner: address(wallet.address), // signs bids; keep payout and owner apart
    payout: address(PAYOUT),
    bondWei: wei(await d.registry.minBondWei()),
    metadata: { uri: endpoint, contentHash: keccak256Text(endpoint) },
  });
}
const [id] = client.ids;
if (id === undefined) process.exit(1);
console.log(`provider ${id}`);

// 2. Answer queries: with the match of a router in force, for this provider, from the key the match names, each match once.
const set = await readRouterSet(d);
const served = new Set<string>();

async function serve(body: string): Promise<object> {
  const { match: given, query: asked, prompt } = JSON.parse(body) as Record<string, unknown>;
  const match = parseMessage("Match", given);
  const query = parseMessage("Query", asked);
  const matchHash = hashMessage("Match", match.value, d.domain);
  const router = await verifyMessage(match, d.domain, nowAt()); // refused when its time is over
  const isOurs =
    set.routers.some(({ account }) => account === router) &&
    match.value.providerId === id &&
    query.value.matchHash === matchHash &&
    query.value.promptHash === keccak256Text(String(prompt)) &&
    (await verifyMessage(query, d.domain, nowAt())) === match.value.queryKey;
  if (!isOurs || served.has(matchHash)) return { refused: "no match for this query" };
  served.add(matchHash);
  // Your model answers here. Stop at match.tokenMax: what is above is not paid.
  const words = String(prompt).split(" ").reverse();
  console.log(`served ${words.length} tokens at ${formatMor(match.value.priceWei)} MOR`);
  return { tokens: words.length, text: words.join(" ") };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method !== "POST") return void response.writeHead(404).end(); // the router only looks whether it is alive
    serve(Buffer.concat(chunks).toString()).then(
      (json) => response.writeHead(200).end(JSON.stringify(json)),
      (error: unknown) => response.writeHead(400).end(JSON.stringify(decodeError(error))),
    );
  });
});
await new Promise<void>((resolve) => server.listen(Number(PORT), "127.0.0.1", resolve));

// 3. Bid. A greater sequence replaces the bid before it; the router passes it on to the others.
const at = nowAt();
const bid = await signMessage(
  localSigner(PROVIDER_KEY),
  "Bid",
  {
    providerId: id,
    modelId: modelId(MODEL),
    unit: BidUnit.T,
    priceWei: wei(BigInt(PRICE_WEI)), // for one token
    capacity: 2, // queries at once
    sequence: at,
    validFromAt: at,
    expiresAt: unixSeconds(at + 86_400n),
    endpoint,
  },
  d.domain,
);
const headers = { "content-type": "application/json" };
const taken = await fetch(`${ROUTER_URL}/v1/bids`, {
  method: "POST",
  headers,
  body: JSON.stringify(serializeMessage(bid)),
});
console.log(`bid: ${await taken.text()}`);

// 4. Claim. Anyone may; the money goes to the payout address. A claim waits until it brings more than its gas.
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
while (!stop.signal.aborted) {
  try {
    await client.sync(stop.signal); // events since the last time, compared with the chain
    const plan = await client.planAtPresentFee({ morPerEtherWei: 500n * 10n ** 18n, minNetWei: 10n ** 16n });
    for (const result of await client.claim(plan)) {
      console.log(result.status === "claimed" ? `paid ${result.outcome.paidUMor} uMOR` : result.status);
    }
  } catch (error) {
    console.log(decodeError(error).message); // the node, most likely: nothing is lost, the next round tries again
  }
  await sleep(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
}
server.close();
server.closeAllConnections();
d.provider.destroy();
