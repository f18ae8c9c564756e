import { hexlify } from "ethers";
import { attestedEvent, type Attested } from "../events/attested.js";
import type { Attestation } from "../messages/attestation.js";
import type { Hex } from "../units/brands.js";
import { defineWrite } from "./write.js";

/** A signed attestation with what the contract needs to check it. */
export interface AttestationPost {
  readonly attestation: Attestation;
  /** Packed ranges of deltas and their witness, as `buildUpdate` gives them. */
  readonly deltas: Uint8Array | Hex;
  readonly witness: Uint8Array | Hex;
  /** Router set and signatures of its quorum. */
  readonly quorum: Uint8Array | Hex;
}

/**
 * Post a signed attestation (design 6). Anyone may: what counts is the quorum's signatures.
 *
 * @throws AttestationSeqInvalid or AttestationRootStale if another one was posted first; ReserveAllowanceExceeded if the day's
 * room does not suffice; every other error of an attestation, of the ledger and of the routers.
 */
export const postAttestation = defineWrite<AttestationPost, void, Attested>({
  verb: "postAttestation",
  contract: "compute",
  method: "attest",
  params: (_, { attestation, deltas, witness, quorum }) => [
    attestation,
    hexlify(deltas),
    hexlify(witness),
    hexlify(quorum),
  ],
  returned: () => undefined,
  outcome: (d, receipt) => attestedEvent.first(receipt, d.addresses.compute),
});
