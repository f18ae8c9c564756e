import { attestationsPausedEvent, type AttestationsPaused } from "../events/pause.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Pause attestations for some seconds, at most seven days (design 10). Guardian only, once until governance allows another
 * pause. Claims, debits and exits go on, and no clock that runs against a provider stops.
 *
 * @throws PauseTooLong, PauseSpent, AccessManagedUnauthorized
 */
export const pauseAttestations = defineWrite<{ readonly durationSeconds: bigint }, void, AttestationsPaused>({
  verb: "pauseAttestations",
  contract: "compute",
  method: "pauseAttestations",
  params: (_, { durationSeconds }) => [durationSeconds],
  returned: returnsNothing,
  outcome: (d, receipt) => attestationsPausedEvent.first(receipt, d.addresses.compute),
});
