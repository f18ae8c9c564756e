import type { KnownBid } from "./replica.js";

interface NotedBid extends KnownBid {
  readonly notedAtMs: bigint;
}

/** The bids a co-signer heard itself, the newest of each provider and model, each since when. Unix milliseconds. */
export class OwnBids {
  readonly #graceMs: bigint;
  readonly #models = new Map<string, Map<bigint, NotedBid>>();

  constructor(graceMs: bigint) {
    this.#graceMs = graceMs;
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
