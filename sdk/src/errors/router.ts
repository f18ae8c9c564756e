import { YellowstoneError } from "./base.js";

/** Fewer signatures than the threshold. */
export class QuorumMissing extends YellowstoneError<{
  given: number;
  threshold: number;
  missing: readonly string[];
  /** Why each of the missing did not sign, in their order, where that is known. */
  reasons: readonly string[];
}> {
  constructor(given: number, threshold: number, missing: readonly string[], reasons: readonly string[] = []) {
    const named = missing.map((router, i) => (reasons[i] === undefined ? router : `${router} (${reasons[i]})`));
    super(`${given} of ${threshold} signatures; without: ${named.join(", ")}`, {
      code: "QuorumMissing",
      data: { given, threshold, missing, reasons },
      next: `Ask ${threshold - given} of the missing routers for their signature.`,
      retry: "later",
    });
  }
}

/** A bid prices something other than tokens, which the market does not price yet. */
export class BidUnitUnpriced extends YellowstoneError<{ unit: number }> {
  constructor(unit: number) {
    super(`bid: unit ${unit} is not priced`, {
      code: "BidUnitUnpriced",
      data: { unit },
      next: "Bid in unit T (0).",
      retry: "no",
    });
  }
}

/** A user sends a request again, or another one with the same nonce. */
export class RfcReplayed extends YellowstoneError<{ user: string; nonce: bigint }> {
  constructor(user: string, nonce: bigint) {
    super(`RFC: nonce ${nonce} was used already`, {
      code: "RfcReplayed",
      data: { user, nonce },
      next: "Sign a new RFC with another nonce.",
      retry: "no",
    });
  }
}

/** A request is issued in the future, or stays open longer than the router remembers it. */
export class RfcWindowInvalid extends YellowstoneError<{ issuedAtMs: bigint; deadlineAt: bigint; latestAt: bigint }> {
  constructor(issuedAtMs: bigint, deadlineAt: bigint, latestAt: bigint) {
    super(
      `RFC: issued at ${issuedAtMs} ms and open until ${deadlineAt} s, expected the past and at most ${latestAt} s`,
      {
        code: "RfcWindowInvalid",
        data: { issuedAtMs, deadlineAt, latestAt },
        next: "Check the clock and sign an RFC with a nearer deadline.",
        retry: "no",
      },
    );
  }
}

/** A request waited past the end of the block-day whose balance and home router it was admitted by. */
export class RfcDayOver extends YellowstoneError<{ rfcHash: string; admittedDay: bigint; day: bigint }> {
  constructor(rfcHash: string, admittedDay: bigint, day: bigint) {
    super(`RFC ${rfcHash} was admitted on day ${admittedDay}, it is day ${day}`, {
      code: "RfcDayOver",
      data: { rfcHash, admittedDay, day },
      next: "Sign a new RFC and send it to the home router of the new day.",
      retry: "no",
    });
  }
}

/** As many requests wait as the router holds. */
export class QueueFull extends YellowstoneError<{ waiting: number }> {
  constructor(waiting: number) {
    super(`${waiting} RFCs wait already`, {
      code: "QueueFull",
      data: { waiting },
      next: "Send the RFC again when providers are free.",
      retry: "later",
    });
  }
}

/** No open match has this hash: never made, reported already, unanswered or past its deadline. */
export class MatchUnknown extends YellowstoneError<{ matchHash: string }> {
  constructor(matchHash: string) {
    super(`match ${matchHash} is not open`, {
      code: "MatchUnknown",
      data: { matchHash },
      next: "Report a match once, before its deadline, to the router that signed it.",
      retry: "no",
    });
  }
}

/** A report names another provider than its match. */
export class ReportProviderMismatch extends YellowstoneError<{ expected: bigint; actual: bigint }> {
  constructor(expected: bigint, actual: bigint) {
    super(`report: expected provider ${expected}, got ${actual}`, {
      code: "ReportProviderMismatch",
      data: { expected, actual },
      next: "Copy providerId from the match.",
      retry: "no",
    });
  }
}

/** The stamps of a report do not lie in order between its match and its arrival. All in Unix milliseconds. */
export class ReportStampsInvalid extends YellowstoneError<{
  sentAtMs: bigint;
  receivedAtMs: bigint;
  earliestMs: bigint;
  latestMs: bigint;
}> {
  constructor(sentAtMs: bigint, receivedAtMs: bigint, earliestMs: bigint, latestMs: bigint) {
    super(`report: sent ${sentAtMs}, received ${receivedAtMs}, expected in order from ${earliestMs} to ${latestMs}`, {
      code: "ReportStampsInvalid",
      data: { sentAtMs, receivedAtMs, earliestMs, latestMs },
      next: "Set the clock by network time and sign the report again.",
      retry: "no",
    });
  }
}

/** A setting of the router's policy is out of its range. */
export class InvalidPolicy extends YellowstoneError<{ setting: string; expected: string; actual: string }> {
  constructor(setting: string, expected: string, actual: unknown) {
    super(`policy: ${setting} must be ${expected}, got ${String(actual)}`, {
      code: "InvalidPolicy",
      data: { setting, expected, actual: String(actual) },
      next: `Set ${setting} to ${expected}.`,
      retry: "no",
    });
  }
}

/** Nobody has told the router the budget and the supply of a day. */
export class AccessUnknown extends YellowstoneError<{ day: bigint }> {
  constructor(day: bigint) {
    super(`no budget and supply of day ${day}`, {
      code: "AccessUnknown",
      data: { day },
      next: "Let policy.accessOf answer for this day.",
      retry: "later",
    });
  }
}

/** No open match belongs to this RFC: it waits, has ended, or was never admitted. */
export class RfcUnmatched extends YellowstoneError<{ rfcHash: string }> {
  constructor(rfcHash: string) {
    super(`RFC ${rfcHash} has no open match`, {
      code: "RfcUnmatched",
      data: { rfcHash },
      next: "Wait for a match until the deadline of the RFC, then send a new one.",
      retry: "later",
    });
  }
}
