import { joinBids, type ReplayBid } from "./bids.js";
import { InvalidSetting } from "./errors.js";
import { latencyMsOf, type LatencyRow } from "./latencies.js";
import { DEFAULT_MIX, requireMix, type ModelMix } from "./models.js";
import type { PriceRow } from "./prices.js";
import { createRandom, type Random } from "./random.js";
import type { TraceRow } from "./trace.js";
import { createUserDraw, syntheticUsers, type ReplayUser } from "./users.js";

/** Settings of the join. What no file holds is drawn from the seed: users, balances, who asks, and for which model. */
export interface JoinSettings {
  readonly seed: number;
  /** Synthetic users; 200. */
  readonly users?: number;
  readonly mix?: ModelMix;
  /** Multiplies every bid, so that the day's allowance binds; 1. */
  readonly bidScale?: bigint;
}

/** A request by index into the lists of users and models. */
export interface ReplayRequest extends TraceRow {
  readonly user: number;
  readonly model: number;
}

/** How a provider answers a job. */
export type Answer = { readonly failed: true } | { readonly failed: false; readonly latencyMs: bigint };

/** Everything the replay runs on. Providers are ascending by name: the index is the order of registration. */
export interface ReplayInput {
  readonly models: readonly string[];
  readonly providers: readonly string[];
  readonly bids: readonly ReplayBid[];
  readonly users: readonly ReplayUser[];
  /** The sum of all balances: the users' shares add up to the day's budget. */
  readonly supplyWei: bigint;
  readonly requests: readonly ReplayRequest[];
  /** What the reader should know, one line each. */
  readonly notices: readonly string[];
  /**
   * The answer to a provider's job `k` of a model, `k` counted from 0: its measured rows in turn, from the start again
   * at the end.
   */
  answerOf(provider: number, model: number, k: number, tokens: bigint): Answer;
}

/** Join trace, latencies and prices with synthetic users. Throws ModelWithoutBid, InvalidSetting. */
export function joinInput(
  rows: {
    readonly trace: readonly TraceRow[];
    readonly latencies: readonly LatencyRow[];
    readonly prices: readonly PriceRow[];
  },
  settings: JoinSettings,
): ReplayInput {
  const mix = settings.mix ?? DEFAULT_MIX;
  const bidScale = settings.bidScale ?? 1n;
  requireMix(mix);
  if (bidScale < 1n) throw new InvalidSetting("bidScale", bidScale, "at least 1");
  const models = [...mix.keys()];
  const providers = [...new Set([...rows.latencies, ...rows.prices].map(({ provider }) => provider))].sort();
  const { bids, notices } = joinBids(rows, { providers, models }, mix, bidScale);
  const users = syntheticUsers(settings.seed, settings.users ?? 200);
  const drawUser = createUserDraw(users, createRandom(settings.seed, 7));
  const drawModel = createModelDraw(models, mix, createRandom(settings.seed, 8));
  const lines = groupAnswers(rows.latencies, providers, models);
  return {
    models,
    providers,
    bids,
    users,
    supplyWei: users.reduce((sum, { balanceWei }) => sum + balanceWei, 0n),
    requests: rows.trace.map((row) => ({ ...row, user: drawUser(), model: drawModel() })),
    notices,
    answerOf: (provider, model, k, tokens) => answerFrom(lines[provider]?.[model] ?? [], k, tokens),
  };
}

function createModelDraw(models: readonly string[], mix: ModelMix, random: Random): () => number {
  const weights = models.map((model) => mix.get(model) ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let drawn = random.below(total);
    return weights.findIndex((weight) => (drawn -= weight) < 0);
  };
}

function groupAnswers(
  latencies: readonly LatencyRow[],
  providers: readonly string[],
  models: readonly string[],
): LatencyRow[][][] {
  const lines = providers.map(() => models.map((): LatencyRow[] => []));
  const [providerIndex, modelIndex] = [providers, models].map((names) => new Map(names.map((name, i) => [name, i])));
  for (const row of latencies) {
    lines[providerIndex?.get(row.provider) ?? -1]?.[modelIndex?.get(row.model) ?? -1]?.push(row);
  }
  return lines;
}

function answerFrom(line: readonly LatencyRow[], k: number, tokens: bigint): Answer {
  const row = line[k % line.length];
  return row === undefined || row.failed ? { failed: true } : { failed: false, latencyMs: latencyMsOf(row, tokens) };
}
