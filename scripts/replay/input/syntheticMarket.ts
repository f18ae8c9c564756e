import type { LatencyRow } from "./latencies.js";
import type { PriceRow } from "./prices.js";
import { drawFrom, type Quantiles } from "./quantiles.js";
import { createRandom } from "./random.js";

const MODELS = ["llama-2-7b-chat", "llama-2-13b-chat", "llama-2-70b-chat"] as const;

/** Measured answers kept of each provider and model. */
const ANSWERS = 150;

/** Tokens of a synthetic measured answer. */
const OUTPUT_TOKENS = 150;

/** Latency relative to the usual one, in per mille. */
const JITTER: Quantiles = [
  [0, 880],
  [50, 930],
  [500, 1_000],
  [950, 1_140],
  [990, 1_600],
  [1_000, 3_000],
];

interface Profile {
  readonly name: string;
  /** Usual microseconds per T, one per model. */
  readonly usPerT: readonly [number, number, number];
  /** Bid in units of 1e8 wei per T, one per model; undefined: no price. */
  readonly price: readonly [number?, number?, number?];
  readonly failsPerMille: number;
}

/** Invented providers, from fast and dear to slow, one that fails often and one that has no price. */
const PROFILES: readonly Profile[] = [
  { name: "alder", usPerT: [5_000, 5_200, 5_400], price: [130, 160, 400], failsPerMille: 2 },
  { name: "birch", usPerT: [11_500, 9_800, 15_400], price: [100, 150, 450], failsPerMille: 4 },
  { name: "cedar", usPerT: [13_100, 12_900, 15_200], price: [75, 125, 500], failsPerMille: 0 },
  { name: "elder", usPerT: [13_300, 13_900, 25_000], price: [100, 100, 450], failsPerMille: 0 },
  { name: "hazel", usPerT: [17_600, 19_300, 30_300], price: [], failsPerMille: 700 },
  { name: "larch", usPerT: [15_000, 16_500, 23_000], price: [90, 140, 420], failsPerMille: 330 },
  { name: "maple", usPerT: [12_600, 13_400, 28_000], price: [120, 180, 470], failsPerMille: 13 },
  { name: "rowan", usPerT: [39_100, 61_100, 97_200], price: [70, 95, 380], failsPerMille: 6 },
];

/** Make measured answers of 8 providers for 3 models from a seed. */
export function syntheticLatencies(seed: number): LatencyRow[] {
  const random = createRandom(seed, 4);
  return PROFILES.flatMap((profile) =>
    MODELS.flatMap((model, i) =>
      Array.from({ length: ANSWERS }, () => {
        const failed = random.below(1_000) < profile.failsPerMille;
        const micros = BigInt(OUTPUT_TOKENS * (profile.usPerT[i] ?? 0)) * BigInt(drawFrom(JITTER, random));
        return {
          provider: profile.name,
          model,
          failed,
          errorCode: failed ? "500" : "",
          latencyS: { digits: micros / 1_000n, scale: 6 },
          outputTokens: BigInt(OUTPUT_TOKENS),
        };
      }),
    ),
  );
}

/** The prices of the same providers. */
export function syntheticPrices(): PriceRow[] {
  return PROFILES.flatMap(({ name, price }) =>
    MODELS.flatMap((model, i) => {
      const units = price[i];
      return units === undefined ? [] : [{ provider: name, model, priceWei: BigInt(units) * 100_000_000n }];
    }),
  );
}
