/** Order of two values: below 0 when `a` comes first. */
export type Compare<V> = (a: V, b: V) => number;

/** A binary heap that also knows where each key is: set, delete and pop in O(log n), everything else in O(1). */
export interface IndexedHeap<K, V> {
  readonly size: number;
  has(key: K): boolean;
  get(key: K): V | undefined;
  /** Insert a key, or give it another value. */
  set(key: K, value: V): void;
  /** Remove a key wherever it is; false when it is not there. */
  delete(key: K): boolean;
  /** The first entry, left in place. */
  peek(): HeapEntry<K, V> | undefined;
  /** Remove and return the first entry. */
  pop(): HeapEntry<K, V> | undefined;
  /** All entries as they lie in the heap: set in this order, they make the same heap again. */
  entries(): readonly HeapEntry<K, V>[];
}

/** A key with the value that orders it. */
export interface HeapEntry<K, V> {
  readonly key: K;
  readonly value: V;
}

/**
 * Create an empty indexed heap. `compare` must be a total order for the result to be deterministic: values that compare
 * equal come out in no particular order.
 */
export function createIndexedHeap<K, V>(compare: Compare<V>): IndexedHeap<K, V> {
  return new BinaryHeap<K, V>(compare);
}

class BinaryHeap<K, V> implements IndexedHeap<K, V> {
  readonly #compare: Compare<V>;
  readonly #entries: HeapEntry<K, V>[] = [];
  readonly #positions = new Map<K, number>();

  constructor(compare: Compare<V>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#entries.length;
  }

  has(key: K): boolean {
    return this.#positions.has(key);
  }

  get(key: K): V | undefined {
    const position = this.#positions.get(key);
    return position === undefined ? undefined : this.#entries[position]?.value;
  }

  set(key: K, value: V): void {
    const position = this.#positions.get(key) ?? this.#entries.length;
    this.#settle({ key, value }, position);
  }

  delete(key: K): boolean {
    const position = this.#positions.get(key);
    if (position === undefined) return false;
    this.#positions.delete(key);
    const last = this.#entries.pop();
    if (last !== undefined && position < this.#entries.length) {
      this.#settle(last, position);
    }
    return true;
  }

  peek(): HeapEntry<K, V> | undefined {
    return this.#entries[0];
  }

  pop(): HeapEntry<K, V> | undefined {
    const first = this.#entries[0];
    if (first !== undefined) this.delete(first.key);
    return first;
  }

  entries(): readonly HeapEntry<K, V>[] {
    return [...this.#entries];
  }

  #place(entry: HeapEntry<K, V>, position: number): void {
    this.#entries[position] = entry;
    this.#positions.set(entry.key, position);
  }

  /** Put an entry at a position, and from there up or down until the order holds. */
  #settle(entry: HeapEntry<K, V>, start: number): void {
    const raised = this.#raise(entry, start);
    this.#place(entry, raised === start ? this.#lower(entry, start) : raised);
  }

  #raise(entry: HeapEntry<K, V>, start: number): number {
    let position = start;
    while (position > 0) {
      const above = (position - 1) >>> 1;
      const parent = this.#entries[above];
      if (parent === undefined || this.#compare(entry.value, parent.value) >= 0) break;
      this.#place(parent, position);
      position = above;
    }
    return position;
  }

  #lower(entry: HeapEntry<K, V>, start: number): number {
    let position = start;
    for (;;) {
      const left = 2 * position + 1;
      const below = this.#firstOf(left, left + 1);
      const child = this.#entries[below];
      if (child === undefined || this.#compare(child.value, entry.value) >= 0) return position;
      this.#place(child, position);
      position = below;
    }
  }

  #firstOf(left: number, right: number): number {
    const a = this.#entries[left];
    const b = this.#entries[right];
    return a !== undefined && b !== undefined && this.#compare(b.value, a.value) < 0 ? right : left;
  }
}
