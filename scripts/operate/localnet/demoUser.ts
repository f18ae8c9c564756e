import {
  hash32,
  keccak256Text,
  localSigner,
  parseMessage,
  serializeMessage,
  signMessage,
  unixMillis,
  unixSeconds,
  type Deployment,
  type LocalSigner,
  type ModelId,
} from "@yellowstone-compute/sdk";
import { Wallet } from "ethers";

/** Most tokens of one request. */
const TOKENS = 1_000n;
const REQUEST_MS = 10_000;

/** A user that asks for a model again and again. */
export interface DemoUser {
  /** Ask once. @returns what came of it, in words; undefined while nobody bids for the model */
  ask(): Promise<string | undefined>;
}

/** Make a user that signs requests to a router, queries the matched provider and reports what came. */
export function createDemoUser(d: Deployment, user: LocalSigner, model: ModelId, routerUrl: string): DemoUser {
  let nonce = 0n;
  return {
    async ask() {
      const quota = await fetch(`${routerUrl}/v1/users/${user.address}/quota?model=${model}`);
      if (quota.status !== 200) return undefined;
      const queryKey = localSigner(Wallet.createRandom().privateKey);
      const nowMs = BigInt(Date.now());
      const rfc = {
        user: user.address,
        queryKey: queryKey.address,
        modelId: model,
        tokenMax: TOKENS,
        issuedAtMs: unixMillis(nowMs),
        deadlineAt: unixSeconds(nowMs / 1_000n + 30n),
        nonce: ++nonce,
      };
      const placed = await post(
        `${routerUrl}/v1/rfcs`,
        serializeMessage(await signMessage(user, "Rfc", rfc, d.domain)),
      );
      if (placed.json["status"] !== "matched") return `request ${nonce}: ${said(placed)}`;
      return serve(d, queryKey, placed.json, routerUrl);
    },
  };
}

async function serve(
  d: Deployment,
  queryKey: LocalSigner,
  placed: Readonly<Record<string, unknown>>,
  routerUrl: string,
): Promise<string> {
  const match = parseMessage("Match", placed["match"]);
  const { endpoint } = parseMessage("Bid", placed["bid"]).value;
  const matchHash = hash32(String(placed["matchHash"]));
  const { providerId } = match.value;
  const sentAtMs = unixMillis(Date.now());
  const query = await signMessage(
    queryKey,
    "Query",
    { matchHash, promptHash: keccak256Text("why is the sky blue?"), sentAtMs },
    d.domain,
  );
  const shown = { match: serializeMessage(match), query: serializeMessage(query) };
  // Who speaks another protocol at the endpoint still answered: a report says how much came, and 0 is a report too.
  const answer = await post(endpoint, shown).catch((): Answer => ({ status: 0, json: {} }));
  const { tokens } = answer.json;
  const count = BigInt(Array.isArray(tokens) ? tokens.length : 0);
  const report = await signMessage(
    queryKey,
    "InferenceReport",
    { matchHash, providerId, tokens: count, passed: count > 0n, sentAtMs, receivedAtMs: unixMillis(Date.now()) },
    d.domain,
  );
  const judged = await post(`${routerUrl}/v1/reports`, serializeMessage(report));
  return `provider ${providerId} delivered ${count} tokens: ${said(judged)}`;
}

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

async function post(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  const text = await response.text();
  try {
    return { status: response.status, json: JSON.parse(text) as Record<string, unknown> };
  } catch {
    return { status: response.status, json: {} };
  }
}

function said({ status, json }: Answer): string {
  const word = json["status"] ?? json["message"] ?? `status ${status}`;
  return typeof word === "string" ? word : `status ${status}`;
}
