import { ModelWithoutBid } from "./errors.js";
import type { LatencyRow } from "./latencies.js";
import type { ModelMix } from "./models.js";
import type { PriceRow } from "./prices.js";

/** A bid by index into the lists of providers and models, in wei per T, the scale applied. */
export interface ReplayBid {
  readonly provider: number;
  readonly model: number;
  readonly priceWei: bigint;
}

/** What the join of prices and latencies found. */
export interface JoinedBids {
  readonly bids: readonly ReplayBid[];
  readonly notices: readonly string[];
}

/**
 * Join prices with measured latencies: who has both for a model bids on it, who has one of the two does not and a
 * notice says so. Throws ModelWithoutBid for a model that is requested and that nobody bids on.
 */
export function joinBids(
  rows: { readonly latencies: readonly LatencyRow[]; readonly prices: readonly PriceRow[] },
  names: { readonly providers: readonly string[]; readonly models: readonly string[] },
  mix: ModelMix,
  bidScale: bigint,
): JoinedBids {
  const measured = new Set(rows.latencies.map(pairOf));
  const priced = new Map(rows.prices.map((row) => [pairOf(row), row.priceWei]));
  const bids: ReplayBid[] = [];
  const notices: string[] = [];
  names.models.forEach((model, m) => {
    let bidders = 0;
    names.providers.forEach((provider, p) => {
      const pair = pairOf({ provider, model });
      const priceWei = priced.get(pair);
      if (measured.has(pair) && priceWei !== undefined) {
        bids.push({ provider: p, model: m, priceWei: priceWei * bidScale });
        bidders += 1;
      } else if (measured.has(pair)) notices.push(`${provider} has no price for ${model}: does not bid`);
      else if (priceWei !== undefined) notices.push(`${provider} has no measured latency for ${model}: does not bid`);
    });
    if (bidders > 0) return;
    if ((mix.get(model) ?? 0) > 0) throw new ModelWithoutBid(model);
    notices.push(`nobody bids on ${model}: it is not requested`);
  });
  return { bids, notices };
}

/** Names hold no blank, so a blank joins them without doubt. */
function pairOf({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return `${provider} ${model}`;
}
