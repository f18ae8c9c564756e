import { routerSetChangedEvent, type RouterSetChanged } from "../events/governance.js";
import type { Address } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Take a router out of the set at once; the threshold stays (design 10). Guardian only. What was signed for the old set and not
 * posted is void; pending attestations stay.
 *
 * @throws RouterRemovalBlocked, RouterUnknown, AccessManagedUnauthorized
 */
export const removeRouter = defineWrite<{ readonly account: Address }, void, RouterSetChanged>({
  verb: "removeRouter",
  contract: "routers",
  method: "removeRouter",
  params: (_, { account }) => [account],
  returned: returnsNothing,
  outcome: (d, receipt) => routerSetChangedEvent.first(receipt, d.addresses.routers),
});
