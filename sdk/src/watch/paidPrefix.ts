import { lanesAfter, waitingReports, type Line } from "../quorum/line.js";
import type { Proposal, Through } from "../quorum/proposal.js";
import type { JudgedReport } from "../quorum/reviewSteps.js";
import { sumRoot } from "../quorum/sums.js";
import { WEI_PER_UMOR, type Hash32 } from "../units/index.js";

/** What an attestation says it pays. */
export interface PaidClaim {
  readonly lastBlock: bigint;
  readonly reportsRoot: Hash32;
  /** By provider, in uMOR; without zeros. */
  readonly deltas: ReadonlyMap<number, bigint>;
}

/** Blocks of a router that may have come too late for a proposal: so many of its last ones are left out in turn. */
const MAX_LATE_BLOCKS = 16;

/**
 * Find the reports that an attestation pays: the oldest that wait, as many as make its root and its credits. Which blocks its
 * makers knew is tried where no proposal says it: all up to its last block, then without the last ones of each router.
 * @returns undefined when no such reports are known
 */
export function findPaid(
  line: Line,
  claim: PaidClaim,
  proposal?: Pick<Proposal, "through">,
): JudgedReport[] | undefined {
  const tries = proposal === undefined ? throughs(line, claim.lastBlock) : [proposal.through];
  for (const through of tries) {
    const paid = prefixOf(line, waitingReports(line, through), claim);
    if (paid !== undefined) return paid;
  }
  return undefined;
}

/** The longest prefix of what waits that credits no more than the attestation does: what it could be meant to pay. */
export function nearestPaid(line: Line, claim: PaidClaim): JudgedReport[] {
  const [all = []] = throughs(line, claim.lastBlock);
  const waiting = waitingReports(line, all);
  const credited = sumOf(claim.deltas);
  let count = 0;
  for (const { at, creditedUMor } of prefixes(line, waiting)) if (creditedUMor <= credited) count = at;
  return waiting.slice(0, count);
}

/** What reports add to each lane, in uMOR; without zeros. */
export function deltasOf(line: Line, reports: readonly JudgedReport[]): Map<number, bigint> {
  const before = lanesAfter(line, []);
  const after = lanesAfter(line, reports);
  return new Map(
    [...after].flatMap(([id, lane]): [number, bigint][] => {
      const delta = lane - (before.get(id) ?? 0n);
      return delta === 0n ? [] : [[Number(id), delta]];
    }),
  );
}

function prefixOf(line: Line, waiting: readonly JudgedReport[], claim: PaidClaim): JudgedReport[] | undefined {
  const credited = sumOf(claim.deltas);
  for (const { at, creditedUMor } of prefixes(line, waiting)) {
    if (creditedUMor > credited) return undefined;
    if (creditedUMor !== credited) continue;
    const paid = waiting.slice(0, at);
    if (sumRoot(paid) === claim.reportsRoot && isSame(deltasOf(line, paid), claim.deltas)) return paid;
  }
  return undefined;
}

/** Every prefix of the reports with the sum it credits, in uMOR: lanes are rounded down, so a report may credit nothing. */
function* prefixes(line: Line, waiting: readonly JudgedReport[]): Generator<{ at: number; creditedUMor: bigint }> {
  const wei = new Map<bigint, bigint>();
  let creditedUMor = 0n;
  yield { at: 0, creditedUMor };
  for (const [i, { providerId, creditWei }] of waiting.entries()) {
    const before = wei.get(providerId) ?? line.attestedWei.get(providerId) ?? 0n;
    wei.set(providerId, before + creditWei);
    creditedUMor += (before + creditWei) / WEI_PER_UMOR - before / WEI_PER_UMOR;
    yield { at: i + 1, creditedUMor };
  }
}

function throughs(line: Line, lastBlock: bigint): Through[][] {
  const known = [...line.blocks.values()].map((blocks) => blocks.filter(({ height }) => height <= lastBlock));
  const upTo = (leftOut: number, of: number) =>
    known.flatMap((blocks, i): Through[] => {
      const block = blocks[blocks.length - 1 - (i === of ? leftOut : 0)];
      return block === undefined ? [] : [{ router: block.router, height: block.height, hash: block.hash }];
    });
  const late = known.flatMap((blocks, of) =>
    Array.from({ length: Math.min(blocks.length, MAX_LATE_BLOCKS) }, (_, i) => upTo(i + 1, of)),
  );
  return [upTo(0, -1), ...late];
}

function isSame(one: ReadonlyMap<number, bigint>, other: ReadonlyMap<number, bigint>): boolean {
  return one.size === other.size && [...one].every(([id, delta]) => other.get(id) === delta);
}

function sumOf(deltas: ReadonlyMap<number, bigint>): bigint {
  return [...deltas.values()].reduce((sum, delta) => sum + delta, 0n);
}
