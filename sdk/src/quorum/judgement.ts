import type { RouterPolicy } from "../router/index.js";
import { workKey, type GateSample, type ProviderStanding, type Replica } from "./replica.js";

/** How a job ended. */
export type Verdict = "served" | "tooSlow" | "failed" | "empty" | "unanswered";

/** What a user reports of a job. */
export interface Job {
  readonly modelId: string;
  readonly user: string;
  readonly tokens: bigint;
  readonly passed: boolean;
  readonly latencyMs: bigint;
}

/**
 * Judge a job by the samples of its model, then count it (design.md section 11): served iff its ns per T is at most the
 * mean of the last Z passed reports plus X percent, compared in whole numbers.
 */
export function judgeJob(replica: Replica, job: Job, gate: RouterPolicy["gate"]): Verdict {
  if (!job.passed) return "failed";
  if (job.tokens === 0n) return "empty";
  const size = gate.window ?? 50;
  const least = gate.minimumSamples ?? Math.min(10, size);
  const samples = replica.samples.get(job.modelId) ?? [];
  const count = BigInt(samples.length);
  const sum = samples.reduce((total, { nsPerT }) => total + nsPerT, 0n);
  const nsPerT = (job.latencyMs * 1_000_000n) / job.tokens;
  const inForce = samples.length >= least;
  const ceiling = inForce ? (BigInt(gate.capMultiple ?? 3) * sum) / count : nsPerT;
  const sample = { nsPerT: nsPerT > ceiling ? ceiling : nsPerT, user: job.user };
  replica.samples.set(job.modelId, [...withoutOldest(samples, job.user, size, gate.perUserCap ?? size), sample]);
  const percent = BigInt(100 + (gate.tolerancePercent ?? 20));
  return !inForce || nsPerT * 100n * count <= percent * sum ? "served" : "tooSlow";
}

/** Make room for one sample of a user: its own oldest when it has its share, else the oldest of all in a full window. */
function withoutOldest(samples: readonly GateSample[], user: string, size: number, cap: number): GateSample[] {
  const own = samples.filter((sample) => sample.user === user);
  const leaves = own.length >= cap ? own[0] : samples.length >= size ? samples[0] : undefined;
  return samples.filter((sample) => sample !== leaves);
}

/** Note how a provider's job ended in a block: more than F failures of the last K pass it over, twice as long each time. */
export function noteJob(
  replica: Replica,
  job: { readonly modelId: string; readonly providerId: bigint; readonly height: bigint },
  verdict: Verdict,
  failures: RouterPolicy["failures"],
): void {
  const { forgiven = 5, window = 20, coolDownBlocks = 10n, maxCoolDownBlocks = 7_200n } = failures;
  const key = workKey(job.modelId, job.providerId);
  const before: ProviderStanding = replica.standings.get(key) ?? { recent: [], strikes: 0, passedOverUntil: 0n };
  const recent = [...before.recent, verdict !== "served"];
  if (recent.length > window) recent.shift();
  if (recent.filter(Boolean).length <= forgiven) {
    replica.standings.set(key, { ...before, recent, strikes: recent.length === window ? 0 : before.strikes });
    return;
  }
  const doubled = coolDownBlocks * 2n ** BigInt(before.strikes);
  const isLongest = doubled > maxCoolDownBlocks;
  const until = job.height + (isLongest ? maxCoolDownBlocks : doubled);
  replica.standings.set(key, {
    recent: [],
    strikes: before.strikes + (isLongest ? 0 : 1),
    passedOverUntil: until > before.passedOverUntil ? until : before.passedOverUntil,
  });
}
