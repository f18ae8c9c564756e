import { YellowstoneError } from "./base.js";

/** The last second in which a message is good has passed. Moments in Unix seconds. */
export class MessageExpired extends YellowstoneError<{ kind: string; field: string; deadlineAt: bigint; at: bigint }> {
  constructor(kind: string, field: string, deadlineAt: bigint, at: bigint) {
    super(`${kind}: ${field} ${deadlineAt} has passed at ${at}`, {
      code: "MessageExpired",
      data: { kind, field, deadlineAt, at },
      next: "Ask the signer for a new message with a later deadline.",
      retry: "no",
    });
  }
}

/** A moment lies before the start of the schedule or clock. Moments in Unix seconds. */
export class BeforeStart extends YellowstoneError<{ startAt: bigint; at: bigint }> {
  constructor(startAt: bigint, at: bigint) {
    super(`clock: ${at} lies before the start ${startAt}`, {
      code: "BeforeStart",
      data: { startAt, at },
      next: "Wait for the start, or correct the clock.",
      retry: "later",
    });
  }
}
