import { YellowstoneError } from "../errors/base.js";
import { ReportProofInvalid } from "../errors/attestation.js";
import type { Hash32 } from "../units/index.js";
import { hashRoot, joinNodes, reportLeaf, type ReportProof, type SumNode } from "./reports.js";

/** What a proof shows: the report covers the positions from `offsetWei` to below `offsetWei + creditWei`. */
export interface ProvenReport {
  readonly offsetWei: bigint;
  readonly totalWei: bigint;
}

/**
 * Verify that a root commits to a report at its place and say which drawn positions it answers for.
 * @throws ReportProofInvalid
 */
export function verifyReportProof(root: Hash32, proof: ReportProof): ProvenReport {
  const { index, count, siblings } = proof;
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new ReportProofInvalid(`no report ${index} among ${count}`);
  }
  try {
    let node = reportLeaf(proof.report);
    let offsetWei = 0n;
    let used = 0;
    for (let at = index, width = count; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
      if (at % 2 === 0 && at + 1 === width) continue;
      const sibling = siblingAt(siblings, used++);
      if (at % 2 === 1) offsetWei += sibling.sumWei;
      node = at % 2 === 1 ? joinNodes(sibling, node) : joinNodes(node, sibling);
    }
    if (used !== siblings.length) throw new ReportProofInvalid(`${siblings.length} siblings, expected ${used}`);
    if (hashRoot(count, node) !== root) throw new ReportProofInvalid("it leads to another root");
    return { offsetWei, totalWei: node.sumWei };
  } catch (error) {
    if (error instanceof ReportProofInvalid || !(error instanceof YellowstoneError)) throw error;
    throw new ReportProofInvalid(error.message);
  }
}

function siblingAt(siblings: readonly SumNode[], at: number): SumNode {
  const sibling = siblings[at];
  if (sibling === undefined) throw new ReportProofInvalid(`sibling ${at} is missing`);
  return sibling;
}
