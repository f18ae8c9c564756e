import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a chain of this process is asked through. */
export interface Asked {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** A chain of this process, for other processes. */
export interface Served {
  readonly url: string;
  /** Every method that was asked for. */
  readonly methods: string[];
  close(): Promise<void>;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params?: unknown[];
}

/** Serve a chain of this process over HTTP, as a node does. */
export async function serveChain(chain: Asked): Promise<Served> {
  const methods: string[] = [];
  const answer = async ({ id, method, params = [] }: Call): Promise<object> => {
    methods.push(method);
    try {
      return { jsonrpc: "2.0", id, result: await chain.send(method, params) };
    } catch (error) {
      const { code, message, data } = error as { code?: unknown; message?: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code: typeof code === "number" ? code : -32_603, message, data } };
    }
  };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const asked = JSON.parse(text) as Call | Call[];
      void Promise.all([asked].flat().map(answer)).then((answers) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    methods,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
