import { routerSetChangedEvent, type RouterSetChanged } from "../events/governance.js";
import type { RouterSet } from "../router/set.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Put another router set and threshold into force (design 10). Governance only, scheduled first: see `scheduleCall`. What was
 * signed for the old set and not posted is void.
 *
 * @throws RouterCountInvalid, RouterThresholdInvalid, RouterOrderInvalid, RouterWithoutCode, AccessManagerNotScheduled,
 * AccessManagedUnauthorized
 */
export const setRouters = defineWrite<RouterSet, void, RouterSetChanged>({
  verb: "setRouters",
  contract: "routers",
  method: "setRouters",
  params: (_, { routers, threshold }) => [routers, threshold],
  returned: returnsNothing,
  outcome: (d, receipt) => routerSetChangedEvent.first(receipt, d.addresses.routers),
});
