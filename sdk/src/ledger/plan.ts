import type { LedgerTree } from "./tree.js";
import { LANES_PER_WORD, TREE_DEPTH } from "../units/index.js";
import { laneOf, wordOf } from "./words.js";
import type { Range } from "./packing.js";

/** What a range costs on chain, in gas: fitted to the figures that `npm run bench -- --suite gas` prints. */
export interface RangeCost {
  /** One range, whatever it holds: header, parsing, event. */
  range: number;
  /** The same beside it, for a range of more than one word: loops and folding. */
  fold: number;
  /** Each level from the range to the root. */
  level: number;
  /** Each sibling that is not empty. */
  sibling: number;
  /** Each word. */
  word: number;
}

/** Costs of a range of an attestation: both roots are hashed and the words come with their deltas. */
export const UPDATE_COST: RangeCost = { range: 3_000, fold: 1_400, level: 170, sibling: 530, word: 620 };

/** A range of a claim: `lanes` says which lanes of each word it is for. */
export interface ClaimRange extends Range {
  lanes: number;
}

interface Plan {
  cost: number;
  ranges: Range[];
}

/**
 * Choose the ranges that carry the `touched` words at the least gas: neighbours are joined to one aligned range where
 * sending the words between them is cheaper than another path to the root.
 * @returns Ranges in ascending order; empty if nothing is touched.
 */
export function planUpdate(tree: LedgerTree, touched: Iterable<number>, cost: RangeCost = UPDATE_COST): Range[] {
  const words = [...new Set(touched)].sort((a, b) => a - b);
  const end = Math.max(tree.wordCount, (words[words.length - 1] ?? -1) + 1);
  let plans = new Map<number, Plan>();
  for (const word of words) plans.set(word, single(tree, { firstWord: word, level: 0, count: 1 }, cost));
  for (let level = 1; level <= TREE_DEPTH && plans.size > 0; level++) plans = joinLevel(tree, plans, level, end, cost);
  return [...plans.values()].flatMap((plan) => plan.ranges);
}

/** Best plan of each subtree of `level` from those of its children. */
function joinLevel(
  tree: LedgerTree,
  children: ReadonlyMap<number, Plan>,
  level: number,
  end: number,
  cost: RangeCost,
): Map<number, Plan> {
  const parents = new Map<number, Plan>();
  for (const [index, child] of children) {
    const parent = index >> 1;
    const known = parents.get(parent);
    parents.set(parent, known ? { cost: known.cost + child.cost, ranges: [...known.ranges, ...child.ranges] } : child);
  }
  for (const [index, apart] of parents) {
    const firstWord = index * 2 ** level;
    // A right half without words: the same range as one level below, and a path costs less than folding empty subtrees.
    if (end - firstWord <= 2 ** (level - 1)) continue;
    const joined = single(tree, { firstWord, level, count: evenUp(Math.min(2 ** level, end - firstWord)) }, cost);
    if (joined.cost <= apart.cost) parents.set(index, joined);
  }
  return parents;
}

function single(tree: LedgerTree, range: Range, cost: RangeCost): Plan {
  const siblings = tree.path(range.level, range.firstWord / 2 ** range.level).siblings.length;
  const climb = (TREE_DEPTH - range.level) * cost.level + siblings * cost.sibling;
  const fold = range.level === 0 ? 0 : cost.fold;
  return { cost: cost.range + fold + climb + range.count * cost.word, ranges: [range] };
}

/** Gas of proving and adding these ranges, without calldata and the fixed part of an attestation. */
export function updateGas(tree: LedgerTree, ranges: readonly Range[], cost: RangeCost = UPDATE_COST): number {
  return ranges.reduce((gas, range) => gas + single(tree, range, cost).cost, 0);
}

/**
 * Choose the ranges that carry the words of the providers `ids` and no other provider: aligned runs of words that are
 * claimed for the same lanes travel together.
 */
export function planClaim(ids: Iterable<number>): ClaimRange[] {
  const masks = new Map<number, number>();
  for (const id of ids) masks.set(wordOf(id), (masks.get(wordOf(id)) ?? 0) | (1 << laneOf(id)));
  let ranges = [...masks]
    .sort(([a], [b]) => a - b)
    .map(([firstWord, lanes]): ClaimRange => ({ firstWord, level: 0, count: 1, lanes }));
  for (let level = 0; level < TREE_DEPTH; level++) {
    const joined: ClaimRange[] = [];
    for (const range of ranges) {
      const left = joined[joined.length - 1];
      if (left && isLeftTwin(left, range, level)) {
        joined[joined.length - 1] = { ...left, level: level + 1, count: left.count * 2 };
      } else {
        joined.push(range);
      }
    }
    if (joined.length === ranges.length && !joined.some((range) => range.level === level + 1)) break;
    ranges = joined;
  }
  return ranges;
}

function isLeftTwin(left: ClaimRange, right: ClaimRange, level: number): boolean {
  const size = 2 ** level;
  const siblings = left.firstWord % (2 * size) === 0 && right.firstWord === left.firstWord + size;
  return siblings && left.level === level && right.level === level && left.lanes === right.lanes;
}

function evenUp(count: number): number {
  return count + (count % 2);
}

/** Lanes of the words of `range`, 4 x count entries. */
export function lanesOf(tree: LedgerTree, range: Range): bigint[] {
  return tree.lanes(range.firstWord, range.count);
}

/** Ids of the providers in the words of `range`. */
export function idsOf(range: Range): number[] {
  return Array.from({ length: range.count * LANES_PER_WORD }, (_, i) => range.firstWord * LANES_PER_WORD + i);
}
