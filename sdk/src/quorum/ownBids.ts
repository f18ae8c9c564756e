import type { KnownBid } from "./replica.js";

/** A bid and the moment it was heard, in Unix milliseconds. */
export interface NotedBid extends KnownBid {
  readonly notedAtMs: bigint;
}

/** The bids a co-signer heard itself, the newest of each provider and model, each since when. Unix milliseconds. */
export class OwnBids {
  readonly #graceMs: bigint;
  /** By model, then by provider. */
  readonly #models: Map<string, Map<bigint, NotedBid>>;

  constructor(graceMs: bigint, models: ReadonlyMap<string, ReadonlyMap<bigint, NotedBid>> = new Map()) {
    this.#graceMs = graceMs;
    this.#models = new Map([...models].map(([modelId, bids]) => [modelId, new Map(bids)]));
  }

  /** All bids, by model, then by provider. */
  get models(): ReadonlyMap<string, ReadonlyMap<bigint, NotedBid>> {
    return this.#models;
  }

  /** Note a bid; an older one than is known changes nothing. */
  note(known: KnownBid, atMs: bigint): void {
    const { modelId, providerId, sequence } = known.bid;
    const bids = this.#models.get(modelId) ?? new Map<bigint, NotedBid>();
    this.#models.set(modelId, bids);
    const before = bids.get(providerId);
    if (before === undefined || before.bid.sequence < sequence) bids.set(providerId, { ...known, notedAtMs: atMs });
  }

  /** The bids known for as long as the grace at a moment: every router has had the time to hear of them. */
  *knownAt(modelId: string, atMs: bigint): Iterable<KnownBid> {
    for (const noted of this.#models.get(modelId)?.values() ?? []) {
      if (noted.notedAtMs + this.#graceMs <= atMs) yield noted;
    }
  }
}
