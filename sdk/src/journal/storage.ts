/** Inputs that became durable together. */
export interface StoredBatch {
  /** Position of its first input; the first input of a journal has position 0. */
  readonly first: number;
  readonly count: number;
  /** Moment of its last input in Unix milliseconds. */
  readonly atMs: bigint;
  readonly bytes: Uint8Array;
  /** keccak256 over the digest before, the fields above and the bytes: 32 bytes. */
  readonly digest: Uint8Array;
}

/**
 * Where a journal lies. A storage keeps bytes and knows nothing of what they say: checksums, versions and identities are
 * the journal's. Every verb is synchronous, returns when its effect is durable, happens as a whole or not at all, and
 * throws one of the `Journal…` errors. Only one storage writes the same place at a time.
 */
export interface JournalStorage {
  /** The header; undefined where no journal was begun yet. */
  header(): Uint8Array | undefined;
  /** Begin a journal where there is none: its header and the snapshot of the first state. */
  begin(header: Uint8Array, snapshot: Uint8Array): void;
  /** Append a batch behind all others. */
  append(batch: StoredBatch): void;
  /** Read the batches whose first input is at `position` or behind it, oldest first. */
  read(position: number): Iterable<StoredBatch>;
  /** The newest snapshot. */
  snapshot(): Uint8Array | undefined;
  /**
   * Put a snapshot in place of the one before, and forget the batches whose first input is in front of `position` and whose
   * moment is before `keepAtMs`.
   */
  compact(snapshot: Uint8Array, position: number, keepAtMs: bigint): void;
  /** Bytes it takes up. */
  size(): number;
  /** Let go of it; another may write it then. */
  close(): void;
}
