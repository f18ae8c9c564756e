import { LaneOutsideTree } from "../errors/ledger.js";
import { LANES_PER_WORD, TREE_DEPTH } from "../units/index.js";

/**
 * Words and lanes: four 64-bit lifetime credits a word, lane k in bits 64k to 64k + 63, the word big-endian in 32 bytes.
 * Source: design.md section 5; twin of contracts/libraries/PackedRange.sol.
 */

/** Most words the tree can hold. */
export const MAX_WORDS = 1 << TREE_DEPTH;
/** Most providers the tree can hold, four a word. */
export const MAX_PROVIDERS = MAX_WORDS * LANES_PER_WORD;
/** Widest lane in bits, 2^62 uMOR; as contracts/types/Units.sol. */
export const LANE_BITS_MAX = 62;
/** Widest delta in bits, 2^44 uMOR at once; as contracts/types/Units.sol. */
export const DELTA_BITS_MAX = 44;
/** Bytes of a word, of a node and of a sibling. */
export const WORD_BYTES = 32;

/**
 * Place of a provider in the ledger: messages carry ids as bigint, the tree counts in numbers, and this is where one
 * becomes the other.
 * @throws LaneOutsideTree
 */
export function ledgerId(providerId: bigint): number {
  if (providerId < 0n || providerId >= BigInt(MAX_PROVIDERS)) throw new LaneOutsideTree(providerId);
  return Number(providerId);
}

/** Word that holds the lane of provider `id`. */
export function wordOf(id: number): number {
  return Math.floor(id / LANES_PER_WORD);
}

/** Lane of provider `id` within its word, 0 to 3. */
export function laneOf(id: number): number {
  return id % LANES_PER_WORD;
}

/** Byte at which lane `lane` of word `word` begins in an array of words. */
export function laneOffset(word: number, lane: number): number {
  return word * WORD_BYTES + (LANES_PER_WORD - 1 - lane) * 8;
}

/** Number of significant bits of a non-negative `value`. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
