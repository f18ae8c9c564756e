import { TokenMaxExceeded } from "../errors/access.js";
import { MatchUnknown, ReportProviderMismatch, ReportStampsInvalid } from "../errors/router.js";
import type { JobOutcome } from "../market/index.js";
import { requireLive, type InferenceReport } from "../messages/index.js";
import { createQualityGate, type QualityGate } from "../quality/index.js";
import { startOfBlock, type Hash32, type ModelId, type ProviderId, type Wei } from "../units/index.js";
import type { Judged } from "./outcomes.js";
import type { RouterPolicy } from "./policy.js";
import type { Moment, OpenMatch, RouterState } from "./state.js";

/**
 * Find the open match of a report and refuse a report that cannot be of it. Changes nothing. The router's own stamps,
 * match and arrival, bound the user's.
 * @throws MatchUnknown, ReportProviderMismatch, TokenMaxExceeded, ReportStampsInvalid, MessageExpired
 */
export function requireReportable(
  state: RouterState,
  policy: RouterPolicy,
  report: InferenceReport,
  moment: Moment,
): OpenMatch {
  const match = state.matches.get(report.matchHash);
  if (match === undefined) throw new MatchUnknown(report.matchHash);
  const { value } = match;
  const { providerId, tokens, sentAtMs, receivedAtMs } = report;
  requireLive("Match", value, moment.at);
  if (providerId !== value.providerId) throw new ReportProviderMismatch(value.providerId, providerId);
  if (tokens > value.tokenMax) throw new TokenMaxExceeded(value.rfcHash, value.tokenMax, tokens);
  const earliestMs = value.matchedAtMs - policy.clockSkewMs;
  const latestMs = moment.atMs + policy.clockSkewMs;
  if (sentAtMs < earliestMs || receivedAtMs < sentAtMs || receivedAtMs > latestMs) {
    throw new ReportStampsInvalid(sentAtMs, receivedAtMs, earliestMs, latestMs);
  }
  return match;
}

/**
 * Judge a verified report: the gate decides, the provider is free again and its standing follows, the user is charged
 * for what was delivered whatever the verdict, and a served report is credited in the block that is open.
 * @throws as `requireReportable`; nothing is changed then
 */
export function judgeReport(
  state: RouterState,
  policy: RouterPolicy,
  verified: { readonly report: InferenceReport; readonly reportHash: Hash32 },
  moment: Moment,
): Judged {
  const { report, reportHash } = verified;
  const { matchHash, value, waiting } = requireReportable(state, policy, report, moment);
  const { modelId, providerId, rfcHash } = value;
  const { tokens, passed } = report;
  const latencyMs = report.receivedAtMs - report.sentAtMs;
  const user = waiting.rfc.user.toLowerCase();
  const status = gateOf(state, policy, modelId).judge({ tokens, latencyMs, passed, user });
  const chargedWei = state.meter.correct(rfcHash, tokens) as Wei;
  const creditWei = (status === "served" ? chargedWei : 0n) as Wei;
  state.matches.delete(matchHash);
  state.matchOf.delete(rfcHash);
  state.book.free(modelId, providerId);
  recordJob(state, modelId, providerId, status, moment);
  const reports = state.open.get(moment.height) ?? [];
  reports.push({ reportHash, providerId, creditWei });
  state.open.set(moment.height, reports);
  if (creditWei > 0n) {
    state.judgedWei.set(providerId, ((state.judgedWei.get(providerId) ?? 0n) + creditWei) as Wei);
  }
  state.counts[status]++;
  return { status, rfcHash, matchHash, reportHash, providerId, creditWei, height: moment.height };
}

/** Note how a job ended; a provider that fails too often is passed over until its cool-down is over. */
export function recordJob(
  state: RouterState,
  modelId: ModelId,
  providerId: ProviderId,
  outcome: JobOutcome,
  { height }: Moment,
): void {
  const { passedOverUntil } = state.failures.record(modelId, providerId, outcome, height);
  if (passedOverUntil > height) {
    state.book.rest(modelId, providerId, startOfBlock(passedOverUntil, state.emissionStart));
  }
}

function gateOf(state: RouterState, policy: RouterPolicy, modelId: ModelId): QualityGate {
  const known = state.gates.get(modelId);
  if (known !== undefined) return known;
  const created = createQualityGate(policy.gate);
  state.gates.set(modelId, created);
  return created;
}
