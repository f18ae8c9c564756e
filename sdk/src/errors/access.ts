import { YellowstoneError } from "./base.js";

/** A reservation would exceed what is left of a user's share of the day. */
export class QuotaExceeded extends YellowstoneError {
  constructor(user: string, day: bigint, shareWei: bigint, usedWei: bigint, wantedWei: bigint) {
    const leftWei = shareWei > usedWei ? shareWei - usedWei : 0n;
    super(`${wantedWei} wei wanted of day ${day}, ${leftWei} wei of a share of ${shareWei} wei left`, {
      code: "QuotaExceeded",
      data: { user, day, shareWei, usedWei, leftWei, wantedWei },
      next: "Lower TokenMax, wait for a report that gives part of a reservation back, or come back the next day.",
      retry: "later",
    });
  }
}

/** An RFC reserves twice. */
export class AlreadyReserved extends YellowstoneError {
  constructor(rfcHash: string) {
    super(`RFC ${rfcHash} holds a reservation`, {
      code: "AlreadyReserved",
      data: { rfcHash },
      next: "Settle the reservation before the RFC is matched again.",
      retry: "no",
    });
  }
}

/** No open reservation of this RFC: never made, or settled by its report or its deadline. */
export class ReservationNotFound extends YellowstoneError {
  constructor(rfcHash: string) {
    super(`RFC ${rfcHash} holds no open reservation`, {
      code: "ReservationNotFound",
      data: { rfcHash },
      next: "Report before the report deadline, and only once.",
      retry: "no",
    });
  }
}

/** A report counts more tokens than the RFC allowed. */
export class TokenMaxExceeded extends YellowstoneError {
  constructor(rfcHash: string, tokenMax: bigint, tokens: bigint) {
    super(`${tokens} T reported, the RFC allows ${tokenMax} T`, {
      code: "TokenMaxExceeded",
      data: { rfcHash, tokenMax, tokens },
      next: "Report at most TokenMax tokens.",
      retry: "no",
    });
  }
}

/** A figure of the access rule is out of its range: negative, or a divisor that is zero. */
export class InvalidAccessInput extends YellowstoneError {
  constructor(field: string, actual: unknown, expected: string) {
    super(`${field} is ${String(actual)}, expected ${expected}`, {
      code: "InvalidAccessInput",
      data: { field, actual, expected },
      next: `Pass ${field} as ${expected}.`,
      retry: "no",
    });
  }
}

/** A user asked a router that is not its home router of the day. */
export class WrongRouter extends YellowstoneError {
  constructor(user: string, day: bigint, asked: string, home: string) {
    super(`router ${asked} does not serve this user on day ${day}`, {
      code: "WrongRouter",
      data: { user, day, asked, home },
      next: `Send the RFC to ${home}.`,
      retry: "no",
    });
  }
}
