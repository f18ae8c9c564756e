import { YellowstoneError } from "./base.js";

/** The local ledger is not at the head of the chain. */
export class LedgerBehindHead extends YellowstoneError<{ localRoot: string; headRoot: string }> {
  constructor(localRoot: string, headRoot: string) {
    super(`ledger at root ${localRoot}, the head is ${headRoot}`, {
      code: "LedgerBehindHead",
      data: { localRoot, headRoot },
      next: "Apply the deltas of every accepted attestation, then propose again.",
      retry: "later",
    });
  }
}

/** An attestation would close a block that is not complete, or leave out blocks the head has closed. */
export class BlockRangeInvalid extends YellowstoneError<{ firstBlock: bigint; lastBlock: bigint; openBlock: bigint }> {
  constructor(firstBlock: bigint, lastBlock: bigint, openBlock: bigint) {
    super(`blocks ${firstBlock} to ${lastBlock} cannot be closed while ${openBlock} is open`, {
      code: "BlockRangeInvalid",
      data: { firstBlock, lastBlock, openBlock },
      next: "Close complete blocks only: lastBlock from firstBlock - 1 to openBlock - 1.",
      retry: "later",
    });
  }
}

/** Even one word of the ledger does not fit the limits of a transaction. */
export class UpdateTooLarge extends YellowstoneError<{ bytes: number; gas: number; maxBytes: number; maxGas: number }> {
  constructor(bytes: number, gas: number, maxBytes: number, maxGas: number) {
    super(`smallest update: ${bytes} bytes and ${gas} gas, limits ${maxBytes} and ${maxGas}`, {
      code: "UpdateTooLarge",
      data: { bytes, gas, maxBytes, maxGas },
      next: "Use the limits of the chain the contract is deployed to.",
      retry: "no",
    });
  }
}

/** A draft was built on another state than the present one: accepted already, or overtaken. */
export class DraftStale extends YellowstoneError<{ seq: bigint; reason: string }> {
  constructor(seq: bigint, reason: string) {
    super(`draft of attestation ${seq}: ${reason}`, {
      code: "DraftStale",
      data: { seq, reason },
      next: "Accept each draft once and in order; propose again from the present head.",
      retry: "no",
    });
  }
}

/** A proof of a report does not lead to the root. */
export class ReportProofInvalid extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`report proof: ${reason}`, {
      code: "ReportProofInvalid",
      data: { reason },
      next: "Ask for the proof again, from the reports that the root commits to.",
      retry: "no",
    });
  }
}

/** An attestation was vetoed that this router does not hold as accepted. */
export class VetoUnknown extends YellowstoneError<{ seq: bigint }> {
  constructor(seq: bigint) {
    super(`attestation ${seq} is not among the last ones that were accepted`, {
      code: "VetoUnknown",
      data: { seq },
      next: "Report every accepted attestation and every veto to the router once, in the order of the chain.",
      retry: "no",
    });
  }
}

/** An index or a drawn position lies outside the reports. */
export class ReportOutsideTree extends YellowstoneError<{ position: bigint; end: bigint }> {
  constructor(position: bigint, end: bigint) {
    super(`report tree: ${position} is outside [0, ${end})`, {
      code: "ReportOutsideTree",
      data: { position, end },
      next: "Draw a whole number from 0 to below the end.",
      retry: "no",
    });
  }
}

/** Blocks of one router do not follow each other, or do not hold what they are signed for. */
export class BlockNotLinked extends YellowstoneError<{ router: string; height: bigint; reason: string }> {
  constructor(router: string, height: bigint, reason: string) {
    super(`block ${height} of ${router}: ${reason}`, {
      code: "BlockNotLinked",
      data: { router, height, reason },
      next: "Ask the router for its blocks again, in order from the last one known.",
      retry: "later",
    });
  }
}

/** The same report is in two blocks: it would be paid twice. */
export class ReportDuplicated extends YellowstoneError<{ reportHash: string; height: bigint }> {
  constructor(reportHash: string, height: bigint) {
    super(`report ${reportHash} is in block ${height} again`, {
      code: "ReportDuplicated",
      data: { reportHash, height },
      next: "Keep both blocks as evidence and leave the later one out.",
      retry: "no",
    });
  }
}
