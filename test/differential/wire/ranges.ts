import { LANES } from "../model/units.js";
import type { Tree } from "../model/tree.js";
import { hex } from "./bytes.js";

/** An aligned subtree of 2^level words, of which the first `count` are given. */
export interface Range {
  readonly firstWord: number;
  readonly level: number;
  readonly count: number;
}

/** Bits that the widest of `lanes` needs. */
export const widthOf = (lanes: readonly bigint[]): number =>
  lanes.reduce((widest, lane) => Math.max(widest, lane === 0n ? 0 : lane.toString(2).length), 0);

/** Lanes of a range in `bits` each: a pair of words fills `bits` bytes, the first word in the high half (SPEC S4). */
export function packLanes(lanes: readonly bigint[], bits: number): string {
  const word = (at: number) => {
    let packed = 0n;
    for (let k = LANES - 1; k >= 0; k--) packed = (packed << BigInt(bits)) | (lanes[at * LANES + k] ?? 0n);
    return packed;
  };
  const count = lanes.length / LANES;
  if (count === 1) return bits === 0 ? "" : hex(word(0), Math.ceil(bits / 2));
  let text = "";
  for (let i = 0; i < count; i += 2) {
    if (bits > 0) text += hex((word(i) << BigInt(4 * bits)) | word(i + 1), bits);
  }
  return text;
}

/** Head of a range with its lanes. */
export function packRange({ firstWord, level, count }: Range, lanes: readonly bigint[], extraBits = 0): string {
  const bits = widthOf(lanes) + extraBits;
  return hex(firstWord, 3) + hex(level, 1) + hex(count, 3) + hex(bits, 1) + packLanes(lanes, bits);
}

/** Old lanes of a range and the siblings that prove it. */
export function packWitness(range: Range, olds: readonly bigint[], tree: Tree): string {
  const bits = widthOf(olds);
  return hex(bits, 1) + packLanes(olds, bits) + packSiblings(range, tree);
}

/** The siblings of a range that are not empty, behind a mask that says which. */
export function packSiblings({ firstWord, level }: Range, tree: Tree): string {
  let mask = 0n;
  let list = "";
  tree.siblings(firstWord, level).forEach((sibling, i) => {
    if (sibling === undefined) return;
    mask |= 1n << BigInt(level + i);
    list += hex(sibling, 32);
  });
  return hex(mask, 3) + list;
}

/** A claim range under a tree. */
export function packClaim(range: Range, lanesMask: number, tree: Tree): string {
  const lanes = lanesOf(range, tree);
  return packRange(range, lanes) + hex(lanesMask, 1) + packSiblings(range, tree);
}

/** Lanes that a tree holds in a range. */
export function lanesOf({ firstWord, count }: Range, { lanes }: Pick<Tree, "lanes">): bigint[] {
  return Array.from({ length: count * LANES }, (_, i) => lanes[firstWord * LANES + i] ?? 0n);
}
