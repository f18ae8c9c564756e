import { VetoUnknown } from "../errors/attestation.js";
import { WEI_PER_UMOR, type Address, type Hash32 } from "../units/index.js";
import type { Through } from "./proposal.js";
import type { JudgedReport } from "./reviewSteps.js";

/** Attestations that can be pending on chain, as contracts/types/Units.sol. */
const MAX_PENDING = 256;

/** A block that held, with the reports it credits. */
export interface ReviewedBlock {
  readonly router: Address;
  readonly height: bigint;
  readonly hash: Hash32;
  readonly reports: readonly JudgedReport[];
}

/** What an accepted attestation paid. */
export interface PaidReports {
  readonly seq: bigint;
  readonly lastBlock: bigint;
  readonly reports: readonly JudgedReport[];
}

/**
 * What a co-signer keeps of all routers together: blocks that held, what was paid, and the exact lifetime credits. The
 * plain twin of the proposer's ledger; it shares no code with it.
 */
export interface Line {
  /** By router in lower case, ascending heights. */
  readonly blocks: Map<string, ReviewedBlock[]>;
  readonly paid: Set<Hash32>;
  /** Exact in wei: a lane is this, rounded down to uMOR. */
  readonly attestedWei: Map<bigint, bigint>;
  /** Oldest first; as many as a veto can still drop. */
  accepted: readonly PaidReports[];
}

/** Make a line that begins at given lifetime credits in wei, exact. */
export function createLine(attestedWei: Iterable<readonly [bigint, bigint]> = []): Line {
  return { blocks: new Map(), paid: new Set(), attestedWei: new Map(attestedWei), accepted: [] };
}

/** Add a block that held. Reports without credit are paid by nobody and are left out. */
export function addBlock(line: Line, block: ReviewedBlock): void {
  const key = block.router.toLowerCase();
  const reports = block.reports.filter(({ creditWei }) => creditWei > 0n);
  const blocks = line.blocks.get(key) ?? [];
  blocks.push({ ...block, reports });
  line.blocks.set(key, blocks);
}

/** The credited reports that wait: by height, then by router address, then in the order of judgement. */
export function waitingReports(line: Line, through: readonly Through[]): JudgedReport[] {
  const blocks = through.flatMap(({ router, height }) => {
    return (line.blocks.get(router.toLowerCase()) ?? []).filter((block) => block.height <= height);
  });
  blocks.sort((a, b) => Number(a.height - b.height) || (a.router.toLowerCase() < b.router.toLowerCase() ? -1 : 1));
  const reports = blocks.flatMap((block) => block.reports);
  return reports.filter(({ reportHash }) => !line.paid.has(reportHash));
}

/** Lanes in uMOR after more reports are paid. */
export function lanesAfter(line: Line, reports: readonly JudgedReport[]): Map<bigint, bigint> {
  const wei = new Map(line.attestedWei);
  for (const { providerId, creditWei } of reports) wei.set(providerId, (wei.get(providerId) ?? 0n) + creditWei);
  return new Map([...wei].map(([id, amount]) => [id, amount / WEI_PER_UMOR]));
}

/** Take reports as paid by an attestation. Blocks that no veto can bring back are forgotten. */
export function payReports(line: Line, paid: PaidReports): void {
  const { reports } = paid;
  for (const { reportHash } of reports) line.paid.add(reportHash);
  book(line, reports, 1n);
  line.accepted = [...line.accepted, paid];
  if (line.accepted.length > MAX_PENDING) forgetOldest(line);
}

/** Take attestation `seq` and all after it back: their reports wait again. @throws VetoUnknown */
export function unpayReports(line: Line, seq: bigint): void {
  const first = line.accepted.findIndex((each) => each.seq === seq);
  if (first < 0) throw new VetoUnknown(seq);
  for (const { reports } of line.accepted.slice(first)) {
    for (const { reportHash } of reports) line.paid.delete(reportHash);
    book(line, reports, -1n);
  }
  line.accepted = line.accepted.slice(0, first);
}

function book(line: Line, reports: readonly JudgedReport[], sign: 1n | -1n): void {
  for (const { providerId, creditWei } of reports) {
    line.attestedWei.set(providerId, (line.attestedWei.get(providerId) ?? 0n) + sign * creditWei);
  }
}

function forgetOldest(line: Line): void {
  const oldest = line.accepted[0]!;
  line.accepted = line.accepted.slice(1);
  const isFinal = new Set(oldest.reports.map(({ reportHash }) => reportHash));
  for (const [router, blocks] of line.blocks) {
    const left = blocks.map((block) => {
      return { ...block, reports: block.reports.filter(({ reportHash }) => !isFinal.has(reportHash)) };
    });
    // The last block stays: proposals name it.
    const isNeeded = ({ height, reports }: ReviewedBlock) => height > oldest.lastBlock || reports.length > 0;
    line.blocks.set(
      router,
      left.filter((block, i) => i === left.length - 1 || isNeeded(block)),
    );
  }
  for (const reportHash of isFinal) line.paid.delete(reportHash);
}
