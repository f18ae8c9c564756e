import { concatBytes, hexToBytes, keccak256, keccak256Text, bytesToHex } from "../crypto/index.js";
import { JournalDamaged, JournalForeign, JournalVersionUnknown } from "../errors/journal.js";
import type { Address } from "../units/brands.js";
import { readJson, writeJson } from "./json.js";
import { applyChange, emptyState, type Change, type Job, type Part, type RelayState, type Slot } from "./state.js";
import type { RelayBatch, RelayStore } from "./store.js";

/** Whose records they are: nobody else's are opened. */
export interface RelayIdentity {
  readonly chainId: bigint;
  readonly contract: Address;
  readonly sender: Address;
}

/** Format of the records that this version writes and reads. */
export const RELAY_FORMAT = 1;

const MAGIC = "yellowstone relayer";
const SUM_BYTES = 32;
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

/**
 * The relayer's state over a store. Each batch is checked by a digest over it and the one before, a snapshot by a sum over it
 * and the header; so what was cut, changed or joined from others is refused when it is read.
 */
export class RelayLog {
  readonly state: RelayState;
  readonly #store: RelayStore;
  readonly #genesis: string;
  #digest: Uint8Array;
  #position = 0;
  #sinceSnapshot = 0;

  /**
   * Open a store, or begin one.
   * @throws JournalDamaged, JournalForeign, JournalVersionUnknown and the errors of the store
   */
  constructor(store: RelayStore, identity: RelayIdentity) {
    this.#store = store;
    const header = store.header();
    const own = seal(utf8.encode(writeJson({ magic: MAGIC, format: RELAY_FORMAT, ...identity })));
    if (header !== undefined) requireHeader(header, identity);
    this.#digest = keccak256(own);
    this.#genesis = bytesToHex(this.#digest);
    this.state = emptyState();
    if (header === undefined) store.begin(own, this.#snapshot());
    else this.#load();
  }

  /** Records since the last snapshot. */
  get length(): number {
    return this.#sinceSnapshot;
  }

  /** Make changes durable together, then make them. @throws the errors of the store */
  commit(changes: readonly Change[], atMs: number): void {
    const bytes = utf8.encode(writeJson(changes));
    const batch = { first: this.#position, count: changes.length, atMs: BigInt(atMs), bytes };
    const digest = digestOf(this.#digest, batch);
    this.#store.append({ ...batch, digest });
    this.#advance(changes, digest);
  }

  /** Write the state whole, and forget the records before it. @throws the errors of the store */
  compact(): void {
    this.#store.compact(this.#snapshot(), this.#position, 1n << 62n);
    this.#sinceSnapshot = 0;
  }

  close(): void {
    this.#store.close();
  }

  #advance(changes: readonly Change[], digest: Uint8Array): void {
    for (const change of changes) applyChange(this.state, change);
    this.#digest = digest;
    this.#position += changes.length;
    this.#sinceSnapshot += changes.length;
  }

  #load(): void {
    const sealed = this.#store.snapshot();
    if (sealed === undefined) throw new JournalDamaged(0, "there is no snapshot");
    const kept = parse(unseal(sealed, "the snapshot"), 0) as Kept;
    if (kept.genesis !== this.#genesis) throw new JournalDamaged(0, "the snapshot is another relayer's");
    this.#digest = hexToBytes(kept.digest);
    this.#position = kept.position;
    const { state } = this;
    for (const job of kept.jobs) state.jobs.set(job.id, job);
    for (const part of kept.parts) state.parts.set(part.key, part);
    for (const slot of kept.slots) state.slots.set(slot.nonce, slot);
    state.nextNonce = kept.nextNonce ?? undefined;
    for (const batch of this.#store.read(this.#position)) {
      if (batch.first !== this.#position) throw new JournalDamaged(this.#position, `goes on at record ${batch.first}`);
      const expected = digestOf(this.#digest, batch);
      if (bytesToHex(expected) !== bytesToHex(batch.digest)) {
        throw new JournalDamaged(this.#position, "a batch does not match its digest");
      }
      this.#advance(parse(batch.bytes, batch.first) as Change[], expected);
    }
  }

  #snapshot(): Uint8Array {
    const { jobs, parts, slots, nextNonce } = this.state;
    const kept: Kept = {
      genesis: this.#genesis,
      digest: bytesToHex(this.#digest),
      position: this.#position,
      jobs: [...jobs.values()],
      parts: [...parts.values()],
      slots: [...slots.values()],
      nextNonce: nextNonce ?? null,
    };
    return seal(utf8.encode(writeJson(kept)));
  }
}

interface Kept {
  readonly genesis: string;
  readonly digest: string;
  readonly position: number;
  readonly jobs: readonly Job[];
  readonly parts: readonly Part[];
  readonly slots: readonly Slot[];
  readonly nextNonce: number | null;
}

function requireHeader(header: Uint8Array, identity: RelayIdentity): void {
  const found = parse(unseal(header, "the header"), 0) as Record<string, unknown>;
  if (found["magic"] !== MAGIC) throw new JournalDamaged(0, "it is no relayer's");
  if (found["format"] !== RELAY_FORMAT) throw new JournalVersionUnknown(RELAY_FORMAT, Number(found["format"]));
  for (const field of ["chainId", "contract", "sender"] as const) {
    const [expected, actual] = [String(identity[field]), String(found[field])];
    if (expected !== actual) throw new JournalForeign(field, expected, actual);
  }
}

function seal(content: Uint8Array): Uint8Array {
  return concatBytes(keccak256(content), content);
}

function unseal(sealed: Uint8Array, what: string): Uint8Array {
  const content = sealed.subarray(SUM_BYTES);
  if (bytesToHex(keccak256(content)) !== bytesToHex(sealed.subarray(0, SUM_BYTES))) {
    throw new JournalDamaged(0, `${what} does not match its sum`);
  }
  return content;
}

function parse(bytes: Uint8Array, position: number): unknown {
  try {
    return readJson(text.decode(bytes));
  } catch (cause) {
    throw new JournalDamaged(position, "it is no JSON", cause);
  }
}

function digestOf(before: Uint8Array, { first, count, atMs, bytes }: Omit<RelayBatch, "digest">): Uint8Array {
  const fields = hexToBytes(keccak256Text(`${first} ${count} ${atMs}`));
  return keccak256(concatBytes(before, fields, bytes));
}
