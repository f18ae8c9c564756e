import { computeContractAbi } from "../abi/computeContract.js";
import type { UMor } from "../units/brands.js";
import { defineEvent } from "./define.js";

/** Pending attestations were vetoed: `seq` and all after it (design 6). */
export interface AttestationsVetoed {
  readonly seq: bigint;
  /** The head before it. */
  readonly lastDroppedSeq: bigint;
  /** The head after it. */
  readonly headSeq: bigint;
  /** Credits that are reserved no longer. */
  readonly releasedUMor: UMor;
  /** Lifetime credits after it. */
  readonly attestedUMor: UMor;
}

/** Reads `AttestationsVetoed`. */
export const attestationsVetoedEvent = defineEvent<AttestationsVetoed>(
  "compute",
  computeContractAbi,
  "AttestationsVetoed",
  (args) => ({
    seq: args["seq"] as bigint,
    lastDroppedSeq: args["lastDroppedSeq"] as bigint,
    headSeq: args["headSeq"] as bigint,
    releasedUMor: args["releasedUMor"] as UMor,
    attestedUMor: args["attestedUMor"] as UMor,
  }),
);
