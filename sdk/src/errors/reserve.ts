import { YellowstoneError } from "./base.js";

/** Credits are above what the drawdown guard leaves of the open day. Amounts in wei. */
export class ReserveAllowanceExceeded extends YellowstoneError<{ requestedWei: bigint; allowanceWei: bigint }> {
  constructor(requestedWei: bigint, allowanceWei: bigint) {
    super(`reserve: ${requestedWei} wei asked for, ${allowanceWei} wei left of today's budget`, {
      code: "ReserveAllowanceExceeded",
      data: { requestedWei, allowanceWei },
      next: "Attest what fits the allowance and leave the rest for the next block-day.",
      retry: "later",
    });
  }
}

/** More would leave the owed bucket than it holds. Amounts in wei. */
export class ReserveOwedExceeded extends YellowstoneError<{ requestedWei: bigint; owedWei: bigint }> {
  constructor(requestedWei: bigint, owedWei: bigint) {
    super(`reserve: ${requestedWei} wei to leave the owed bucket, which holds ${owedWei}`, {
      code: "ReserveOwedExceeded",
      data: { requestedWei, owedWei },
      next: "Read the books again; credits are paid once.",
      retry: "no",
    });
  }
}

/** More credits would be released than stand attested. Amounts in uMOR. */
export class ReserveAttestedExceeded extends YellowstoneError<{ requestedUMor: bigint; attestedUMor: bigint }> {
  constructor(requestedUMor: bigint, attestedUMor: bigint) {
    super(`reserve: ${requestedUMor} uMOR to release, ${attestedUMor} uMOR stand attested`, {
      code: "ReserveAttestedExceeded",
      data: { requestedUMor, attestedUMor },
      next: "Read the books again; an attestation is released once.",
      retry: "no",
    });
  }
}
