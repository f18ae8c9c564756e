import { createServer } from "node:http";
import type { LocalNode } from "./node.js";

/** How a node limits what it gives of its logs. All may be changed while it runs. */
export interface LogLimits {
  /** Most blocks of a request. */
  maxBlocks?: number;
  /** Most logs of an answer. */
  maxResults?: number;
  /** Events below this block are gone, and the node says so. */
  prunedBelow?: number;
  /** Events below this block are gone, and the node answers as if there had been none. */
  emptyBelow?: number;
  /** Done while a request for logs is on its way: before it is answered, and behind it. */
  before?: () => Promise<unknown>;
  behind?: () => Promise<unknown>;
  /** Requests for logs that were answered and refused. */
  answered?: number;
  refused?: number;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Log {
  readonly blockNumber: string;
}

/** Serve a chain of this process over HTTP on a free loopback port, as a node with these limits would. */
export async function limitedNode(
  request: (method: string, params: unknown[]) => Promise<unknown>,
  limits: LogLimits,
): Promise<LocalNode> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const content = JSON.parse(Buffer.concat(chunks).toString()) as Call | Call[];
      const answer = (call: Call) => answerTo(call, request, limits);
      const done = Array.isArray(content) ? Promise.all(content.map(answer)) : answer(content);
      void done.then((body) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function answerTo(
  { id, method, params }: Call,
  request: (method: string, params: unknown[]) => Promise<unknown>,
  limits: LogLimits,
): Promise<object> {
  try {
    const isLogs = method === "eth_getLogs";
    const result = isLogs
      ? await logs(params[0] as { fromBlock: string; toBlock: string }, request, limits)
      : await request(method, [...params]);
    return { jsonrpc: "2.0", id, result };
  } catch (error) {
    const { code = -32_603, message, data } = error as { code?: number; message: string; data?: unknown };
    return { jsonrpc: "2.0", id, error: { code, message, data } };
  }
}

async function logs(
  filter: { fromBlock: string; toBlock: string },
  request: (method: string, params: unknown[]) => Promise<unknown>,
  limits: LogLimits,
): Promise<Log[]> {
  const { maxBlocks = Infinity, maxResults = Infinity, prunedBelow = 0, emptyBelow = 0 } = limits;
  const refuse = (code: number, message: string): never => {
    limits.refused = (limits.refused ?? 0) + 1;
    throw Object.assign(new Error(message), { code });
  };
  if (Number(filter.fromBlock) < prunedBelow) refuse(4_444, "pruned history unavailable");
  const blocks = Number(filter.toBlock) - Number(filter.fromBlock) + 1;
  if (blocks > maxBlocks) refuse(-32_614, `eth_getLogs is limited to a ${maxBlocks} range`);
  await limits.before?.();
  const found = (await request("eth_getLogs", [filter])) as Log[];
  await limits.behind?.();
  if (found.length > maxResults) refuse(-32_005, `query returned more than ${maxResults} results`);
  limits.answered = (limits.answered ?? 0) + 1;
  return found.filter(({ blockNumber }) => Number(blockNumber) >= emptyBelow);
}
