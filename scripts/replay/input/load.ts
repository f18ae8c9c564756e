import { readText } from "./csv.js";
import type { Decimal } from "./decimal.js";
import { InvalidSetting } from "./errors.js";
import { joinInput, type JoinSettings, type ReplayInput } from "./join.js";
import { parseLatencies } from "./latencies.js";
import { DEFAULT_MIX } from "./models.js";
import { parsePrices } from "./prices.js";
import { syntheticLatencies, syntheticPrices } from "./syntheticMarket.js";
import { syntheticTrace } from "./syntheticTrace.js";
import { parseTrace } from "./trace.js";

/** Where the input comes from. What has no file is synthetic, and a notice says so. */
export interface LoadSettings extends JoinSettings {
  readonly traceFile?: string;
  readonly latencyFile?: string;
  readonly pricesFile?: string;
  readonly usdPerMor?: Decimal;
  /** Requests of a synthetic trace; as many as the real hour has, 19,366. */
  readonly requests?: number;
}

/**
 * Read, check and join the input of the replay; nothing is written before all of it is found good. Throws an
 * InputError.
 */
export function loadInput(settings: LoadSettings): ReplayInput {
  const { traceFile, seed } = settings;
  const knownModels = [...(settings.mix ?? DEFAULT_MIX).keys()];
  const market = loadMarket(settings, knownModels);
  const trace =
    traceFile === undefined
      ? syntheticTrace(seed, settings.requests ?? 19_366)
      : parseTrace(readText(traceFile), traceFile);
  const input = joinInput({ trace, latencies: market.latencies, prices: market.prices }, settings);
  return { ...input, notices: [...sourceNotices(settings), ...input.notices] };
}

function loadMarket({ latencyFile, pricesFile, usdPerMor, seed }: LoadSettings, knownModels: readonly string[]) {
  if (latencyFile !== undefined && pricesFile !== undefined) {
    const options = { knownModels, ...(usdPerMor === undefined ? {} : { usdPerMor }) };
    const latencies = parseLatencies(readText(latencyFile), latencyFile, knownModels);
    return { latencies, prices: parsePrices(readText(pricesFile), pricesFile, options) };
  }
  if (latencyFile === undefined && pricesFile === undefined) {
    return { latencies: syntheticLatencies(seed), prices: syntheticPrices() };
  }
  const missing = latencyFile === undefined ? "latency" : "prices";
  throw new InvalidSetting(missing, undefined, "a file too: latencies and prices name the same providers");
}

function sourceNotices({ traceFile, latencyFile, seed }: LoadSettings): string[] {
  const notices = [`synthetic from seed ${seed}: users, balances, the model and the user of each request`];
  if (traceFile === undefined)
    notices.push(`synthetic from seed ${seed}: arrivals and tokens, of the shape of a real hour`);
  if (latencyFile === undefined) notices.push(`synthetic from seed ${seed}: providers, latencies, failures and prices`);
  return notices;
}
