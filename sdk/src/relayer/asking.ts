import type { Provider } from "ethers";

/** A provider that passes on JSON-RPC requests as they are, as those of ethers do. */
export interface Asking {
  send(method: string, params: readonly unknown[]): Promise<unknown>;
}

/** Whether a provider passes on requests as they are. */
export function isAsking(provider: object): provider is Provider & Asking {
  return "send" in provider && typeof provider.send === "function";
}
