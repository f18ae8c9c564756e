import { InvalidGateParameter, InvalidMeasurement } from "../errors/quality.js";
import { SampleWindow, type Sample } from "./window.js";

/** What a user's report says of a job. `latencyMs`: from the query sent to the last token received. */
export interface Measurement {
  readonly tokens: bigint;
  readonly latencyMs: bigint;
  readonly passed: boolean;
  /** Who reports, for the cap per user; a report without it is never capped. */
  readonly user?: string;
}

/** The gate's four outcomes; only `served` is credited. */
export type GateOutcome = "served" | "tooSlow" | "failed" | "empty";

/** Settings of a gate; defaults as design.md section 12. */
export interface GateParams {
  /** X: a report may be this much slower than the mean, in percent; 20. */
  readonly tolerancePercent?: number;
  /** Z: passed reports looked back at; 50. */
  readonly window?: number;
  /** Below this many passed reports every passed one is credited; 10. */
  readonly minimumSamples?: number;
  /** A sample counts at most at this many times the mean in force; 3, since at 2 the measured honest perplexity fails. */
  readonly capMultiple?: number;
  /** At most this many of the Z samples come from one user; no cap when left out. */
  readonly perUserCap?: number;
  /** Samples to begin with, oldest first, as `samples()` gave them. */
  readonly samples?: readonly Sample[];
}

/** The mean in force as an exact fraction: sumNs / count. */
export interface GateMean {
  readonly sumNs: bigint;
  readonly count: number;
}

/**
 * The rolling quality gate of one model (design.md section 11). A passed report with tokens is credited iff its ns per
 * T is at most mean x (1 + X/100). The mean is over the last Z passed reports, credited or too slow alike: over
 * accepted reports alone it would ratchet down until only the fastest passes. Integers only, and cross-multiplied, so
 * that every co-signer judges alike.
 */
export interface QualityGate {
  /** Judge a report, then count it. Throws InvalidMeasurement. */
  judge(measurement: Measurement): GateOutcome;
  mean(): GateMean;
  /** The samples in force, for a snapshot. */
  samples(): readonly Sample[];
}

/** Latency of a report: floor(ms x 1e6 / T) ns per T. `tokens` is above 0. */
export function nsPerToken(latencyMs: bigint, tokens: bigint): bigint {
  if (tokens <= 0n) throw new InvalidMeasurement("tokens", tokens, 1n);
  return (latencyMs * 1_000_000n) / tokens;
}

/** Create the gate of one model. Throws InvalidGateParameter. */
export function createQualityGate(params: GateParams = {}): QualityGate {
  return new RollingGate(params);
}

class RollingGate implements QualityGate {
  readonly #limitPercent: bigint;
  readonly #minimumSamples: number;
  readonly #capMultiple: bigint;
  readonly #window: SampleWindow;

  constructor(params: GateParams) {
    const tolerance = requireWhole("tolerancePercent", params.tolerancePercent ?? 20, 0, Number.MAX_SAFE_INTEGER);
    const size = requireWhole("window", params.window ?? 50, 1, Number.MAX_SAFE_INTEGER);
    this.#minimumSamples = requireWhole("minimumSamples", params.minimumSamples ?? Math.min(10, size), 1, size);
    this.#capMultiple = BigInt(requireWhole("capMultiple", params.capMultiple ?? 3, 2, 1_000));
    this.#limitPercent = 100n + BigInt(tolerance);
    this.#window = new SampleWindow(size, requireWhole("perUserCap", params.perUserCap ?? size, 1, size));
    for (const sample of params.samples ?? []) this.#window.push(sample);
  }

  judge(measurement: Measurement): GateOutcome {
    const { tokens, latencyMs, passed, user } = measurement;
    if (tokens < 0n) throw new InvalidMeasurement("tokens", tokens, 0n);
    if (latencyMs < 0n) throw new InvalidMeasurement("latencyMs", latencyMs, 0n);
    if (!passed) return "failed";
    if (tokens === 0n) return "empty";
    const sample = nsPerToken(latencyMs, tokens);
    const { sumNs, count } = this.mean();
    if (count < this.#minimumSamples) {
      this.#window.push({ nsPerT: sample, user });
      return "served";
    }
    const most = (this.#capMultiple * sumNs) / BigInt(count);
    this.#window.push({ nsPerT: sample < most ? sample : most, user });
    return sample * BigInt(count) * 100n <= sumNs * this.#limitPercent ? "served" : "tooSlow";
  }

  mean(): GateMean {
    return { sumNs: this.#window.sumNs, count: this.#window.count };
  }

  samples(): readonly Sample[] {
    return this.#window.samples;
  }
}

function requireWhole(parameter: string, actual: number, least: number, most: number): number {
  if (Number.isSafeInteger(actual) && actual >= least && actual <= most) return actual;
  throw new InvalidGateParameter(parameter, actual, `a whole number from ${least} to ${most}`);
}
