import { attestationsVetoedEvent, type AttestationsVetoed } from "../events/vetoed.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Drop a pending attestation and all after it (design 6). Guardian only. What they credited can be attested again by a new
 * message; the vetoed ones can never be posted again.
 *
 * @throws LedgerAttestationActive, LedgerAttestationUnknown, AccessManagedUnauthorized
 */
export const vetoAttestation = defineWrite<{ readonly seq: bigint }, void, AttestationsVetoed>({
  verb: "vetoAttestation",
  contract: "compute",
  method: "veto",
  params: (_, { seq }) => [seq],
  returned: returnsNothing,
  outcome: (d, receipt) => attestationsVetoedEvent.first(receipt, d.addresses.compute),
});
