import { hexlify } from "ethers";
import { debitsAttestedEvent, type DebitsAttested } from "../events/debits.js";
import { attestedEvent, type Attested } from "../events/attested.js";
import type { Attestation } from "../messages/attestation.js";
import type { Hex } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/** A signed attestation with what the contract needs to check it. */
export interface AttestationPost {
  readonly attestation: Attestation;
  /** Packed ranges of deltas and their witness, as `buildUpdate` gives them. */
  readonly deltas: Uint8Array | Hex;
  readonly witness: Uint8Array | Hex;
  /** Packed debits that travel with it, as `packDebits` gives them; none without it. */
  readonly debits?: Uint8Array | Hex;
  /** Router set and signatures of its quorum. */
  readonly quorum: Uint8Array | Hex;
}

/** What was accepted, and the debits that wait until it is active. */
export interface AttestationOutcome extends Attested {
  readonly debits: DebitsAttested | undefined;
}

/**
 * Post a signed attestation (design 6). Anyone may: what counts is the quorum's signatures.
 *
 * @throws AttestationSeqInvalid or AttestationRootStale if another one was posted first; ReserveAllowanceExceeded if the day's
 * room does not suffice; AttestationPaused; every other error of an attestation, of the ledger and of the routers.
 */
export const postAttestation = defineWrite<AttestationPost, void, AttestationOutcome>({
  verb: "postAttestation",
  contract: "compute",
  method: "attest",
  params: (_, { attestation, deltas, witness, debits = "0x", quorum }) => [
    attestation,
    hexlify(deltas),
    hexlify(witness),
    hexlify(debits),
    hexlify(quorum),
  ],
  returned: returnsNothing,
  outcome: (d, receipt) => ({
    ...attestedEvent.first(receipt, d.addresses.compute),
    debits: debitsAttestedEvent.all(receipt, d.addresses.compute)[0],
  }),
});
