import { addressOfBytes, bytesToHex, writeHex } from "../crypto/index.js";
import { InvalidField } from "../errors/input.js";
import { JournalDamaged } from "../errors/journal.js";
import type { Address, Hash32, Hex } from "../units/index.js";

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

/**
 * Writes the journal's binary form: integers as a length byte and big-endian bytes without leading zeros, everything of
 * variable size behind its length. Reused: `reset` empties it.
 */
export class ByteWriter {
  #bytes = new Uint8Array(4_096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Forget everything behind `length`. */
  reset(length = 0): void {
    this.#length = length;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  bool(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** An unsigned integer of at most 256 bits. */
  uint(value: bigint): void {
    if (value < 0n || value >> 256n !== 0n) throw new InvalidField("uint", "an integer of uint256", value);
    this.#room(33);
    const words = value >> 64n === 0n ? 1 : 4;
    const end = this.#length + 1 + 8 * words;
    for (let i = 1, rest = value; i <= words; i++, rest >>= 64n) this.#view.setBigUint64(end - 8 * i, rest);
    let from = this.#length + 1;
    while (from < end && this.#bytes[from] === 0) from++;
    this.#bytes.copyWithin(this.#length + 1, from, end);
    this.#bytes[this.#length] = end - from;
    this.#length += 1 + end - from;
  }

  /** A whole number of at least 0. */
  count(value: number): void {
    this.uint(BigInt(value));
  }

  /** Exactly `size` bytes, given as hex. */
  fixed(hex: string, size: number): void {
    this.#room(size);
    if (!writeHex(hex, size, this.#bytes, this.#length)) throw new InvalidField("hex", `${size} bytes of hex`, hex);
    this.#length += size;
  }

  bytes(value: Uint8Array): void {
    this.count(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  hex(value: Hex): void {
    const size = (value.length - 2) / 2;
    this.count(size);
    this.fixed(value, size);
  }

  text(value: string): void {
    this.bytes(utf8.encode(value));
  }

  /** A list behind its length. */
  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.count(items.length);
    for (const item of items) write(item);
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + size, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what `ByteWriter` wrote. Throws JournalDamaged for everything it cannot have written. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #position: number;
  #at = 0;

  /** `position` is the input that an error names. */
  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  damaged(reason: string): JournalDamaged {
    return new JournalDamaged(this.#position, reason);
  }

  byte(): number {
    return this.raw(1)[0] as number;
  }

  bool(): boolean {
    const value = this.byte();
    if (value > 1) throw this.damaged("a flag is neither 0 nor 1");
    return value === 1;
  }

  uint(): bigint {
    const bytes = this.raw(this.byte());
    if (bytes.length > 32) throw this.damaged("an integer is longer than 32 bytes");
    let value = 0n;
    if (bytes.length <= 6) {
      let small = 0;
      for (const byte of bytes) small = small * 256 + byte;
      return BigInt(small);
    }
    for (const byte of bytes) value = (value << 8n) | BigInt(byte);
    return value;
  }

  count(): number {
    const value = Number(this.uint());
    if (!Number.isSafeInteger(value)) throw this.damaged("a count is too large");
    return value;
  }

  hash(): Hash32 {
    return bytesToHex(this.raw(32)) as Hash32;
  }

  address(): Address {
    return addressOfBytes(this.raw(20));
  }

  bytes(): Uint8Array {
    return this.raw(this.count());
  }

  hex(): Hex {
    return bytesToHex(this.bytes());
  }

  text(): string {
    try {
      return text.decode(this.bytes());
    } catch (cause) {
      throw new JournalDamaged(this.#position, "a text is not UTF-8", cause);
    }
  }

  list<T>(read: () => T): T[] {
    const count = this.count();
    if (count > this.#bytes.length - this.#at) throw this.damaged("a list is longer than its bytes");
    return Array.from({ length: count }, read);
  }

  /** `size` bytes as they are, without a copy. */
  raw(size: number): Uint8Array {
    if (this.#at + size > this.#bytes.length) throw this.damaged("ends in the middle of an entry");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
}
