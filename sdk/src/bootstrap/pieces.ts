import { packClaim } from "../ledger/claim.js";
import { idsOf, updateGas, type ClaimRange, type RangeCost } from "../ledger/plan.js";
import type { Range } from "../ledger/packing.js";
import type { LedgerTree } from "../ledger/tree.js";
import { laneOf } from "../ledger/words.js";
import { providerId } from "../units/index.js";
import { weightOf, type SeasonEntry } from "./ranking.js";

/** Packed claim ranges of the same lanes under the root before a season and under its own. */
export interface EntryRanges {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A range of a plan, written: what it proves and what it costs. */
export interface EntryPiece {
  readonly ranges: EntryRanges;
  /** Everyone it enters, in order of ids. */
  readonly entries: readonly SeasonEntry[];
  /** Calldata included. */
  readonly gas: number;
}

/**
 * Costs of a range of an entry, calldata included, as measured on 210 random entries of 100 to 8,000 providers: both roots
 * are proved, the words come twice, and each of their lanes is compared with the list.
 */
export const ENTRY_COST: RangeCost = { range: 10_000, fold: 0, level: 250, sibling: 1_520, word: 2_700 };
/** A provider that comes in: the list behind it moves, the event names it. */
const GAS_PER_ENTRY = 1_200;

/** Write a range for the lanes that are wanted of its words, `lanes` by word. @throws LaneShrunk */
export function pieceOf(
  before: LedgerTree,
  after: LedgerTree,
  range: Range,
  lanes: ReadonlyMap<number, number>,
): EntryPiece {
  let mask = 0;
  for (let word = range.firstWord; word < range.firstWord + range.count; word++) mask |= lanes.get(word) ?? 0;
  const entries = idsOf(range)
    .filter((id) => (mask >> laneOf(id)) & 1)
    .map((id): SeasonEntry => ({ id: providerId(id), weightUMor: weightOf(before, after, id) }))
    .filter(({ weightUMor }) => weightUMor > 0n);
  const ranges = packEntry(before, after, { ...range, lanes: mask });
  return { ranges, entries, gas: updateGas(after, [range], ENTRY_COST) + entries.length * GAS_PER_ENTRY };
}

/** Write the same range against both roots; words that the ledger before did not have are left out of its half. */
export function packEntry(before: LedgerTree, after: LedgerTree, range: ClaimRange): EntryRanges {
  const least = range.level === 0 ? 1 : 2;
  const words = Math.max(least, before.wordCount - range.firstWord);
  const count = Math.min(range.count, words + (range.level === 0 ? 0 : words & 1));
  return { before: packClaim(before, [{ ...range, count }]), after: packClaim(after, [range]) };
}

/** Halve a range; a half without a wanted word is left out. */
export function splitRange(range: Range, lanes: ReadonlyMap<number, number>): Range[] {
  const half = 2 ** (range.level - 1);
  const right = { firstWord: range.firstWord + half, level: range.level - 1, count: range.count - half };
  const left = { ...right, firstWord: range.firstWord, count: Math.min(half, range.count) };
  const wanted = ({ firstWord, count }: Range) =>
    [...lanes.keys()].some((w) => w >= firstWord && w < firstWord + count);
  return [left, right].filter((part) => part.count > 0 && wanted(part));
}
