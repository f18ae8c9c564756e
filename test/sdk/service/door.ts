import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A door of HTTP on this host, and what was asked there. */
export interface Door {
  readonly url: string;
  readonly asked: string[];
  close(): void;
}

/** Answer every request by a status, without a body. */
export async function door(status = 200): Promise<Door> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, asked, close };
}
