import { read } from "../actions/read.js";
import { readRouterSet } from "../actions/readRouterSet.js";
import { readState, type HeadState, type PoolState } from "../actions/readState.js";
import type { Deployment } from "../deployment/deployment.js";
import type { RouterSet } from "../router/set.js";
import type { UnixSeconds, Wei } from "../units/brands.js";

/** What an operator watches of a deployment, at one block. */
export interface ChainFigures {
  readonly blockNumber: number;
  readonly pool: PoolState;
  readonly head: HeadState;
  readonly set: RouterSet;
  /** MOR that the registry holds: bonds, and what was sent to it by mistake. */
  readonly bondedWei: Wei;
  /** Until when attestations are paused; 0 or past when they are not. */
  readonly pausedUntil: UnixSeconds;
  /** Whether the guardian may pause. */
  readonly pauseArmed: boolean;
}

/** Read the figures of a deployment at its newest block. @throws ChainRequestFailed */
export async function readChainFigures(d: Deployment): Promise<ChainFigures> {
  return read(async () => {
    const blockNumber = await d.provider.getBlockNumber();
    const at = { blockTag: blockNumber };
    const [{ pool, head }, set, bondedWei, pause] = await Promise.all([
      readState(d, blockNumber),
      readRouterSet(d, blockNumber),
      d.token.balanceOf(d.addresses.registry, at),
      d.compute.pauseState(at),
    ]);
    return {
      blockNumber,
      pool,
      head,
      set,
      bondedWei: bondedWei as Wei,
      pausedUntil: pause.pausedUntil as UnixSeconds,
      pauseArmed: pause.armed,
    };
  });
}
