import { concatBytes, keccak256 } from "../crypto/index.js";
import { JournalDamaged } from "../errors/journal.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { requireHeader, sameBytes, seal, unseal, writeHeader, type JournalIdentity } from "./header.js";
import type { JournalStorage, StoredBatch } from "./storage.js";

/** A state with the settings its transitions were made under. */
export interface SnapshotContent {
  readonly settings: string;
  readonly state: Uint8Array;
}

/**
 * A line of batches of inputs over a storage. Each batch is checked by a digest over it and the digest before, the first
 * one over the header; a snapshot is bound to the header and to the digest at its position. So a journal that was cut,
 * changed or joined from others is refused when it is read.
 */
export class Journal {
  readonly #storage: JournalStorage;
  readonly #genesis: Uint8Array;
  #digest: Uint8Array;
  #position = 0;

  private constructor(storage: JournalStorage, header: Uint8Array) {
    this.#storage = storage;
    this.#genesis = keccak256(header);
    this.#digest = this.#genesis;
  }

  /** Begin a journal on a storage that has none. @throws the errors of the storage */
  static begin(storage: JournalStorage, identity: JournalIdentity, content: SnapshotContent): Journal {
    const header = writeHeader(identity);
    const journal = new Journal(storage, header);
    storage.begin(header, journal.#seal(content));
    return journal;
  }

  /**
   * Open the journal of a storage, at its snapshot: read the batches behind it next. Undefined where none was begun.
   * @throws JournalDamaged, JournalForeign, JournalVersionUnknown and the errors of the storage
   */
  static open(
    storage: JournalStorage,
    identity: JournalIdentity,
  ): { readonly journal: Journal; readonly content: SnapshotContent } | undefined {
    const header = storage.header();
    if (header === undefined) return undefined;
    requireHeader(header, identity);
    const journal = new Journal(storage, header);
    const sealed = storage.snapshot();
    if (sealed === undefined) throw new JournalDamaged(0, "there is no snapshot");
    const from = new ByteReader(unseal(sealed, 0, "the snapshot", journal.#genesis), 0);
    journal.#position = from.count();
    journal.#digest = Uint8Array.from(from.raw(32));
    return { journal, content: { settings: from.text(), state: Uint8Array.from(from.bytes()) } };
  }

  /** Inputs so far. */
  get position(): number {
    return this.#position;
  }

  /** Bytes the storage takes up. */
  get size(): number {
    return this.#storage.size();
  }

  /** Read on to the end: the batches behind the present position, each checked. @throws JournalDamaged */
  *readOn(): Generator<StoredBatch> {
    for (const batch of this.#storage.read(this.#position)) {
      const { first, count, digest } = batch;
      if (first !== this.#position) throw new JournalDamaged(this.#position, `goes on at input ${first}`);
      if (!sameBytes(digestOf(this.#digest, batch), digest)) {
        throw new JournalDamaged(this.#position, "a batch does not match its digest");
      }
      this.#digest = digest;
      this.#position = first + count;
      yield batch;
    }
  }

  /**
   * Check all batches that are kept, from the oldest to the present position. The oldest one only anchors the others when
   * those before it are gone. @throws JournalDamaged
   */
  verify(): void {
    let last: { readonly digest: Uint8Array; readonly end: number } | undefined;
    for (const batch of this.#storage.read(0)) {
      const { first, count, digest } = batch;
      const before = last?.digest ?? (first === 0 ? this.#genesis : undefined);
      if (last !== undefined && first !== last.end) throw new JournalDamaged(last.end, `goes on at input ${first}`);
      if (before !== undefined && !sameBytes(digestOf(before, batch), digest)) {
        throw new JournalDamaged(first, "a batch does not match its digest");
      }
      last = { digest, end: first + count };
    }
    if (last === undefined) return;
    if (last.end !== this.#position || !sameBytes(last.digest, this.#digest)) {
      throw new JournalDamaged(last.end, `does not lead to input ${this.#position}`);
    }
  }

  /** Append inputs that are written one behind the other; they are durable when this returns. @throws the errors of the storage */
  append(bytes: Uint8Array, count: number, atMs: bigint): void {
    const unsigned = { first: this.#position, count, atMs, bytes };
    const digest = digestOf(this.#digest, unsigned);
    this.#storage.append({ ...unsigned, digest });
    this.#digest = digest;
    this.#position += count;
  }

  /** Keep a snapshot at the present position, and forget the batches before it that are older than `keepAtMs`. */
  compact(content: SnapshotContent, keepAtMs: bigint): void {
    this.#storage.compact(this.#seal(content), this.#position, keepAtMs);
  }

  close(): void {
    this.#storage.close();
  }

  #seal({ settings, state }: SnapshotContent): Uint8Array {
    const out = new ByteWriter();
    out.count(this.#position);
    const head = out.take();
    out.reset();
    out.text(settings);
    out.bytes(state);
    return seal(concatBytes(head, this.#digest, out.take()), this.#genesis);
  }
}

function digestOf(before: Uint8Array, { first, count, atMs, bytes }: Omit<StoredBatch, "digest">): Uint8Array {
  const fields = new Uint8Array(24);
  const view = new DataView(fields.buffer);
  view.setBigUint64(0, BigInt(first));
  view.setBigUint64(8, BigInt(count));
  view.setBigUint64(16, atMs);
  return keccak256(concatBytes(before, fields, bytes));
}
