import type { BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { RouterSet } from "../router/set.js";
import type { Address } from "../units/brands.js";
import { blockOf, read } from "./read.js";

/** Read the router set at one block, the latest unless named. */
export async function readRouterSet(d: Deployment, blockTag?: BlockTag): Promise<Required<RouterSet>> {
  return read(async () => {
    const at = await blockOf(d, blockTag);
    const [epoch, threshold, routers] = await Promise.all([
      d.routers.epoch({ blockTag: at }),
      d.routers.threshold({ blockTag: at }),
      d.routers.routers({ blockTag: at }),
    ]);
    return {
      epoch: Number(epoch),
      threshold: Number(threshold),
      routers: routers.map(({ account, isContract }) => ({ account: account as Address, isContract })),
    };
  });
}
