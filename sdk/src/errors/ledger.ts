import { YellowstoneError } from "./base.js";

/** A range of words that the tree or the contract would refuse. */
export class InvalidRange extends YellowstoneError {
  constructor(range: { firstWord: number; level: number; count: number }, reason: string) {
    super(`range at word ${range.firstWord}, level ${range.level}, ${range.count} words: ${reason}`, {
      code: "InvalidRange",
      data: { ...range, reason },
      next: "Build ranges with planUpdate or planClaim; do not write them by hand.",
      retry: "no",
    });
  }
}

/** Packed bytes that end before the range they announce. */
export class PayloadTruncated extends YellowstoneError {
  constructor(needed: number, available: number) {
    super(`packed range needs ${needed} bytes, ${available} are left`, {
      code: "PayloadTruncated",
      data: { needed, available },
      next: "Read the bytes again from the event of the attestation.",
      retry: "no",
    });
  }
}

/** A value that does not fit the width chosen for its range. */
export class LaneTooWide extends YellowstoneError {
  constructor(index: number, value: bigint, bits: number) {
    super(`lane ${index} holds ${value}, which does not fit ${bits} bits`, {
      code: "LaneTooWide",
      data: { index, value, bits },
      next: "Choose the width from the largest lane of the range.",
      retry: "no",
    });
  }
}

/** A credit that would take a lane to 2^62 uMOR or a delta that is negative or above 2^44. */
export class LaneOverflow extends YellowstoneError {
  constructor(providerId: number, laneUMor: bigint, deltaUMor: bigint) {
    super(`provider ${providerId} has ${laneUMor} uMOR and cannot be credited ${deltaUMor}`, {
      code: "LaneOverflow",
      data: { providerId, laneUMor, deltaUMor },
      next: "Credit at most 2^44 - 1 uMOR at once; a lane stays below 2^62 uMOR.",
      retry: "no",
    });
  }
}

/** A provider id that the tree has no lane for. */
export class LaneOutsideTree extends YellowstoneError {
  constructor(providerId: number | bigint) {
    super(`${providerId} is not a provider id: ids are whole numbers from 0 to 4194303`, {
      code: "LaneOutsideTree",
      data: { providerId },
      next: "Use the id that the provider registry returned.",
      retry: "no",
    });
  }
}
