import { createServer, type IncomingMessage } from "node:http";
import type { LocalNode } from "./node.js";

/** A JSON-RPC call as it came. */
export interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** What a chain in this process answers to a request, or throws. */
export type Answer = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Serve a chain of this process on a free loopback port, over HTTP as a node does. */
export async function serve(answer: Answer): Promise<LocalNode> {
  const server = createServer((request, response) => {
    void textOf(request).then(async (body) => {
      const reply = await replyTo(JSON.parse(body) as Call, answer);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(reply));
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

async function replyTo({ id, method, params = [] }: Call, answer: Answer) {
  try {
    return { jsonrpc: "2.0", id, result: (await answer(method, params)) ?? null };
  } catch (cause) {
    const { code, message, data } = cause as { code?: unknown; message?: unknown; data?: unknown };
    const error = { code: typeof code === "number" ? code : -32_000, message: String(message), data };
    return { jsonrpc: "2.0", id, error };
  }
}

/** The body of a request. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
