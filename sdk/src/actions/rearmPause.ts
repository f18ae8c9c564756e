import { pauseRearmedEvent } from "../events/pause.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Allow the guardian another pause. Governance only, scheduled first: see `scheduleCall`.
 *
 * @throws AccessManagerNotScheduled, AccessManagedUnauthorized
 */
export const rearmPause = defineWrite<Record<never, never>, void, Record<never, never>>({
  verb: "rearmPause",
  contract: "compute",
  method: "rearmPause",
  params: () => [],
  returned: returnsNothing,
  outcome: (d, receipt) => pauseRearmedEvent.first(receipt, d.addresses.compute),
});
