import { YellowstoneError } from "./base.js";

/** A bid's sequence is not above the last one seen of that provider and model: a replay, or a message overtaken. */
export class StaleBid extends YellowstoneError {
  constructor(providerId: bigint, modelId: string, sequence: bigint, lastSequence: bigint) {
    super(`bid ${sequence} of provider ${providerId} is not newer than ${lastSequence}`, {
      code: "StaleBid",
      data: { providerId, modelId, sequence, lastSequence },
      next: `Sign the bid with a sequence above ${lastSequence}.`,
      retry: "no",
    });
  }
}

/** A bid is already past its expiry when it arrives. */
export class BidExpired extends YellowstoneError {
  constructor(providerId: bigint, modelId: string, expiresAt: bigint, at: bigint) {
    super(`bid of provider ${providerId} expired at ${expiresAt}, it is ${at}`, {
      code: "BidExpired",
      data: { providerId, modelId, expiresAt, at },
      next: "Sign a bid that expires later, and check the clock of the provider.",
      retry: "no",
    });
  }
}

/** A bid asks nothing or less: the lowest bid is a divisor of MaxT, so it is never zero. */
export class BidPriceNotPositive extends YellowstoneError {
  constructor(providerId: bigint, modelId: string, priceWei: bigint) {
    super(`bid of provider ${providerId} is ${priceWei} wei per T`, {
      code: "BidPriceNotPositive",
      data: { providerId, modelId, priceWei },
      next: "Bid at least 1 wei per T.",
      retry: "no",
    });
  }
}

/** A price range, capacity or parameter of the market makes no sense. */
export class InvalidMarketParameter extends YellowstoneError {
  constructor(parameter: string, actual: unknown, expected: string) {
    super(`${parameter} is ${String(actual)}, expected ${expected}`, {
      code: "InvalidMarketParameter",
      data: { parameter, actual, expected },
      next: `Set ${parameter} to ${expected}.`,
      retry: "no",
    });
  }
}

/** Every place of a provider for this model is taken. */
export class NoFreeCapacity extends YellowstoneError {
  constructor(providerId: bigint, modelId: string, capacity: number) {
    super(`provider ${providerId} works on ${capacity} jobs already`, {
      code: "NoFreeCapacity",
      data: { providerId, modelId, capacity },
      next: "Choose the next bid, or wait until a job of this provider ends.",
      retry: "later",
    });
  }
}

/** A place is given back that was not taken. */
export class CapacityNotTaken extends YellowstoneError {
  constructor(providerId: bigint, modelId: string) {
    super(`provider ${providerId} has no job of this model to end`, {
      code: "CapacityNotTaken",
      data: { providerId, modelId },
      next: "Free each taken place exactly once.",
      retry: "no",
    });
  }
}

/** An RFC with this hash waits already. */
export class RfcAlreadyQueued extends YellowstoneError {
  constructor(rfcHash: string) {
    super(`RFC ${rfcHash} waits already`, {
      code: "RfcAlreadyQueued",
      data: { rfcHash },
      next: "Send each RFC once; sign a new one with another nonce.",
      retry: "no",
    });
  }
}

/** Nobody bids for this model. */
export class BidMissing extends YellowstoneError {
  constructor(modelId: string) {
    super(`no live bid for model ${modelId}`, {
      code: "BidMissing",
      data: { modelId },
      next: "Wait for a provider to bid for this model, or ask for another one.",
      retry: "later",
    });
  }
}
