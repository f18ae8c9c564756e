import { hashPair } from "../wire/bytes.js";
import { DEPTH, LANES } from "./units.js";

/** Lifetime credits of the providers by id, in uMOR. */
export type Lanes = readonly bigint[];

/** Word `at` of lanes: four of 64 bits, the first lowest. */
export function wordOf(lanes: Lanes, at: number): bigint {
  let word = 0n;
  for (let k = 0; k < LANES; k++) word |= (lanes[at * LANES + k] ?? 0n) << BigInt(64 * k);
  return word;
}

/** Number of words that hold `lanes`. */
export const wordCount = (lanes: Lanes): number => Math.ceil(lanes.length / LANES);

/** A keccak tree of fixed depth over words, computed anew from all of them (design 5). */
export class Tree {
  /** Nodes by level, from the words up; what lies behind is empty. */
  readonly #levels: bigint[][];

  constructor(readonly lanes: Lanes) {
    let nodes = Array.from({ length: wordCount(lanes) }, (_, at) => wordOf(lanes, at));
    this.#levels = [nodes];
    for (let level = 0; level < DEPTH; level++) {
      const parents: bigint[] = [];
      for (let i = 0; i < nodes.length; i += 2) parents.push(hashPair(nodes[i]!, nodes[i + 1] ?? EMPTY[level]!));
      nodes = parents;
      this.#levels.push(nodes);
    }
  }

  /** The root. */
  get root(): bigint {
    return this.#levels[DEPTH]![0] ?? EMPTY[DEPTH]!;
  }

  /** Siblings of the subtree of 2^level words at `firstWord`, from its level up; undefined where empty. */
  siblings(firstWord: number, level: number): (bigint | undefined)[] {
    const found: (bigint | undefined)[] = [];
    for (let at = level; at < DEPTH; at++) {
      const node = this.#levels[at]![(firstWord >> at) ^ 1];
      found.push(node === EMPTY[at] ? undefined : node);
    }
    return found;
  }
}

const EMPTY: bigint[] = [0n];
for (let level = 0; level < DEPTH; level++) EMPTY.push(hashPair(EMPTY[level]!, EMPTY[level]!));
