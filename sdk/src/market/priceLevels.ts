import { createIndexedHeap, type IndexedHeap } from "./heap.js";
import { ascending } from "./order.js";

/** Providers at one price. */
export interface PriceLevel {
  readonly priceWei: bigint;
  readonly providers: ReadonlySet<bigint>;
}

/** Providers grouped by price, cheapest group first. A change is O(log of the number of prices). */
export class PriceLevels {
  readonly #order: IndexedHeap<bigint, bigint> = createIndexedHeap(ascending);
  readonly #providers = new Map<bigint, Set<bigint>>();

  /** Put a provider at a price. */
  add(providerId: bigint, priceWei: bigint): void {
    const level = this.#providers.get(priceWei);
    if (level !== undefined) {
      level.add(providerId);
      return;
    }
    this.#providers.set(priceWei, new Set([providerId]));
    this.#order.set(priceWei, priceWei);
  }

  /** Take a provider away from a price; nothing happens when it is not there. */
  remove(providerId: bigint, priceWei: bigint): void {
    const level = this.#providers.get(priceWei);
    if (level === undefined || !level.delete(providerId) || level.size > 0) return;
    this.#providers.delete(priceWei);
    this.#order.delete(priceWei);
  }

  /** The cheapest price and everyone who asks it. */
  lowest(): PriceLevel | undefined {
    const first = this.#order.peek();
    const providers = first === undefined ? undefined : this.#providers.get(first.key);
    return first === undefined || providers === undefined ? undefined : { priceWei: first.key, providers };
  }
}
