import { RfcAlreadyQueued } from "../errors/market.js";
import { createIndexedHeap, type IndexedHeap } from "./heap.js";
import { ascending } from "./order.js";

/**
 * An RFC that waits for a provider. `balanceWei` is the user's MOR of the day; the RFC may be matched while `at <=
 * deadlineAt`.
 */
export interface QueuedRfc {
  readonly rfcHash: string;
  readonly modelId: string;
  readonly balanceWei: bigint;
  /** Same unit as the `at` of `expire`. */
  readonly deadlineAt: bigint;
}

/**
 * RFCs waiting per model, the user with the most MOR first, ties first come (design.md section 11). Every verb is O(log
 * n).
 */
export interface RfcQueue<T extends QueuedRfc = QueuedRfc> {
  readonly size: number;
  sizeOf(modelId: string): number;
  /** Models somebody waits for, as of now: a copy. */
  models(): string[];
  has(rfcHash: string): boolean;
  /** Let an RFC wait. Throws RfcAlreadyQueued. */
  push(rfc: T): void;
  /** The next RFC of a model, left in place. */
  peek(modelId: string): T | undefined;
  /** Take the next RFC of a model. Call `expire` first: the queue has no clock. */
  pop(modelId: string): T | undefined;
  /** As `pop`, with the RFC's place in the order of arrival. */
  take(modelId: string): ArrivedRfc<T> | undefined;
  /** Put back what `take` took, at the place it had. Throws RfcAlreadyQueued. */
  putBack(taken: ArrivedRfc<T>): void;
  /** Take one RFC out wherever it waits. */
  remove(rfcHash: string): T | undefined;
  /** Take out every RFC with `deadlineAt < at`, the earliest deadline first, ties first come. */
  expire(at: bigint): T[];
  snapshot(): RfcQueueSnapshot<T>;
}

/** An RFC with its place in the order of arrival. */
export interface ArrivedRfc<T> {
  readonly rfc: T;
  readonly arrival: number;
}

/** What a queue is made again from: models in the order in which somebody began to wait for them. */
export interface RfcQueueSnapshot<T> {
  readonly arrivals: number;
  readonly lines: readonly (readonly ArrivedRfc<T>[])[];
}

/** Create an RFC queue, empty or as it was at a snapshot. `T` may carry more than the queue needs. */
export function createRfcQueue<T extends QueuedRfc = QueuedRfc>(snapshot?: RfcQueueSnapshot<T>): RfcQueue<T> {
  return new Queue<T>(snapshot);
}

class Queue<T extends QueuedRfc> implements RfcQueue<T> {
  readonly #models = new Map<string, IndexedHeap<string, ArrivedRfc<T>>>();
  readonly #deadlines: IndexedHeap<string, ArrivedRfc<T>> = createIndexedHeap<string, ArrivedRfc<T>>(byDeadline);
  #arrivals = 0;

  constructor(snapshot?: RfcQueueSnapshot<T>) {
    for (const arrived of snapshot?.lines.flat() ?? []) this.#add(arrived);
    this.#arrivals = snapshot?.arrivals ?? 0;
  }

  snapshot(): RfcQueueSnapshot<T> {
    const lines = [...this.#models.values()].map((line) => line.entries().map(({ value }) => value));
    return { arrivals: this.#arrivals, lines };
  }

  get size(): number {
    return this.#deadlines.size;
  }

  sizeOf(modelId: string): number {
    return this.#models.get(modelId)?.size ?? 0;
  }

  models(): string[] {
    return [...this.#models.keys()];
  }

  has(rfcHash: string): boolean {
    return this.#deadlines.has(rfcHash);
  }

  push(rfc: T): void {
    this.putBack({ rfc, arrival: this.#arrivals });
    this.#arrivals++;
  }

  putBack(taken: ArrivedRfc<T>): void {
    if (this.has(taken.rfc.rfcHash)) throw new RfcAlreadyQueued(taken.rfc.rfcHash);
    this.#add(taken);
  }

  #add(waiting: ArrivedRfc<T>): void {
    const { rfc } = waiting;
    const line = this.#models.get(rfc.modelId) ?? createIndexedHeap<string, ArrivedRfc<T>>(byBalance);
    this.#models.set(rfc.modelId, line);
    line.set(rfc.rfcHash, waiting);
    this.#deadlines.set(rfc.rfcHash, waiting);
  }

  peek(modelId: string): T | undefined {
    return this.#models.get(modelId)?.peek()?.value.rfc;
  }

  pop(modelId: string): T | undefined {
    return this.take(modelId)?.rfc;
  }

  take(modelId: string): ArrivedRfc<T> | undefined {
    const first = this.#models.get(modelId)?.peek()?.value;
    if (first !== undefined) this.remove(first.rfc.rfcHash);
    return first;
  }

  remove(rfcHash: string): T | undefined {
    const rfc = this.#deadlines.get(rfcHash)?.rfc;
    if (rfc === undefined) return undefined;
    this.#deadlines.delete(rfcHash);
    const line = this.#models.get(rfc.modelId);
    line?.delete(rfcHash);
    if (line?.size === 0) this.#models.delete(rfc.modelId);
    return rfc;
  }

  expire(at: bigint): T[] {
    const expired: T[] = [];
    for (let first = this.#deadlines.peek(); first !== undefined && first.value.rfc.deadlineAt < at;) {
      this.remove(first.key);
      expired.push(first.value.rfc);
      first = this.#deadlines.peek();
    }
    return expired;
  }
}

function byBalance(a: ArrivedRfc<QueuedRfc>, b: ArrivedRfc<QueuedRfc>): number {
  return ascending(b.rfc.balanceWei, a.rfc.balanceWei) || a.arrival - b.arrival;
}

function byDeadline(a: ArrivedRfc<QueuedRfc>, b: ArrivedRfc<QueuedRfc>): number {
  return ascending(a.rfc.deadlineAt, b.rfc.deadlineAt) || a.arrival - b.arrival;
}
