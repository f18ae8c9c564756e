/// <reference types="node" />
import type { AddressInfo } from "node:net";

/** Write the URL under which a server listens on this machine. */
export function serverUrl({ address, port, family }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
