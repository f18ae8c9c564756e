import { BLOCK_SECONDS, type Hash32 } from "../units/index.js";
import { MAX_FINDINGS, placeOf, type Finding } from "./findings.js";
import type { OpenedBlock, OpenedStep } from "./opened.js";
import { copyReplica, type Replica } from "./replica.js";
import { reviewBid, reviewEnd, reviewMatch, reviewReport, type JudgedReport, type Refuse } from "./reviewSteps.js";
import { dayOf, heightAt, type ReviewRules } from "./rules.js";
import { sumRoot } from "./sums.js";

/** What a review says of a block. */
export interface BlockReview {
  readonly height: bigint;
  readonly hash: Hash32;
  /** None when the block holds. */
  readonly findings: readonly Finding[];
  /** The router after the block; as before it when there are findings. */
  readonly after: Replica;
  /** Every report, in the order of judgement, with the credit it must have. */
  readonly reports: readonly JudgedReport[];
  /** Steps that pass a bid over and that nothing proves: see {@link Step}. */
  readonly unproven: { readonly unanswered: number; readonly lapsed: number };
}

/**
 * Do the work of a block again, from a router's steps alone, and compare (design.md section 13). Pure: balances and
 * owners are in the opened evidence, time is in its stamps. The replica given is left as it was.
 */
export function reviewBlock(before: Replica, block: OpenedBlock, rules: ReviewRules): BlockReview {
  const { value, hash, steps } = block;
  const after = copyReplica(before);
  const findings: Finding[] = [...block.findings];
  const refuseAt = (step?: number): Refuse => {
    return (what) => void findings.push({ where: placeOf(before.router, value.height, step), what });
  };
  reviewLinks(before, block, refuseAt());
  const reports: JudgedReport[] = [];
  const unproven = { unanswered: 0, lapsed: 0 };
  for (const [i, step] of steps.entries()) {
    reviewMoment(after, step, value.height, rules, refuseAt(i));
    const report = reviewStep(after, step, rules, refuseAt(i));
    if (report !== undefined) reports.push(report);
    if (step.kind === "unanswered" || step.kind === "lapsed") unproven[step.kind]++;
  }
  reviewSums(block, reports, refuseAt());
  if (findings.length > 0) {
    return {
      height: value.height,
      hash,
      findings: findings.slice(0, MAX_FINDINGS),
      after: before,
      reports: [],
      unproven,
    };
  }
  forget(after, value.height, rules);
  after.lastHash = hash;
  after.lastHeight = value.height;
  return { height: value.height, hash, findings, after, reports, unproven };
}

function reviewLinks(before: Replica, { value }: OpenedBlock, refuse: Refuse): void {
  const { router, height, previousHash } = value;
  if (router !== before.router) refuse(`a block of ${router}`);
  if (height <= before.lastHeight) refuse(`follows height ${before.lastHeight}`);
  if (previousHash !== before.lastHash) refuse(`names ${previousHash} before it, expected ${before.lastHash}`);
}

/** Steps do not go back, none is of a later block, and a report is of this very block. */
function reviewMoment(
  replica: Replica,
  { kind, atMs }: OpenedStep,
  height: bigint,
  rules: ReviewRules,
  refuse: Refuse,
): void {
  const at = heightAt(rules, atMs);
  if (atMs < replica.latestMs) refuse(`at ${atMs} ms, after a step at ${replica.latestMs} ms`);
  if (at <= replica.lastHeight || at > height || (kind === "report" && at !== height)) refuse(`is of height ${at}`);
  if (atMs > replica.latestMs) replica.latestMs = atMs;
}

function reviewStep(replica: Replica, step: OpenedStep, rules: ReviewRules, refuse: Refuse): JudgedReport | undefined {
  switch (step.kind) {
    case "bid":
      return void reviewBid(replica, step, refuse);
    case "match":
      return void reviewMatch(replica, step, rules, refuse);
    case "report":
      return reviewReport(replica, step, rules, refuse);
    default:
      return void reviewEnd(replica, step, rules, refuse);
  }
}

function reviewSums({ value }: OpenedBlock, reports: readonly JudgedReport[], refuse: Refuse): void {
  const creditWei = reports.reduce((sum, report) => sum + report.creditWei, 0n);
  if (value.reportCount !== BigInt(reports.length)) {
    refuse(`signed for ${value.reportCount} reports, ${reports.length} are shown`);
  }
  if (value.creditWei !== creditWei)
    refuse(`signed for ${value.creditWei} wei of credits, recomputed ${creditWei} wei`);
  const root = sumRoot(reports);
  if (value.reportsRoot !== root) refuse(`signed for reports ${value.reportsRoot}, recomputed ${root}`);
}

/** Drop what no later step can need: requests past their deadline, and the usage of days that are over. */
function forget(replica: Replica, height: bigint, rules: ReviewRules): void {
  const endAt = rules.emissionStart + (height + 1n) * BigInt(BLOCK_SECONDS);
  const open = [...replica.open.values()];
  const needed = new Set(open.flatMap(({ usageKey, requestKey }) => [usageKey, requestKey]));
  for (const [key, { deadlineAt }] of replica.requests) {
    if (deadlineAt < endAt && !needed.has(key)) replica.requests.delete(key);
  }
  const day = dayOf(rules, endAt * 1_000n);
  for (const key of replica.usedWei.keys()) {
    if (BigInt(key.slice(0, key.indexOf(" "))) < day && !needed.has(key)) replica.usedWei.delete(key);
  }
}
