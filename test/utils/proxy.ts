import { createServer, type IncomingMessage } from "node:http";
import type { LocalNode } from "./node.js";

interface Call {
  readonly id: unknown;
  readonly method: string;
}

/** Stand before a node on a free loopback port and refuse some of its methods, as a node does that has not got them. */
export async function refusingProxy(url: string, refused: readonly string[]): Promise<LocalNode> {
  const server = createServer((request, response) => {
    void answer(request, url, refused).then((body) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, url: string, refused: readonly string[]): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const content = JSON.parse(body) as Call | Call[];
  const call = [content].flat().find(({ method }) => refused.includes(method));
  if (call !== undefined) {
    const error = { code: -32_601, message: `the method ${call.method} does not exist` };
    return JSON.stringify({ jsonrpc: "2.0", id: call.id, error });
  }
  const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return reply.text();
}
