import { YellowstoneError } from "../errors/base.js";
import { debitsHash, packDebits, type Debit, type Head } from "../ledger/index.js";
import type { Attestation } from "../messages/index.js";
import type { Hash32 } from "../units/index.js";
import type { Finding } from "./findings.js";
import { lanesAfter, waitingReports, type Line } from "./line.js";
import type { Proposal } from "./proposal.js";
import type { JudgedReport, Refuse } from "./reviewSteps.js";
import { ledgerRoot, sumRoot } from "./sums.js";

/** What a co-signer reads of the chain, and its own clock. */
export interface ChainView {
  readonly head: Head;
  /** What the guard still allows today, in uMOR. */
  readonly allowanceUMor: bigint;
  /** Ids below this are registered. */
  readonly providerCount: bigint;
  /** Moment of the chain's block that was read, in Unix seconds. */
  readonly chainAt: bigint;
  /** The co-signer's clock, in Unix seconds. */
  readonly at: bigint;
}

/** What a proposal is reviewed by. */
export interface ProposalRules {
  /** Digest of the router set the co-signer believes in. */
  readonly routerSet: Hash32;
  /** `policy.attestationSeconds`. */
  readonly attestationSeconds: bigint;
  /** `policy.clockSkewMs`. */
  readonly clockSkewMs: bigint;
  /** The debits the operator has approved: nothing else shows a debit to be right. */
  readonly approvesDebit: (debit: Debit) => boolean;
}

/** What a review says of a proposal. */
export interface ProposalReview {
  readonly findings: readonly Finding[];
  /** The reports it pays; meaningful without findings. */
  readonly paid: readonly JudgedReport[];
}

/**
 * Make a proposal again from the blocks that held, and compare every field. Pure. A proposal that pays less than it
 * could holds, for a transaction holds only so much; one that pays out of order does not.
 */
export function reviewProposal(line: Line, proposal: Proposal, view: ChainView, rules: ProposalRules): ProposalReview {
  const { attestation, through, paidCount, debits } = proposal;
  const findings: Finding[] = [];
  const refuse: Refuse = (what) => void findings.push({ where: `attestation ${attestation.seq}`, what });
  reviewThrough(line, proposal, refuse);
  const waiting = waitingReports(line, through);
  if (paidCount > waiting.length) refuse(`pays ${paidCount} reports, ${waiting.length} wait`);
  const paid = waiting.slice(0, paidCount);
  reviewCredits(line, attestation, paid, view, refuse);
  reviewHead(attestation, view, rules, refuse);
  reviewDebits(attestation, debits, rules, refuse);
  return { findings, paid };
}

function reviewThrough(line: Line, { attestation, through }: Proposal, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const { router, height, hash } of through) {
    const key = router.toLowerCase();
    const block = line.blocks.get(key)?.find((one) => one.height === height);
    if (seen.has(key)) refuse(`names ${router} twice`);
    else if (height > attestation.lastBlock) refuse(`block ${height} of ${router} is after its last one`);
    else if (block === undefined) refuse(`block ${height} of ${router} is not known, or did not hold`);
    else if (block.hash !== hash) refuse(`block ${height} of ${router} is ${hash}, known as ${block.hash}`);
    seen.add(key);
  }
}

function reviewCredits(
  line: Line,
  attestation: Attestation,
  paid: readonly JudgedReport[],
  view: ChainView,
  refuse: Refuse,
): void {
  const before = lanesAfter(line, []);
  const after = lanesAfter(line, paid);
  let credited = 0n;
  for (const [id, lane] of after) credited += lane - (before.get(id) ?? 0n);
  compare("previousRoot", attestation.previousRoot, ledgerRoot(before), refuse);
  compare("newRoot", attestation.newRoot, ledgerRoot(after), refuse);
  compare("reportsRoot", attestation.reportsRoot, sumRoot(paid), refuse);
  compare("credited", attestation.credited, credited, refuse);
  if (credited > view.allowanceUMor) refuse(`credits ${credited} uMOR, the guard allows ${view.allowanceUMor}`);
  for (const id of new Set(paid.map(({ providerId }) => providerId))) {
    if (id >= view.providerCount) refuse(`provider ${id} is not registered`);
  }
}

function reviewHead(attestation: Attestation, { head, at }: ChainView, rules: ProposalRules, refuse: Refuse): void {
  const { seq, previousRoot, firstBlock, lastBlock, routerSet, deadline } = attestation;
  compare("seq", seq, head.lastSeq + 1n, refuse);
  compare("previousRoot on chain", previousRoot, head.headRoot, refuse);
  compare("firstBlock", firstBlock, head.nextBlock, refuse);
  compare("routerSet", routerSet, rules.routerSet, refuse);
  compare("routerSet on chain", routerSet, head.routerSet, refuse);
  if (lastBlock + 1n < firstBlock || lastBlock >= head.openBlock) {
    refuse(`closes blocks ${firstBlock} to ${lastBlock} while ${head.openBlock} is open`);
  }
  const latest = at + rules.attestationSeconds + rules.clockSkewMs / 1_000n;
  if (deadline < at || deadline > latest) refuse(`deadline ${deadline}, expected from ${at} to ${latest}`);
}

function reviewDebits(attestation: Attestation, debits: readonly Debit[], rules: ProposalRules, refuse: Refuse): void {
  try {
    compare("debitsHash", attestation.debitsHash, debitsHash(packDebits(debits)), refuse);
  } catch (error) {
    if (!(error instanceof YellowstoneError)) throw error;
    refuse(error.message);
  }
  for (const debit of debits) {
    if (!rules.approvesDebit(debit)) {
      refuse(`debit of ${debit.amountUMor} uMOR from provider ${debit.providerId} is not approved here`);
    }
  }
  if (attestation.credited === 0n && debits.length === 0) refuse("credits and debits nothing");
}

function compare(field: string, actual: string | bigint, expected: string | bigint, refuse: Refuse): void {
  if (actual !== expected) refuse(`${field} is ${actual}, recomputed ${expected}`);
}
