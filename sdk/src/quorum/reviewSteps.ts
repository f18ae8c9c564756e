import { noteJob, judgeJob } from "./judgement.js";
import { jobsOf, lowestBid, takeBid, whyPassedOver, type BidQuestion } from "./lowestBid.js";
import type { OpenedStep } from "./opened.js";
import type { OpenJob, Replica, Request } from "./replica.js";
import { dayOf, heightAt, homeOf, isHome, type ReviewRules } from "./rules.js";
import type { Hash32, ProviderId, Wei } from "../units/index.js";

/** A report as it must be credited. */
export interface JudgedReport {
  readonly reportHash: Hash32;
  readonly providerId: ProviderId;
  readonly creditWei: Wei;
}

/** Tells what is wrong with the step under review. */
export type Refuse = (what: string) => void;

type StepOf<K extends OpenedStep["kind"]> = Extract<OpenedStep, { kind: K }>;

/** Do a bid step again. */
export function reviewBid(replica: Replica, { bid, bidHash, atMs }: StepOf<"bid">, refuse: Refuse): void {
  const why = takeBid(replica, { bid, bidHash }, atMs);
  if (why !== undefined) refuse(`bid ${bid.sequence} of provider ${bid.providerId} cannot be taken: ${why}`);
}

/** Do a match step again: who may ask, which bid is lowest, and whether the quota holds it. */
export function reviewMatch(replica: Replica, step: StepOf<"match">, rules: ReviewRules, refuse: Refuse): void {
  const { rfc, rfcHash, match, matchHash, atMs } = step;
  const { policy } = rules;
  const user = rfc.user.toLowerCase();
  const requestKey = `${user} ${rfc.nonce}`;
  const at = atMs / 1_000n;
  const earlier = replica.requests.get(requestKey);
  const known = earlier !== undefined && earlier.deadlineAt >= at ? earlier : undefined;
  const unlike = (["queryKey", "modelId", "tokenMax"] as const).find((field) => match[field] !== rfc[field]);
  if (match.matchedAtMs !== atMs) refuse(`stamped ${match.matchedAtMs}, done at ${atMs}`);
  if (match.router !== replica.router) refuse(`in the name of ${match.router}`);
  if (match.rfcHash !== rfcHash) refuse(`match of RFC ${match.rfcHash}, given ${rfcHash}`);
  if (unlike !== undefined) refuse(`${unlike} is ${match[unlike]}, the RFC says ${rfc[unlike]}`);
  if (match.reportDeadlineAt !== at + policy.reportSeconds) {
    refuse(`report deadline ${match.reportDeadlineAt}, expected ${at + policy.reportSeconds}`);
  }
  if (rfc.tokenMax === 0n) refuse("TokenMax is 0");
  if (rfc.deadlineAt < at) refuse(`the RFC's deadline ${rfc.deadlineAt} had passed at ${at}`);
  const latestAt = rfc.issuedAtMs / 1_000n + policy.maxRfcSeconds;
  if (rfc.issuedAtMs > atMs + policy.clockSkewMs || rfc.deadlineAt > latestAt) refuse("the RFC's window is invalid");
  if (known !== undefined && (known.state !== "free" || known.rfcHash !== rfcHash)) {
    refuse(`nonce ${rfc.nonce} of the user was used already`);
  }
  const day = dayOf(rules, atMs);
  if (!isHome(rules, replica.router, rfc.user, atMs)) {
    refuse(`the user's home router is ${homeOf(rules, rfc.user, day)}`);
  }
  reviewChoice(replica, step, known?.tried ?? [], rules, refuse);
  const usageKey = `${day} ${user}`;
  const usedWei = replica.usedWei.get(usageKey) ?? 0n;
  const reservedWei = match.tokenMax * match.priceWei;
  const { budgetWei, supplyWei } = policy.accessOf(day);
  const shareWei = (budgetWei * step.balanceWei) / supplyWei;
  if (usedWei + reservedWei > shareWei) {
    refuse(`quota: ${usedWei} wei used and ${reservedWei} wei reserved of a share of ${shareWei} wei`);
  }
  const tried = known?.tried ?? [];
  replica.requests.set(requestKey, { rfcHash, deadlineAt: rfc.deadlineAt, state: "matched", tried });
  use(replica, usageKey, reservedWei);
  replica.open.set(matchHash, { match, isSigned: step.isSigned, user, usageKey, requestKey, reservedWei });
}

function reviewChoice(
  replica: Replica,
  { match, rfcHash, atMs }: StepOf<"match">,
  tried: readonly bigint[],
  rules: ReviewRules,
  refuse: Refuse,
): void {
  const question: BidQuestion = { modelId: match.modelId, rfcHash, atMs, tried, jobs: jobsOf(replica, match.modelId) };
  const lowest = lowestBid(replica, question, rules);
  const chosen = replica.bids.get(match.modelId)?.get(match.providerId)?.standing;
  if (chosen === undefined || chosen.bidHash !== match.bidHash) {
    return refuse(`provider ${match.providerId} has no such bid, ${match.bidHash}`);
  }
  if (chosen.bid.priceWei !== match.priceWei) {
    refuse(`price ${match.priceWei} wei, the bid says ${chosen.bid.priceWei} wei`);
  }
  const why = whyPassedOver(replica, chosen, question, rules);
  if (why !== undefined) return refuse(`the bid of provider ${match.providerId} cannot be chosen: ${why}`);
  if (lowest !== undefined && lowest.bidHash !== match.bidHash) {
    const { providerId, priceWei } = lowest.bid;
    refuse(
      `provider ${match.providerId} at ${match.priceWei} wei, lowest is provider ${providerId} at ${priceWei} wei`,
    );
  }
}

/** Do a report step again: judge it, charge the user, credit the provider. */
export function reviewReport(
  replica: Replica,
  step: StepOf<"report">,
  rules: ReviewRules,
  refuse: Refuse,
): JudgedReport | undefined {
  const { report, reportHash, signer, atMs } = step;
  const job = replica.open.get(report.matchHash);
  if (job === undefined) return void refuse(`match ${report.matchHash} is not open`);
  const { match } = job;
  const { clockSkewMs, gate, failures } = rules.policy;
  const { providerId, tokens, passed, sentAtMs, receivedAtMs } = report;
  if (!job.isSigned) refuse(`match ${report.matchHash} was never signed`);
  if (signer !== match.queryKey) refuse(`signed by ${signer}, the query key is ${match.queryKey}`);
  if (providerId !== match.providerId) refuse(`provider ${providerId}, the match names ${match.providerId}`);
  if (tokens > match.tokenMax) refuse(`${tokens} T, TokenMax is ${match.tokenMax}`);
  if (atMs / 1_000n > match.reportDeadlineAt) refuse(`judged at ${atMs} ms, after the deadline`);
  if (sentAtMs + clockSkewMs < match.matchedAtMs || receivedAtMs < sentAtMs || receivedAtMs > atMs + clockSkewMs) {
    return void refuse(`stamps ${sentAtMs} and ${receivedAtMs} do not lie between match and arrival`);
  }
  const { modelId } = match;
  const measured = { modelId, user: job.user, tokens, passed, latencyMs: receivedAtMs - sentAtMs };
  const verdict = judgeJob(replica, measured, gate);
  noteJob(replica, { modelId, providerId: match.providerId, height: heightAt(rules, atMs) }, verdict, failures);
  const chargedWei = tokens * match.priceWei;
  endJob(replica, report.matchHash, job, { state: "done", chargedWei });
  const creditWei = (verdict === "served" ? chargedWei : 0n) as Wei;
  if (creditWei !== step.creditWei) {
    refuse(`${step.creditWei} wei credited, recomputed ${creditWei} wei: ${verdict}`);
  }
  return { reportHash, providerId: match.providerId, creditWei };
}

/** Do the end of a match without a report again. */
export function reviewEnd(
  replica: Replica,
  { kind, matchHash, atMs }: StepOf<"unanswered" | "unreported" | "lapsed">,
  rules: ReviewRules,
  refuse: Refuse,
): void {
  const job = replica.open.get(matchHash);
  if (job === undefined) return refuse(`match ${matchHash} is not open`);
  const { match, isSigned, reservedWei } = job;
  if (isSigned === (kind === "lapsed")) refuse(`${kind}, but the match was ${isSigned ? "" : "never "}signed`);
  if (kind === "unreported") {
    if (atMs / 1_000n <= match.reportDeadlineAt) refuse(`unreported before the deadline ${match.reportDeadlineAt}`);
    return endJob(replica, matchHash, job, { state: "done", chargedWei: reservedWei });
  }
  if (kind === "unanswered") {
    const work = { modelId: match.modelId, providerId: match.providerId, height: heightAt(rules, atMs) };
    noteJob(replica, work, "unanswered", rules.policy.failures);
  }
  const tried = kind === "unanswered" ? [match.providerId] : [];
  endJob(replica, matchHash, job, { state: "free", chargedWei: 0n, tried });
}

function endJob(
  replica: Replica,
  matchHash: Hash32,
  { match, usageKey, requestKey, reservedWei }: OpenJob,
  end: { readonly state: Request["state"]; readonly chargedWei: bigint; readonly tried?: readonly bigint[] },
): void {
  replica.open.delete(matchHash);
  use(replica, usageKey, end.chargedWei - reservedWei);
  const request = replica.requests.get(requestKey);
  if (request?.rfcHash !== match.rfcHash) return;
  replica.requests.set(requestKey, { ...request, state: end.state, tried: [...request.tried, ...(end.tried ?? [])] });
}

/** Count wei as used of a user's day, or give them back. */
function use(replica: Replica, usageKey: string, amountWei: bigint): void {
  replica.usedWei.set(usageKey, (replica.usedWei.get(usageKey) ?? 0n) + amountWei);
}
