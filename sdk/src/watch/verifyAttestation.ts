import { bytesToHex } from "../crypto/hex.js";
import { deltasById, type Attested } from "../events/attested.js";
import { debitsHash, packDebits, type Debit } from "../ledger/debits.js";
import type { LedgerTree } from "../ledger/tree.js";
import type { Finding } from "../quorum/findings.js";
import { MAX_FINDINGS } from "../quorum/findings.js";
import { lanesAfter, type Line } from "../quorum/line.js";
import type { Proposal } from "../quorum/proposal.js";
import type { JudgedReport, Refuse } from "../quorum/reviewSteps.js";
import { deltasOf, findPaid, nearestPaid } from "./paidPrefix.js";

/** What an attestation is compared with. */
export interface VerifyContext {
  /** Blocks that held when their work was done again, and what was paid before. */
  readonly line: Line;
  /** Ledger before the attestation, from the chain. */
  readonly before: LedgerTree;
  /** First block that was not closed before it; not compared when left out. */
  readonly nextBlock?: bigint;
  /** Debits that travel with it, from their event; none when left out. */
  readonly debits?: readonly Debit[];
  /** Debits that are known to be right: nothing else shows it. None when left out. */
  readonly approvesDebit?: (debit: Debit) => boolean;
  /** The proposal, where its makers publish it: which blocks they knew is searched for without. */
  readonly proposal?: Pick<Proposal, "through">;
}

/** What a verification says. */
export interface AttestationReview {
  readonly findings: readonly Finding[];
  /** The reports it pays; undefined when no known reports explain it. */
  readonly paid: readonly JudgedReport[] | undefined;
}

/**
 * Make an attestation again from published blocks and from the chain, and say in one line each what is wrong where. What the
 * contract proves, that roots and sums fit, is computed as well: it finds a node that lies. Pure.
 *
 * @example
 * const { findings } = verifyAttestation(attested, { line, before: history.headTree });
 * for (const finding of findings) console.log(describeFinding(finding));
 */
export function verifyAttestation(attested: Attested, context: VerifyContext): AttestationReview {
  const { line, debits = [], approvesDebit = () => false, nextBlock } = context;
  const findings: Finding[] = [];
  const refuse: Refuse = (what) => void findings.push({ where: `attestation ${attested.seq}`, what });
  const deltas = deltasById(attested.deltas);
  reviewRoots(attested, deltas, context.before, refuse);
  compare("debitsHash", attested.debitsHash, debitsHash(packDebits(debits)), refuse);
  if (nextBlock !== undefined) compare("firstBlock", attested.firstBlock, nextBlock, refuse);
  reviewBefore(line, context.before, refuse);
  const claim = { ...attested, deltas };
  const paid = findPaid(line, claim, context.proposal);
  if (paid === undefined) explain(line, attested, deltas, refuse);
  for (const debit of debits) {
    if (!approvesDebit(debit)) {
      refuse(
        `debits ${debit.amountUMor} uMOR from provider ${debit.providerId}, for ${debit.reasonHash}: not approved here`,
      );
    }
  }
  return { findings: findings.slice(0, MAX_FINDINGS), paid };
}

function reviewRoots(
  { newRoot, creditedUMor }: Attested,
  deltas: ReadonlyMap<number, bigint>,
  before: LedgerTree,
  refuse: Refuse,
): void {
  const after = before.clone();
  after.apply(deltas);
  compare("newRoot", newRoot, bytesToHex(after.root()), refuse);
  const sum = [...deltas.values()].reduce((total, delta) => total + delta, 0n);
  compare("credited", creditedUMor, sum, refuse);
}

/** Lanes of the chain that the blocks do not explain: what an earlier attestation left. */
function reviewBefore(line: Line, before: LedgerTree, refuse: Refuse): void {
  const known = lanesAfter(line, []);
  const end = [...known.keys()].reduce(
    (most, id) => (Number(id) >= most ? Number(id) + 1 : most),
    before.wordCount * 4,
  );
  for (let id = 0; id < end; id++) {
    const [onChain, recomputed] = [before.lane(id), known.get(BigInt(id)) ?? 0n];
    if (onChain !== recomputed) refuse(`provider ${id} had ${onChain} uMOR before it, recomputed ${recomputed} uMOR`);
  }
}

/** Say who is credited otherwise than the reports that come nearest. */
function explain(line: Line, attested: Attested, deltas: ReadonlyMap<number, bigint>, refuse: Refuse): void {
  const nearest = nearestPaid(line, { ...attested, deltas });
  const earned = deltasOf(line, nearest);
  const everyone = [...new Set([...deltas.keys(), ...earned.keys()])].sort((a, b) => a - b);
  let others = 0;
  for (const id of everyone) {
    const [credited, due] = [deltas.get(id) ?? 0n, earned.get(id) ?? 0n];
    if (credited === due) continue;
    others++;
    refuse(`provider ${id} is credited ${credited} uMOR, its reports earn ${due} uMOR`);
  }
  if (others === 0) refuse(`reportsRoot is ${attested.reportsRoot}, of no reports that wait in published blocks`);
}

function compare(field: string, actual: string | bigint, expected: string | bigint, refuse: Refuse): void {
  if (actual !== expected) refuse(`${field} is ${actual}, recomputed ${expected}`);
}
