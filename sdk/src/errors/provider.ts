import type { Hash32 } from "../units/brands.js";
import { YellowstoneError } from "./base.js";

/** A node no longer has the events of blocks this old. */
export class LogsPruned extends YellowstoneError<{ fromBlock: number; toBlock: number }> {
  constructor(fromBlock: number, toBlock: number, cause?: unknown) {
    super(`events of blocks ${fromBlock} to ${toBlock} are pruned at this node`, {
      code: "LogsPruned",
      data: { fromBlock, toBlock },
      next: "Begin at a snapshot of a later block, or ask a node that keeps all events.",
      retry: "no",
      cause,
    });
  }
}

/** A node refuses to give the events of a single block: its limits are below what one block holds. */
export class LogsRefused extends YellowstoneError<{ blockNumber: number }> {
  constructor(blockNumber: number, cause?: unknown) {
    super(`events of block ${blockNumber} alone are more than this node gives at once`, {
      code: "LogsRefused",
      data: { blockNumber },
      next: "Ask a node with wider limits.",
      retry: "no",
      cause,
    });
  }
}

/** The chain was reorganised below the oldest block whose hash is kept. */
export class ReorgTooDeep extends YellowstoneError<{ blockNumber: number; blockHash: Hash32 }> {
  constructor(blockNumber: number, blockHash: Hash32) {
    super(`block ${blockNumber} was ${blockHash}, the oldest that is kept, and is no longer on the chain`, {
      code: "ReorgTooDeep",
      data: { blockNumber, blockHash },
      next: "Begin at an older snapshot, or at the deployment; keep more blocks if the chain can be reorganised this deep.",
      retry: "no",
    });
  }
}

/** The chain changed under every attempt to read a range of blocks. */
export class ChainUnsettled extends YellowstoneError<{ fromBlock: number; toBlock: number; attempts: number }> {
  constructor(fromBlock: number, toBlock: number, attempts: number) {
    super(`blocks ${fromBlock} to ${toBlock} changed while they were read, ${attempts} times`, {
      code: "ChainUnsettled",
      data: { fromBlock, toBlock, attempts },
      next: "Try again, or stay some confirmations behind the newest block; nodes behind one address may disagree.",
      retry: "later",
    });
  }
}

/** A history made of events is not what the chain says: the node left some out. */
export class HistoryDiverged extends YellowstoneError<{
  figure: string;
  onChain: string;
  summed: string;
  blockNumber: number;
}> {
  constructor(figure: string, onChain: string | bigint, summed: string | bigint, blockNumber: number) {
    super(`${figure} at block ${blockNumber}: ${onChain} on chain, ${summed} by the events`, {
      code: "HistoryDiverged",
      data: { figure, onChain: String(onChain), summed: String(summed), blockNumber },
      next: "Begin again from a snapshot or the deployment, at a node that keeps all events.",
      retry: "later",
    });
  }
}

/** A snapshot is not the one that was written: its checksum or the root of its lanes is another. */
export class SnapshotDamaged extends YellowstoneError<{ part: string; expected: string; actual: string }> {
  constructor(part: string, expected: string, actual: string) {
    super(`snapshot: ${part} is ${actual}, expected ${expected}`, {
      code: "SnapshotDamaged",
      data: { part, expected, actual },
      next: "Fetch the snapshot again, or take an older one.",
      retry: "no",
    });
  }
}

/** A snapshot is whole and does not belong to this chain: another deployment, another fork, or a lie. */
export class SnapshotForeign extends YellowstoneError<{ part: string; onChain: string; inSnapshot: string }> {
  constructor(part: string, onChain: string, inSnapshot: string) {
    super(`snapshot: ${part} is ${inSnapshot}, on chain ${onChain}`, {
      code: "SnapshotForeign",
      data: { part, onChain, inSnapshot },
      next: "Take a snapshot of this deployment, older than any reorganisation.",
      retry: "no",
    });
  }
}
