/** Records that became durable together. */
export interface RelayBatch {
  /** Position of its first record; the first record of a relayer has position 0. */
  readonly first: number;
  readonly count: number;
  /** Moment in Unix milliseconds. */
  readonly atMs: bigint;
  readonly bytes: Uint8Array;
  /** keccak256 over the digest before, the fields above and the bytes: 32 bytes. */
  readonly digest: Uint8Array;
}

/**
 * Where a relayer keeps what must survive: jobs, and every transaction before it is sent. The storages of `/journal` are such,
 * `createMemoryStorage` and `openSqliteStorage`. Every verb is synchronous, returns when its effect is durable, and happens as a
 * whole or not at all. Only one relayer writes the same place at a time.
 */
export interface RelayStore {
  /** The header; undefined where nothing was begun yet. */
  header(): Uint8Array | undefined;
  /** Begin where there is nothing: the header, and the snapshot of the first state. */
  begin(header: Uint8Array, snapshot: Uint8Array): void;
  /** Append a batch behind all others. */
  append(batch: RelayBatch): void;
  /** Read the batches whose first record is at `position` or behind it, oldest first. */
  read(position: number): Iterable<RelayBatch>;
  /** The newest snapshot. */
  snapshot(): Uint8Array | undefined;
  /** Put a snapshot in place of the one before, and forget batches in front of `position` that are older than `keepAtMs`. */
  compact(snapshot: Uint8Array, position: number, keepAtMs: bigint): void;
  /** Let go of it; another may write it then. */
  close(): void;
}
