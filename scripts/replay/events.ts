import { createIndexedHeap } from "@yellowstone-compute/sdk";

interface Planned {
  readonly atMs: bigint;
  readonly order: number;
  readonly run: () => Promise<void>;
}

/** What happens when: earliest first, ties in the order they were planned. The replay's only clock. */
export class Timeline {
  readonly #heap = createIndexedHeap<number, Planned>((a, b) =>
    a.atMs === b.atMs ? a.order - b.order : a.atMs < b.atMs ? -1 : 1,
  );
  #planned = 0;
  nowMs = 0n;

  plan(atMs: bigint, run: () => Promise<void>): void {
    const order = this.#planned++;
    this.#heap.set(order, { atMs: atMs < this.nowMs ? this.nowMs : atMs, order, run });
  }

  /** Run everything up to and at `endMs`; a moment already past is left out. */
  async runUntil(endMs: bigint): Promise<void> {
    for (let next = this.#heap.peek(); next !== undefined && next.value.atMs <= endMs; next = this.#heap.peek()) {
      this.#heap.pop();
      this.nowMs = next.value.atMs;
      await next.value.run();
    }
    if (endMs > this.nowMs) this.nowMs = endMs;
  }
}
