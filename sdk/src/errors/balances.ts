import { YellowstoneError } from "./base.js";

/** No block of the chain lies in the block-day yet. Moments in Unix seconds. */
export class DayNotBegun extends YellowstoneError<{ chainId: bigint; day: bigint; startAt: bigint; latestAt: bigint }> {
  constructor(chainId: bigint, day: bigint, startAt: bigint, latestAt: bigint) {
    super(`chain ${chainId}: day ${day} begins at ${startAt}, the newest settled block is of ${latestAt}`, {
      code: "DayNotBegun",
      data: { chainId, day, startAt, latestAt },
      next: "Ask again when the chain has a settled block of that day.",
      retry: "later",
    });
  }
}

/** A node does not keep the state of a block that is this old. */
export class HistoryMissing extends YellowstoneError<{ chainId: bigint; blockNumber: number }> {
  constructor(chainId: bigint, blockNumber: number, cause?: unknown) {
    super(`chain ${chainId}: the node has no state of block ${blockNumber}`, {
      code: "HistoryMissing",
      data: { chainId, blockNumber },
      next: "Use an archive node, or the transfer index, which needs events only.",
      retry: "no",
      cause,
    });
  }
}

/** A transfer index does not fit its chain: the chain was reorganised below it, or events are missing. */
export class TransferIndexDiverged extends YellowstoneError<{ chainId: bigint; blockNumber: number; reason: string }> {
  constructor(chainId: bigint, blockNumber: number, reason: string) {
    super(`transfer index of chain ${chainId} at block ${blockNumber}: ${reason}`, {
      code: "TransferIndexDiverged",
      data: { chainId, blockNumber, reason },
      next: "Begin again from an older snapshot, or from the block the token was deployed in.",
      retry: "no",
    });
  }
}

/** A day is older than the days a transfer index can still answer for. */
export class DayForgotten extends YellowstoneError<{ chainId: bigint; day: bigint; oldest: bigint }> {
  constructor(chainId: bigint, day: bigint, oldest: bigint) {
    super(`transfer index of chain ${chainId}: day ${day} is forgotten, the oldest kept is ${oldest}`, {
      code: "DayForgotten",
      data: { chainId, day, oldest },
      next: "Keep more days, or begin again from a snapshot of that day.",
      retry: "no",
    });
  }
}
