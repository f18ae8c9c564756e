import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  hashMessage,
  parseMessage,
  readRouterSet,
  unixSeconds,
  verifyMessage,
  YellowstoneError,
  type Deployment,
  type Match,
} from "@yellowstone-compute/sdk";

const MAX_BYTES = 65_536;

/** A door at which queries are answered. */
export interface DemoProvider {
  readonly endpoint: string;
  close(): void;
}

/**
 * Serve queries as a provider does, with words in place of a model: only those whose match a router in force signed and whose
 * query the match's own key signed.
 */
export async function startDemoProvider(d: Deployment): Promise<DemoProvider> {
  const server = createServer((request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.length > MAX_BYTES) request.destroy();
    });
    request.on("end", () => {
      answer(d, text).then(
        (tokens) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ tokens })),
        (error: unknown) =>
          response.writeHead(403).end(error instanceof YellowstoneError ? error.message : "bad query"),
      );
    });
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/v1`, close: () => void server.close() };
}

async function answer(d: Deployment, text: string): Promise<string[]> {
  const { match: shown, query: asked } = JSON.parse(text) as { match: unknown; query: unknown };
  const match = parseMessage("Match", shown);
  const query = parseMessage("Query", asked);
  const at = unixSeconds(Math.floor(Date.now() / 1_000));
  const router = await verifyMessage(match, d.domain, at);
  const { routers } = await readRouterSet(d);
  const isOurs = (await verifyMessage(query, d.domain, at)) === match.value.queryKey;
  const isRight = query.value.matchHash === hashMessage("Match", match.value, d.domain);
  if (!isOurs || !isRight || !routers.some(({ account }) => account === router)) throw new Error("not admitted");
  return wordsFor(match.value);
}

/** As many words as the match allows. */
function wordsFor({ tokenMax }: Match): string[] {
  return Array.from({ length: Number(tokenMax) }, (_, i) => `word${i}`);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}
