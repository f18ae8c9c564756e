import { YellowstoneError } from "./base.js";

/** This router has signed another attestation with the same seq that can still be posted. Moments in Unix seconds. */
export class SeqAlreadySigned extends YellowstoneError<{
  seq: bigint;
  signed: string;
  asked: string;
  deadline: bigint;
  at: bigint;
}> {
  constructor(seq: bigint, signed: string, asked: string, deadline: bigint, at: bigint) {
    super(`attestation ${seq}: signed ${signed} until ${deadline}, asked for ${asked} at ${at}`, {
      code: "SeqAlreadySigned",
      data: { seq, signed, asked, deadline, at },
      next: `Collect signatures for ${signed}, or propose again after its deadline ${deadline}.`,
      retry: "later",
    });
  }
}

/** Two messages do not show what their evidence says: they agree, or are of two signers, heights or seqs. */
export class EvidenceInvalid extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`evidence of equivocation: ${reason}`, {
      code: "EvidenceInvalid",
      data: { reason },
      next: "Drop it; keep both signed messages as they were received.",
      retry: "no",
    });
  }
}

/** A router has no place in the quorum: it is not in the set that is in force. */
export class RouterNotReviewed extends YellowstoneError<{ router: string }> {
  constructor(router: string) {
    super(`router ${router} is not in the set`, {
      code: "RouterNotReviewed",
      data: { router },
      next: "Read the router set again and create the co-signer anew when it has changed.",
      retry: "no",
    });
  }
}

/** Another router cannot be reached, or answers with what is no answer. */
export class TransportFailed extends YellowstoneError<{ router: string; reason: string }> {
  constructor(router: string, reason: string, cause?: unknown) {
    super(`router ${router} did not answer: ${reason}`, {
      code: "TransportFailed",
      data: { router, reason },
      next: "Ask again; go on without this router while the others reach the threshold.",
      retry: "now",
      cause,
    });
  }
}
