/// <reference types="node" />
import { FetchRequest, JsonRpcProvider, Network } from "ethers";
import { readBlock } from "../actions/read.js";
import { readEvents } from "../actions/readEvents.js";
import { readProvider } from "../actions/readProvider.js";
import { readRouterSet } from "../actions/readRouterSet.js";
import type { Deployment } from "../deployment/index.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { routerSetChangedEvent } from "../events/index.js";
import type { EarlierSet } from "../quorum/index.js";
import type { RouterSet } from "../router/index.js";
import type { Address, ProviderId } from "../units/index.js";
import { wordsOf } from "./log.js";

const REQUEST_MS = 15_000;
/** How long after a change of the set a router may not have noticed it. */
const NOTICE_MS = 300_000n;

/** Connect to a node and ask its chain id at once: ethers alone would wait for ever. @throws ChainRequestFailed */
export async function openProvider(url: string): Promise<JsonRpcProvider> {
  let chainId: bigint;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const { result } = (await response.json()) as { result?: unknown };
    chainId = BigInt(String(result));
  } catch (cause) {
    throw new ChainRequestFailed(`no node answers: ${wordsOf(cause)}`, "now");
  }
  const request = new FetchRequest(url);
  request.timeout = REQUEST_MS;
  return new JsonRpcProvider(request, chainId, { staticNetwork: Network.from(chainId), cacheTimeout: -1 });
}

/** Says who may bid for a provider: its owner, as the registry has it, and who was it while this process looked. */
export class Owners {
  readonly #d: Deployment;
  readonly #known = new Map<ProviderId, { readonly owners: Set<Address>; readonly untilMs: number }>();
  readonly #keptMs: number;

  constructor(d: Deployment, keptMs = 60_000) {
    this.#d = d;
    this.#keptMs = keptMs;
  }

  /** The owner of a provider now. @throws RegistryProviderUnknown, ChainRequestFailed */
  async ownerOf(id: ProviderId): Promise<Address> {
    const known = this.#known.get(id);
    const newest = known && [...known.owners].at(-1);
    if (newest !== undefined && known !== undefined && known.untilMs > performance.now()) return newest;
    const { owner } = await readProvider(this.#d, id);
    const owners = known?.owners ?? new Set<Address>();
    // The newest stands last.
    owners.delete(owner);
    owners.add(owner);
    this.#known.set(id, { owners, untilMs: performance.now() + this.#keptMs });
    return owner;
  }

  /** Whether an address may bid, or could while this process looked. @throws as `ownerOf` */
  async isOwner(id: ProviderId, signer: Address): Promise<boolean> {
    if (this.#known.get(id)?.owners.has(signer) === true) return true;
    this.#known.delete(id);
    return (await this.ownerOf(id)) === signer;
  }
}

/** The set in force, and those before it that routers may not have left behind. @throws ChainRequestFailed */
export async function readSets(
  d: Deployment,
): Promise<{ readonly set: RouterSet; readonly earlierSets: EarlierSet[] }> {
  const changes = [];
  for await (const { value, blockNumber } of readEvents(d, routerSetChangedEvent)) changes.push({ value, blockNumber });
  const set = await readRouterSet(d);
  const earlierSets: EarlierSet[] = [];
  for (const [i, { value }] of changes.entries()) {
    const next = changes[i + 1];
    if (next === undefined) continue;
    const { timestamp } = await readBlock(d, next.blockNumber);
    const untilMs = BigInt(timestamp) * 1_000n + NOTICE_MS;
    earlierSets.push({ routers: value.routers.map(({ account }) => account), untilMs });
  }
  return { set, earlierSets };
}
