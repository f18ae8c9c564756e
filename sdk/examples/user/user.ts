// A user's application: asks its home router for compute, puts the query to the provider that was matched, and reports what
// came. It pays nothing and sends no transaction: its MOR of the day is its access. The provider never learns its address.
//
//   ROUTER_URL=http://… CHAIN_ID=… COMPUTE=0x… USER_KEY=0x… MODEL=0x… node user.ts "What is the answer?"
import { randomBytes } from "node:crypto";
import { keccak256Text } from "@yellowstone-compute/sdk/crypto";
import { createDomain, localSigner, parseMessage, serializeMessage } from "@yellowstone-compute/sdk/messages";
import { signMessage, verifyMessage } from "@yellowstone-compute/sdk/messages";
import { hash32, modelId, unixMillis, unixSeconds } from "@yellowstone-compute/sdk/units";

const { ROUTER_URL = "http://127.0.0.1:8645", CHAIN_ID = "31337", COMPUTE = "" } = process.env;
const { USER_KEY = "", MODEL = "" } = process.env;
const [prompt = "What is the answer?"] = process.argv.slice(2);

const domain = createDomain(BigInt(CHAIN_ID), COMPUTE);
const user = localSigner(USER_KEY);
const queryKey = localSigner(randomBytes(32)); // for this request alone; no hardware wallet is asked again
const nowMs = () => unixMillis(BigInt(Date.now()));

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(30_000);
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
  return (await answer.json()) as Record<string, unknown>;
}

// 1. Request for compute. The answer is a match, or { code, next, retry } that says why not and what to do.
const issuedAtMs = nowMs();
const rfc = await signMessage(
  user,
  "Rfc",
  {
    user: user.address,
    queryKey: queryKey.address,
    modelId: modelId(MODEL),
    tokenMax: 200n,
    issuedAtMs,
    deadlineAt: unixSeconds(issuedAtMs / 1_000n + 30n),
    nonce: BigInt(`0x${randomBytes(32).toString("hex")}`),
  },
  domain,
);
const placed = await post(`${ROUTER_URL}/v1/rfcs`, serializeMessage(rfc));
if (placed["status"] !== "matched") {
  console.log(JSON.stringify(placed));
  process.exit(1);
}
const match = parseMessage("Match", placed["match"]);
const bid = parseMessage("Bid", placed["bid"]);
await verifyMessage(match, domain, unixSeconds(nowMs() / 1_000n)); // signed by the router it names, in time
const matchHash = hash32(String(placed["matchHash"]));

// 2. The query, straight to the provider. Its head binds the prompt to the match; the router sees neither prompt nor answer.
const sentAtMs = nowMs();
const query = await signMessage(queryKey, "Query", { matchHash, promptHash: keccak256Text(prompt), sentAtMs }, domain);
const delivered = await post(bid.value.endpoint, {
  match: serializeMessage(match),
  query: serializeMessage(query),
  prompt,
}).catch(() => undefined);
const receivedAtMs = nowMs();

// 3. Nothing came: say so, and the router gives the next provider. Something came: report it, good or bad, before the deadline.
if (typeof delivered?.["tokens"] !== "number") {
  console.log(JSON.stringify(await post(`${ROUTER_URL}/v1/unanswered`, serializeMessage(query))));
  process.exit(1);
}
console.log(delivered["text"]);
const report = await signMessage(
  queryKey,
  "InferenceReport",
  {
    matchHash,
    providerId: match.value.providerId,
    tokens: BigInt(delivered["tokens"]),
    passed: true, // your judgement of the answer
    sentAtMs,
    receivedAtMs: unixMillis(receivedAtMs > sentAtMs ? receivedAtMs : sentAtMs + 1n),
  },
  domain,
);
console.log(JSON.stringify(await post(`${ROUTER_URL}/v1/reports`, serializeMessage(report))));
