import { JournalLocked } from "../errors/journal.js";
import type { JournalStorage, StoredBatch } from "./storage.js";

/** A storage that outlives the router that wrote it, and not the process. */
export interface MemoryStorage extends JournalStorage {
  /** Take it up again, as after a crash: whoever wrote it before can no longer. */
  reopen(): MemoryStorage;
}

interface Kept {
  header?: Uint8Array;
  snapshot?: Uint8Array;
  batches: StoredBatch[];
  writer: object;
}

/** Make a storage in memory, for tests and for routers whose state need not survive. */
export function createMemoryStorage(): MemoryStorage {
  return new Memory({ batches: [], writer: {} });
}

class Memory implements MemoryStorage {
  readonly #kept: Kept;
  readonly #writer = {};

  constructor(kept: Kept) {
    this.#kept = kept;
    kept.writer = this.#writer;
  }

  reopen(): MemoryStorage {
    return new Memory(this.#kept);
  }

  header(): Uint8Array | undefined {
    return this.#kept.header;
  }

  begin(header: Uint8Array, snapshot: Uint8Array): void {
    Object.assign(this.#own(), { header, snapshot });
  }

  append(batch: StoredBatch): void {
    this.#own().batches.push(batch);
  }

  read(position: number): Iterable<StoredBatch> {
    return this.#kept.batches.filter(({ first }) => first >= position);
  }

  snapshot(): Uint8Array | undefined {
    return this.#kept.snapshot;
  }

  compact(snapshot: Uint8Array, position: number, keepAtMs: bigint): void {
    const kept = this.#own();
    kept.snapshot = snapshot;
    kept.batches = kept.batches.filter(({ first, atMs }) => first >= position || atMs >= keepAtMs);
  }

  size(): number {
    const { header, snapshot, batches } = this.#kept;
    const parts = [header, snapshot, ...batches.map(({ bytes }) => bytes)];
    return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
  }

  close(): void {
    if (this.#kept.writer === this.#writer) this.#kept.writer = {};
  }

  #own(): Kept {
    if (this.#kept.writer !== this.#writer) throw new JournalLocked("in memory");
    return this.#kept;
  }
}
