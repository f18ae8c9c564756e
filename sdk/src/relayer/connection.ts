import { FetchRequest, JsonRpcProvider, Network } from "ethers";
import { uint, type Integer } from "../units/integers.js";

/** How a node is reached. */
export interface ConnectionOptions {
  /** Milliseconds after which a request is given up; 15,000 without it. */
  readonly timeoutMs?: number;
}

/**
 * Make a provider for a relayer. It sends one request at a time, leaves repeating to the relayer, which honours Retry-After
 * (ethers alone takes its seconds for milliseconds), and does not ask for the chain before the relayer does.
 */
export function relayProvider(
  url: string,
  chainId: Integer,
  { timeoutMs = 15_000 }: ConnectionOptions = {},
): JsonRpcProvider {
  const connection = new FetchRequest(url);
  connection.timeout = timeoutMs;
  connection.retryFunc = () => Promise.resolve(false);
  const network = Network.from(uint(chainId, 256, "chainId"));
  return new JsonRpcProvider(connection, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1 });
}
