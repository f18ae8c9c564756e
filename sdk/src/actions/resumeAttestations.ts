import { attestationsPausedEvent, type AttestationsPaused } from "../events/pause.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * End a pause early. Guardian only. The pause stays spent.
 *
 * @throws AccessManagedUnauthorized
 */
export const resumeAttestations = defineWrite<Record<never, never>, void, AttestationsPaused>({
  verb: "resumeAttestations",
  contract: "compute",
  method: "resumeAttestations",
  params: () => [],
  returned: returnsNothing,
  outcome: (d, receipt) => attestationsPausedEvent.first(receipt, d.addresses.compute),
});
