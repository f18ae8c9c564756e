import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { textOf, type Call } from "./face.js";
import type { LocalNode } from "./node.js";

/** What a hostile node does to a request. */
export const MISDEEDS = [
  /** Cuts the connection, the request unread. */
  "drop",
  /** Does what it was asked, and cuts the connection. */
  "dropAnswer",
  /** Answers late. */
  "delay",
  /** Answers only when the next request was answered. */
  "reorder",
  /** 429, with Retry-After. */
  "rateLimit",
  /** Sends half of the answer. */
  "truncate",
  /** 503, the request unread. */
  "failBefore",
  /** Does what it was asked, and answers 502. */
  "failAfter",
  /** Shows a head some blocks behind. */
  "lagBehind",
  /** Claims a head some blocks ahead. */
  "boast",
  /** Says nothing of a transaction that it has. */
  "forget",
  /** Is another chain for this request. */
  "changeChain",
] as const;

export type Misdeed = (typeof MISDEEDS)[number];

/** A node on a bad day. */
export interface HostileProxy extends LocalNode {
  /** Decides what is done to a request; nothing while it gives undefined. */
  plan: (call: Call) => Misdeed | undefined;
  /** How often each misdeed was done. */
  readonly done: Map<Misdeed, number>;
  /** Raw transactions that came through to the node. */
  readonly sent: string[];
}

const FAR_CHAIN = "0xdead";
const DELAY_MS = 15;

/** Stand before a node and mistreat what passes, by plan. */
export async function hostileProxy(url: string): Promise<HostileProxy> {
  let held: (() => void) | undefined;
  const release = () => {
    held?.();
    held = undefined;
  };
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = JSON.parse(await textOf(request)) as Call;
    const misdeed = proxy.plan(call);
    if (misdeed !== undefined) proxy.done.set(misdeed, (proxy.done.get(misdeed) ?? 0) + 1);
    switch (misdeed) {
      case "drop":
        return void response.destroy();
      case "rateLimit":
        return end(response, 429, "slow down", { "retry-after": "0" });
      case "failBefore":
        return end(response, 503, "overloaded");
      case "delay":
        await sleep(DELAY_MS);
        break;
      case "reorder":
        release();
        // Nobody may come after it.
        await Promise.race([new Promise<void>((resolve) => (held = resolve)), sleep(2 * DELAY_MS)]);
        break;
      default:
    }
    if (misdeed === "changeChain") return end(response, 200, foreignAnswer(call));
    const body = await forward(url, await bent(url, call, misdeed));
    if (call.method === "eth_sendRawTransaction") proxy.sent.push(String(call.params?.[0]));
    if (misdeed === "dropAnswer") return void response.destroy();
    if (misdeed === "failAfter") return end(response, 502, "bad gateway");
    if (misdeed === "truncate") return end(response, 200, body.slice(0, body.length >> 1));
    end(response, 200, twisted(call, misdeed, body));
    release();
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  const proxy: HostileProxy = {
    url: `http://127.0.0.1:${port}`,
    plan: () => undefined,
    done: new Map(),
    sent: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

const BEHIND = 2n;
const AHEAD = 5n;

/** A node that lags answers by an older block, whatever is asked of the latest one. */
async function bent(url: string, call: Call, misdeed: Misdeed | undefined): Promise<Call> {
  if (misdeed !== "lagBehind") return call;
  const { result } = JSON.parse(await forward(url, { ...call, method: "eth_blockNumber", params: [] })) as {
    result: string;
  };
  const older = `0x${(BigInt(result) - BEHIND).toString(16)}`;
  return { ...call, params: (call.params ?? []).map((each) => (each === "latest" ? older : each)) };
}

async function forward(url: string, call: Call): Promise<string> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(call) });
  return reply.text();
}

/** What a node of another chain answers. */
function foreignAnswer({ id, method, params }: Call): string {
  const answers: Readonly<Record<string, unknown>> = {
    eth_chainId: FAR_CHAIN,
    eth_call: "0x",
    eth_getCode: "0x",
    eth_estimateGas: bareGas(params?.[0]),
    eth_getTransactionCount: "0x0",
    eth_getBalance: "0x0",
    eth_getLogs: [],
  };
  if (method === "eth_sendRawTransaction") {
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_000, message: "invalid chain id for signer" } });
  }
  return JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] ?? null });
}

/** Gas of the bytes of a call, to where no contract is. */
function bareGas(call: unknown): string {
  const { data = "0x" } = (call ?? {}) as { readonly data?: string };
  const bytes = Buffer.from(data.slice(2), "hex");
  const gas = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000);
  return `0x${gas.toString(16)}`;
}

/** Bend an answer. */
function twisted(call: Call, misdeed: Misdeed | undefined, body: string): string {
  const reply = JSON.parse(body) as { result?: unknown };
  const answer = (result: unknown) => JSON.stringify({ ...reply, result });
  if (misdeed === "lagBehind" && call.method === "eth_blockNumber") return answer(shifted(reply.result, -BEHIND));
  if (misdeed === "forget" && /^eth_getTransaction(Receipt|ByHash)$/.test(call.method)) return answer(null);
  if (misdeed === "boast") {
    if (call.method === "eth_blockNumber") return answer(shifted(reply.result, AHEAD));
    const block = reply.result as { number?: unknown } | null;
    if (call.method === "eth_getBlockByNumber" && call.params?.[0] === "latest") {
      return answer({ ...block, number: shifted(block?.number, AHEAD) });
    }
    if (call.method === "eth_getTransactionCount") return answer(shifted(reply.result, AHEAD));
  }
  return body;
}

function shifted(quantity: unknown, by: bigint): string {
  return `0x${(BigInt(quantity as string) + by).toString(16)}`;
}

function end(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}
