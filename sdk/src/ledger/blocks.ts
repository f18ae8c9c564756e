import { BlockNotLinked, ReportDuplicated } from "../errors/attestation.js";
import type { InferenceBlock, Signed } from "../messages/index.js";
import type { Address, Hash32 } from "../units/index.js";
import { reportsRoot, totalWei, type ReportEntry } from "./reports.js";

/**
 * Inference blocks (design.md section 2): what one router judged in 12 seconds, signed and linked to its block before.
 * A height with a report has a block of its own. Heights without one are closed by the next block that is signed: the
 * link from height g to height h says that nothing was judged between. So a quiet hour costs one signature.
 */

/** A signed block with its EIP-712 digest and the reports it commits to, in the order of judgement. */
export interface ClosedBlock {
  readonly signed: Signed<"InferenceBlock">;
  readonly hash: Hash32;
  readonly reports: readonly ReportEntry[];
}

/** A credited report and the height at which it was judged: older heights are attested first. */
export interface EarnedReport extends ReportEntry {
  readonly height: bigint;
}

/** Write the block of a height. `previousHash` is zero for the first block of a router. */
export function buildBlock(
  router: Address,
  height: bigint,
  previousHash: Hash32,
  reports: readonly ReportEntry[],
): InferenceBlock {
  return {
    router,
    height,
    previousHash,
    reportsRoot: reportsRoot(reports),
    reportCount: BigInt(reports.length),
    creditWei: totalWei(reports),
  };
}

/**
 * Refuse a block that does not follow `previous` or does not hold the reports it is signed for. Signatures are the
 * caller's question (`verifyMessage`); without `previous` only the content is checked.
 * @throws BlockNotLinked
 */
export function requireLinked(previous: ClosedBlock | undefined, next: ClosedBlock): void {
  const { router, height, previousHash } = next.signed.value;
  const refuse = (reason: string): never => {
    throw new BlockNotLinked(router, height, reason);
  };
  if (previous !== undefined) {
    const before = previous.signed.value;
    if (before.router !== router) refuse(`follows a block of ${before.router}`);
    if (height <= before.height) refuse(`follows height ${before.height}`);
    if (previousHash !== previous.hash) refuse("names another block before");
  }
  const expected = buildBlock(router, height, previousHash, next.reports);
  const { reportsRoot: root, reportCount, creditWei } = next.signed.value;
  if (reportCount !== expected.reportCount) refuse(`${next.reports.length} reports, signed for ${reportCount}`);
  if (creditWei !== expected.creditWei) refuse(`${expected.creditWei} wei of credits, signed for ${creditWei}`);
  if (root !== expected.reportsRoot) refuse("signed for other reports");
}

/**
 * Join the blocks of all routers to one line of credits: by height, then by router address, then in the order of
 * judgement. Every co-signer gets the same line whatever order it heard the blocks in. Reports without credit are left
 * out.
 * @throws BlockNotLinked for two blocks of one router and height; ReportDuplicated
 */
export function mergeBlocks(blocks: readonly ClosedBlock[]): EarnedReport[] {
  const line = blocks.map((block) => ({ block, ...block.signed.value, key: block.signed.value.router.toLowerCase() }));
  line.sort((a, b) =>
    a.height < b.height ? -1 : a.height > b.height ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  );
  const seen = new Set<string>();
  const earned: EarnedReport[] = [];
  for (const [i, { block, height, key, router }] of line.entries()) {
    const before = line[i - 1];
    if (before?.height === height && before.key === key) throw new BlockNotLinked(router, height, "is there twice");
    for (const report of block.reports) {
      if (seen.has(report.reportHash)) throw new ReportDuplicated(report.reportHash, height);
      seen.add(report.reportHash);
      if (report.creditWei > 0n) earned.push({ ...report, height });
    }
  }
  return earned;
}
