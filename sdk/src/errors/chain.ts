import type { Address, Hash32, Hex } from "../units/brands.js";
import { YellowstoneError, type Retry } from "./base.js";

const NEWER_SDK = "Check that the SDK's version fits the deployment's, then report the data if it does.";

/** Revert data that belongs to no error of the contracts, their libraries or the token. */
export class UnknownContractError extends YellowstoneError<{ selector: Hex; data: Hex }> {
  constructor(data: Hex, cause?: unknown) {
    const selector = data.slice(0, 10) as Hex;
    super(`call reverted with the unknown error ${selector}`, {
      code: "UnknownContractError",
      data: { selector, data },
      next: NEWER_SDK,
      retry: "no",
      cause,
    });
  }
}

/** A Solidity panic: an overflow, a division by zero, an index out of bounds, by its number. */
export class ContractPanic extends YellowstoneError<{ number: bigint }> {
  constructor(number: bigint, cause?: unknown) {
    super(`call reverted with panic 0x${number.toString(16)}`, {
      code: "ContractPanic",
      data: { number },
      next: "Check the arguments of the call.",
      retry: "no",
      cause,
    });
  }
}

/** A revert with a text, which no contract of the suite raises: a foreign token or wallet does. */
export class ContractReverted extends YellowstoneError<{ reason: string }> {
  constructor(reason: string, cause?: unknown) {
    super(`call reverted: ${reason}`, {
      code: "ContractReverted",
      data: { reason },
      next: "Ask the contract that gave this reason, most likely the token.",
      retry: "no",
      cause,
    });
  }
}

/** A revert without data: out of gas, a call of something that is not there, or a node that keeps the data to itself. */
export class RevertedWithoutReason extends YellowstoneError {
  constructor(cause?: unknown) {
    super("call reverted without a reason", {
      code: "RevertedWithoutReason",
      data: {},
      next: "Check gas limit and addresses; ask another node if this one hides revert data.",
      retry: "no",
      cause,
    });
  }
}

/** A node, wallet or connection failed; no contract refused anything. `cause` has what it said. */
export class ChainRequestFailed extends YellowstoneError<{ reason: string }> {
  constructor(reason: string, retry: Retry, cause?: unknown) {
    super(`request to the chain failed: ${reason}`, {
      code: "ChainRequestFailed",
      data: { reason },
      next: retry === "now" ? "Send the request again, to another node if it persists." : "Mend what the reason names.",
      retry,
      cause,
    });
  }
}

/** A transaction was mined and failed. `cause` has the decoded error if repeating the call gave one. */
export class TransactionReverted extends YellowstoneError<{ hash: string; blockNumber: number; gasUsed: bigint }> {
  constructor(hash: string, blockNumber: number, gasUsed: bigint, cause?: unknown) {
    super(`transaction ${hash} failed in block ${blockNumber}`, {
      code: "TransactionReverted",
      data: { hash, blockNumber, gasUsed },
      next: "Read the cause; simulate the call on the head of the chain before sending it again.",
      retry: "no",
      cause,
    });
  }
}

/** A transaction was not found in a block within the time given, or was dropped or replaced. */
export class TransactionUnconfirmed extends YellowstoneError<{ hash: string; reason: string }> {
  constructor(hash: string, reason: string, cause?: unknown) {
    super(`transaction ${hash} is not confirmed: ${reason}`, {
      code: "TransactionUnconfirmed",
      data: { hash, reason },
      next: "Look the transaction up before sending anything again.",
      retry: "later",
      cause,
    });
  }
}

/** A receipt does not hold the event that the call emits. */
export class EventMissing extends YellowstoneError<{ event: string; hash: string; contract: Address }> {
  constructor(event: string, hash: string, contract: Address) {
    super(`transaction ${hash} emitted no ${event} of ${contract}`, {
      code: "EventMissing",
      data: { event, hash, contract },
      next: "Pass the receipt of this verb's own transaction, and the deployment it was sent to.",
      retry: "no",
    });
  }
}

/** The attestations on chain do not lead from one ledger to the next: an event is missing, or the start is wrong. */
export class LedgerDiverged extends YellowstoneError<{ seq: bigint; expected: string; actual: string }> {
  constructor(seq: bigint, expected: string, actual: string) {
    super(`ledger at attestation ${seq}: expected ${expected}, got ${actual}`, {
      code: "LedgerDiverged",
      data: { seq, expected, actual },
      next: "Rebuild from the deployment's own block; ask another node if events are missing there.",
      retry: "later",
    });
  }
}

/** The events of a season do not make the list that the contract keeps the hash of. */
export class SeasonDiverged extends YellowstoneError<{ season: bigint; onChain: Hash32; rebuilt: Hash32 }> {
  constructor(season: bigint, onChain: Hash32, rebuilt: Hash32) {
    super(`list of season ${season}: ${onChain} on chain, ${rebuilt} by its events`, {
      code: "SeasonDiverged",
      data: { season, onChain, rebuilt },
      next: "Read events from the deployment's own block; ask another node if some are missing there.",
      retry: "later",
    });
  }
}

/** The events of a provider do not add up to what the chain says of it. */
export class AccountDiverged extends YellowstoneError<{ id: bigint; figure: string; onChain: bigint; summed: bigint }> {
  constructor(id: bigint, figure: string, onChain: bigint, summed: bigint) {
    super(`provider ${id}, ${figure}: ${onChain} uMOR on chain, ${summed} uMOR by its events`, {
      code: "AccountDiverged",
      data: { id, figure, onChain, summed },
      next: "Read events from the deployment's own block and lanes from a ledger rebuilt to the same block.",
      retry: "later",
    });
  }
}
