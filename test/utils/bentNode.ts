import { BrowserProvider } from "ethers";

/** Asks the chain of this process. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Answers a request as a node does that is not quite right; `pass` asks the chain as it is. */
export type Bend = (method: string, params: readonly unknown[], pass: Ask) => unknown;

/** The chain of this process as a bent node shows it; nothing is remembered between two requests. */
export function bentProvider(chain: { send(method: string, params: unknown[]): Promise<unknown> }, bend: Bend) {
  const pass: Ask = (method, params) => chain.send(method, [...params]);
  const request = ({ method, params }: { method: string; params?: unknown }) =>
    new Promise((resolve) => resolve(bend(method, (params ?? []) as unknown[], pass)));
  const provider = new BrowserProvider({ request }, 31_337, { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 20;
  return provider;
}

/** What a node says that is overloaded: the same request may succeed at once. */
export function busy(): never {
  throw Object.assign(new Error("internal error"), { code: -32_603 });
}

/** What a node says that has not got a method. */
export function missing(): never {
  throw Object.assign(new Error("the method does not exist"), { code: -32_601 });
}
