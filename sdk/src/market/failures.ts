import { InvalidMarketParameter } from "../errors/market.js";

/**
 * What became of a job as far as the provider answers for it. `unanswered`: no answer to the liveness check or the
 * query. A job whose user sends no report is not recorded, the silence is not the provider's.
 */
export type JobOutcome = "served" | "failed" | "tooSlow" | "empty" | "unanswered";

/** When a provider is passed over (design.md section 11). */
export interface FailureParams {
  /** F: this many failures among the last K jobs are forgiven. */
  readonly forgiven: number;
  /** K: jobs looked back at. */
  readonly window: number;
  /** First cool-down, in inference blocks; each further one doubles. */
  readonly coolDownBlocks: bigint;
  /** No cool-down is longer than this, in inference blocks. */
  readonly maxCoolDownBlocks: bigint;
}

/** 5 of 20, 10 blocks (2 minutes), at most a block-day. */
export const DEFAULT_FAILURE_PARAMS: FailureParams = {
  forgiven: 5,
  window: 20,
  coolDownBlocks: 10n,
  maxCoolDownBlocks: 7_200n,
};

/** The standing of one provider for one model: a plain value that follows from its outcomes alone. */
export interface Standing {
  /** The last jobs since the last cool-down began, oldest first, at most K: true is a failure. */
  readonly recent: readonly boolean[];
  /** Cool-downs since the last full window without one. */
  readonly strikes: number;
  /** Passed over at every height below this. */
  readonly passedOverUntil: bigint;
}

/** Standing of a provider without a job: nothing recent, no strike, never passed over. */
export const GOOD_STANDING: Standing = { recent: [], strikes: 0, passedOverUntil: 0n };

/**
 * Next standing after a job that ended in block `height`. More than F failures in the window start a cool-down of
 * `coolDownBlocks * 2^strikes` and an empty window; K jobs in a row without one let the next cool-down start small
 * again.
 */
export function afterJob(standing: Standing, outcome: JobOutcome, height: bigint, params: FailureParams): Standing {
  const recent = [...standing.recent, outcome !== "served"].slice(-params.window);
  const failures = recent.filter((failed) => failed).length;
  if (failures <= params.forgiven) {
    const strikes = recent.length === params.window ? 0 : standing.strikes;
    return { recent, strikes, passedOverUntil: standing.passedOverUntil };
  }
  const doubled = params.coolDownBlocks << BigInt(standing.strikes);
  const capped = doubled < params.maxCoolDownBlocks ? doubled : params.maxCoolDownBlocks;
  const until = height + capped;
  const passedOverUntil = until > standing.passedOverUntil ? until : standing.passedOverUntil;
  return { recent: [], strikes: standing.strikes + (capped === doubled ? 1 : 0), passedOverUntil };
}

/** The standings of all providers for all models. */
export interface FailureRecord {
  /** Note how a job ended, in the order of the reports. Returns the new standing. */
  record(modelId: string, providerId: bigint, outcome: JobOutcome, height: bigint): Standing;
  standingOf(modelId: string, providerId: bigint): Standing;
  /** Whether a provider is passed over for a model in the block of this height. */
  isPassedOver(modelId: string, providerId: bigint, height: bigint): boolean;
  /** Standings of all providers with a job, by `model:provider`. */
  snapshot(): readonly (readonly [key: string, standing: Standing])[];
}

/** Create a record, empty or as it was at a snapshot. Throws InvalidMarketParameter. */
export function createFailureRecord(
  overrides: Partial<FailureParams> = {},
  snapshot: ReturnType<FailureRecord["snapshot"]> = [],
): FailureRecord {
  const params = checkedParams({ ...DEFAULT_FAILURE_PARAMS, ...overrides });
  const standings = new Map<string, Standing>(snapshot);
  const standingOf = (modelId: string, providerId: bigint): Standing =>
    standings.get(`${modelId}:${providerId}`) ?? GOOD_STANDING;
  return {
    standingOf,
    snapshot: () => [...standings],
    record(modelId, providerId, outcome, height) {
      const next = afterJob(standingOf(modelId, providerId), outcome, height, params);
      standings.set(`${modelId}:${providerId}`, next);
      return next;
    },
    isPassedOver: (modelId, providerId, height) => height < standingOf(modelId, providerId).passedOverUntil,
  };
}

function checkedParams(params: FailureParams): FailureParams {
  const { forgiven, window, coolDownBlocks, maxCoolDownBlocks } = params;
  if (!Number.isSafeInteger(window) || window < 1) throw new InvalidMarketParameter("window", window, "at least 1 job");
  if (!Number.isSafeInteger(forgiven) || forgiven < 0 || forgiven >= window) {
    throw new InvalidMarketParameter("forgiven", forgiven, `0 to ${window - 1}, below the window`);
  }
  if (coolDownBlocks < 1n) throw new InvalidMarketParameter("coolDownBlocks", coolDownBlocks, "at least 1 block");
  if (maxCoolDownBlocks < coolDownBlocks) {
    throw new InvalidMarketParameter(
      "maxCoolDownBlocks",
      maxCoolDownBlocks,
      `at least ${coolDownBlocks}, the first one`,
    );
  }
  return params;
}
