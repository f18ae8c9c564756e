import { InvalidRange, LaneTooWide, PayloadTruncated } from "../errors/ledger.js";
import { LANES_PER_WORD, TREE_DEPTH } from "../units/index.js";
import { DELTA_BITS_MAX, MAX_WORDS } from "./words.js";

/** An aligned subtree of 2^level words of which the first `count` are given; the words behind them are empty. */
export interface Range {
  firstWord: number;
  level: number;
  count: number;
}

/** A range of deltas as it stands in an attestation: `lanes` has 4 x count entries, in uMOR. */
export interface DeltaRange extends Range {
  lanes: bigint[];
}

const HEADER_BYTES = 8;

/** Bytes of `count` words at `bits` a lane: `bits` a pair of words, half of that, rounded up, for a single word. */
export function payloadBytes(count: number, bits: number): number {
  return (count * bits + 1) >> 1;
}

/** Write the header of a range: firstWord u24, level u8, count u24, bits u8, big-endian. */
export function packHeader(range: Range, bits: number): Uint8Array {
  requireRange(range);
  const out = new Uint8Array(HEADER_BYTES);
  const view = new DataView(out.buffer);
  view.setUint32(0, range.firstWord * 256 + range.level);
  view.setUint32(4, range.count * 256 + bits);
  return out;
}

/**
 * Pack lanes at `bits` each: within a pair of words the first word is the high half and lane 0 the low end of each.
 * @throws LaneTooWide if a lane does not fit, InvalidRange if they are neither one word nor pairs of words.
 */
export function packLanes(lanes: readonly bigint[], bits: number): Uint8Array {
  const count = lanes.length / LANES_PER_WORD;
  if (count !== 1 && count % 2 !== 0)
    throw new InvalidRange({ firstWord: 0, level: 0, count }, "an odd number of words");
  const out = new Uint8Array(payloadBytes(count, bits));
  const width = BigInt(bits);
  const perStep = count === 1 ? LANES_PER_WORD : 2 * LANES_PER_WORD;
  const bytes = count === 1 ? out.length : bits;
  for (let first = 0, end = bytes; first < lanes.length; first += perStep, end += bytes) {
    let packed = 0n;
    for (let word = first; word < first + perStep; word += LANES_PER_WORD) {
      for (let lane = LANES_PER_WORD - 1; lane >= 0; lane--) {
        const value = lanes[word + lane]!;
        if (value >> width !== 0n) throw new LaneTooWide(word + lane, value, bits);
        packed = (packed << width) | value;
      }
    }
    for (let at = end - 1; at >= end - bytes; at--) {
      out[at] = Number(packed & 0xffn);
      packed >>= 8n;
    }
  }
  return out;
}

/** Undo {@link packLanes}: `count` words of four lanes. */
export function unpackLanes(payload: Uint8Array, count: number, bits: number): bigint[] {
  const lanes = new Array<bigint>(count * LANES_PER_WORD);
  const width = BigInt(bits);
  const mask = (1n << width) - 1n;
  const perStep = count === 1 ? LANES_PER_WORD : 2 * LANES_PER_WORD;
  const bytes = count === 1 ? payload.length : bits;
  for (let first = 0, start = 0; first < lanes.length; first += perStep, start += bytes) {
    let packed = 0n;
    for (const byte of payload.subarray(start, start + bytes)) packed = (packed << 8n) | BigInt(byte);
    for (let word = first + perStep - LANES_PER_WORD; word >= first; word -= LANES_PER_WORD) {
      for (let lane = 0; lane < LANES_PER_WORD; lane++) {
        lanes[word + lane] = packed & mask;
        packed >>= width;
      }
    }
  }
  return lanes;
}

/**
 * Read the deltas that an attestation carried and its event repeats, range by range.
 * @throws PayloadTruncated or InvalidRange if the bytes are not what the contract accepts.
 */
export function unpackDeltas(data: Uint8Array): DeltaRange[] {
  const ranges: DeltaRange[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length;) {
    if (data.length - at < HEADER_BYTES) throw new PayloadTruncated(HEADER_BYTES, data.length - at);
    const head = view.getUint32(at);
    const tail = view.getUint32(at + 4);
    const range = { firstWord: head >>> 8, level: head & 0xff, count: tail >>> 8 };
    const bits = tail & 0xff;
    requireRange(range);
    if (bits > DELTA_BITS_MAX) throw new InvalidRange(range, `lanes of ${bits} bits, more than ${DELTA_BITS_MAX}`);
    at += HEADER_BYTES;
    const bytes = payloadBytes(range.count, bits);
    if (data.length - at < bytes) throw new PayloadTruncated(bytes, data.length - at);
    ranges.push({ ...range, lanes: unpackLanes(data.subarray(at, at + bytes), range.count, bits) });
    at += bytes;
  }
  return ranges;
}

/** Refuse a range that is no subtree which the contract takes. @throws InvalidRange */
export function requireRange(range: Range): void {
  const { firstWord, level, count } = range;
  if (level > TREE_DEPTH || firstWord >= MAX_WORDS) throw new InvalidRange(range, "outside the tree");
  const size = 2 ** level;
  if (firstWord % size !== 0) throw new InvalidRange(range, `not aligned to its ${size} words`);
  if (count < 1 || count > size) throw new InvalidRange(range, `${count} words in a subtree of ${size}`);
  if (level > 0 && count % 2 === 1) throw new InvalidRange(range, "an odd number of words");
}
