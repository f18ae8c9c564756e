import { concatBytes } from "../crypto/index.js";
import { PayloadTruncated } from "../errors/ledger.js";
import { LANES_PER_WORD } from "../units/index.js";
import { packHeader, packLanes, payloadBytes, requireRange, unpackLanes } from "./packing.js";
import { idsOf, type ClaimRange } from "./plan.js";
import { LedgerTree } from "./tree.js";
import { packMask, widthOf } from "./update.js";
import { laneOf } from "./words.js";

/** A range of a claim as it stands in calldata: its words, and what proves them. */
export interface ProvenRange extends ClaimRange {
  /** The four lanes of each word, in uMOR. */
  readonly values: readonly bigint[];
  /** Bit i says that the sibling at level i is not empty and stands in `siblings`, lowest level first. */
  readonly mask: number;
  readonly siblings: readonly Uint8Array[];
}

const HEADER_BYTES = 8;
/** Which lanes it is for, and which siblings follow. */
const TAIL_BYTES = 4;
const SIBLING_BYTES = 32;

/** Read packed claim ranges, as `buildClaim` writes them. @throws PayloadTruncated, InvalidRange */
export function unpackClaim(data: Uint8Array): ProvenRange[] {
  const ranges: ProvenRange[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const take = (bytes: number): Uint8Array => {
    if (data.length - at < bytes) throw new PayloadTruncated(bytes, data.length - at);
    at += bytes;
    return data.subarray(at - bytes, at);
  };
  while (at < data.length) {
    const start = at;
    take(HEADER_BYTES);
    const [head, tail] = [view.getUint32(start), view.getUint32(start + 4)];
    const [count, bits] = [tail >>> 8, tail & 0xff];
    const range = { firstWord: head >>> 8, level: head & 0xff, count };
    requireRange(range);
    const values = unpackLanes(take(payloadBytes(count, bits)), count, bits);
    const [lanes = 0, ...mask] = take(TAIL_BYTES);
    const named = mask.reduce((sum, byte) => sum * 256 + byte, 0);
    const siblings = Array.from({ length: onesOf(named) }, () => take(SIBLING_BYTES));
    ranges.push({ ...range, lanes, values, mask: named, siblings });
  }
  return ranges;
}

/** Write what `unpackClaim` reads. */
export function packProven(ranges: readonly ProvenRange[]): Uint8Array {
  return concatBytes(
    ...ranges.flatMap((range) => {
      const bits = widthOf(range.values);
      const tail = [Uint8Array.of(range.lanes), packMask(range.mask), ...range.siblings];
      return [packHeader(range, bits), packLanes(range.values, bits), ...tail];
    }),
  );
}

/** Ids of the providers that packed claim ranges are for, in order. @throws PayloadTruncated, InvalidRange */
export function claimedIds(data: Uint8Array): number[] {
  return unpackClaim(data).flatMap((range) => idsOf(range).filter((id) => ((range.lanes >> laneOf(id)) & 1) === 1));
}

/**
 * Cut packed claim ranges into two claims of about the same size, down to a single provider; no tree is needed, for the
 * words of a half are the proof of the other. Gives undefined where there is one provider only. Pure.
 * @throws PayloadTruncated, InvalidRange
 */
export function splitClaim(data: Uint8Array): [Uint8Array, Uint8Array] | undefined {
  const ranges = unpackClaim(data);
  const [only] = ranges;
  if (ranges.length > 1) {
    const cut = middleOf(ranges);
    return [packProven(ranges.slice(0, cut)), packProven(ranges.slice(cut))];
  }
  if (only === undefined) return undefined;
  const halves = splitProven(only);
  return halves === undefined ? undefined : [packProven([halves[0]]), packProven([halves[1]])];
}

/**
 * Cut one range in the middle: its words while it has several, then its lanes. Words that it leaves out, being empty, make
 * no half of their own unless `evenEmpty`, which two proofs of the same lanes need. Undefined for a single lane.
 */
export function splitProven(range: ProvenRange, evenEmpty = false): [ProvenRange, ProvenRange] | undefined {
  if (range.level === 0) return splitLanes(range);
  const halves = halvesOf(range);
  const half = 2 ** (range.level - 1);
  return range.count > half || evenEmpty ? halves : splitProven(halves[0]);
}

function halvesOf(range: ProvenRange): [ProvenRange, ProvenRange] {
  const level = range.level - 1;
  const half = 2 ** level;
  const tree = LedgerTree.from(range.values);
  const part = (side: 0 | 1): ProvenRange => {
    const words = side === 0 ? Math.min(half, range.count) : range.count - half;
    // The contract takes an even number of words, and at least some; those that are missing are empty.
    const count = Math.max(words, level === 0 ? 1 : 2);
    const firstWord = side * half;
    const other = tree.isEmpty(level, 1 - side) ? [] : [tree.node(level, 1 - side)];
    return {
      firstWord: range.firstWord + firstWord,
      level,
      count,
      lanes: range.lanes,
      values: tree.lanes(firstWord, count),
      mask: range.mask | (other.length << level),
      siblings: [...other, ...range.siblings],
    };
  };
  return [part(0), part(1)];
}

function splitLanes(range: ProvenRange): [ProvenRange, ProvenRange] | undefined {
  const bits = Array.from({ length: LANES_PER_WORD }, (_, lane) => range.lanes & (1 << lane)).filter(
    (bit) => bit !== 0,
  );
  if (bits.length < 2) return undefined;
  const low = bits.slice(0, bits.length >> 1).reduce((sum, bit) => sum | bit, 0);
  return [
    { ...range, lanes: low },
    { ...range, lanes: range.lanes & ~low },
  ];
}

/** Where a list of at least two ranges is cut so that both sides have about the same number of words and siblings. */
function middleOf(ranges: readonly ProvenRange[]): number {
  const sizes = ranges.map(({ count, siblings }) => count + siblings.length);
  const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
  let sum = 0;
  const at = sizes.findIndex((size) => (sum += size) >= half);
  return Math.min(Math.max(at, 1), ranges.length - 1);
}

function onesOf(mask: number): number {
  let ones = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}
