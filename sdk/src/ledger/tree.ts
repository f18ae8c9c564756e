import { hashPair, keccak256 } from "../crypto/index.js";
import { LaneOutsideTree, LaneOverflow } from "../errors/ledger.js";
import { LANE_BITS_MAX, MAX_PROVIDERS, WORD_BYTES, laneOf, laneOffset, wordOf } from "./words.js";
import { TREE_DEPTH } from "../units/index.js";

/** Credits to add: provider id to uMOR. */
export type Deltas = ReadonlyMap<number, bigint>;

/** Node of an empty subtree at each level from 0 to the depth of the tree. */
const EMPTY_NODES: readonly Uint8Array[] = emptyNodes();

/**
 * The ledger: lifetime credits of all providers under a keccak tree of fixed depth, kept so that an update rehashes
 * only the paths it touches. Amounts are uMOR. Source: design.md section 5; twin of contracts/libraries/WordTree.sol.
 *
 * @example
 * const tree = LedgerTree.from([0n, 5_000_000n]);
 * tree.apply(new Map([[1, 250_000n]]));
 * tree.lane(1); // 5_250_000n
 */
export class LedgerTree {
  /** Bytes of the nodes of each level; level 0 holds the words themselves. Behind the last node all is empty. */
  #levels: Uint8Array[];
  #nodes: number[];
  #dirty = new Set<number>();
  #hashCount = 0;

  private constructor(levels: Uint8Array[], nodes: number[]) {
    this.#levels = levels;
    this.#nodes = nodes;
  }

  /** Make an empty tree. */
  static empty(): LedgerTree {
    return new LedgerTree(
      Array.from({ length: TREE_DEPTH + 1 }, () => new Uint8Array(0)),
      new Array<number>(TREE_DEPTH + 1).fill(0),
    );
  }

  /** Make a tree of the given lanes: entry i is the lifetime credit of provider i, in uMOR. */
  static from(lanes: Iterable<bigint>): LedgerTree {
    const tree = LedgerTree.empty();
    const all = [...lanes];
    tree.#grow(wordOf(all.length + 3));
    all.forEach((value, id) => tree.#set(id, value));
    return tree;
  }

  /** Words from the first to the last that may hold a credit. */
  get wordCount(): number {
    return this.#nodes[0]!;
  }

  /** Hashes computed so far: what updates cost, whatever the machine. */
  get hashCount(): number {
    return this.#hashCount;
  }

  /** Lifetime credit of provider `id` in uMOR; 0 for one never credited. */
  lane(id: number): bigint {
    const word = wordOf(id);
    if (word >= this.wordCount) return 0n;
    return this.#view(0).getBigUint64(laneOffset(word, laneOf(id)));
  }

  /** The four lanes of each of `count` words from `firstWord` on. */
  lanes(firstWord: number, count: number): bigint[] {
    return Array.from({ length: count * 4 }, (_, i) => this.lane(firstWord * 4 + i));
  }

  /**
   * Add `deltas` to the lanes.
   * @throws LaneOverflow if a lane would reach 2^62; LaneOutsideTree for an id the tree cannot hold. Nothing is added then.
   */
  apply(deltas: Deltas): void {
    const added: [number, bigint][] = [];
    for (const [id, delta] of deltas) {
      if (!Number.isInteger(id) || id < 0 || id >= MAX_PROVIDERS) throw new LaneOutsideTree(id);
      const value = this.lane(id) + delta;
      if (delta < 0n || value >> BigInt(LANE_BITS_MAX) !== 0n) throw new LaneOverflow(id, this.lane(id), delta);
      added.push([id, value]);
    }
    for (const [id, value] of added) this.#set(id, value);
  }

  /** Root of the tree: 32 bytes. */
  root(): Uint8Array {
    return this.node(TREE_DEPTH, 0);
  }

  /** Node `index` of `level`: 32 bytes, level 0 being the words. */
  node(level: number, index: number): Uint8Array {
    this.#rehash();
    if (index >= this.#nodes[level]!) return EMPTY_NODES[level]!;
    return this.#levels[level]!.slice(index * WORD_BYTES, (index + 1) * WORD_BYTES);
  }

  /** Whether all words of the subtree `index` of `level` are zero. */
  isEmpty(level: number, index: number): boolean {
    const node = this.node(level, index);
    return EMPTY_NODES[level]!.every((byte, i) => byte === node[i]);
  }

  /**
   * Siblings on the way from the node `index` of `level` to the root: bit i of `mask` says that the one at level i is
   * not empty and stands in `siblings`, lowest level first.
   */
  path(level: number, index: number): { mask: number; siblings: Uint8Array[] } {
    let mask = 0;
    const siblings: Uint8Array[] = [];
    for (let at = level, node = index; at < TREE_DEPTH; at++, node >>= 1) {
      if (this.isEmpty(at, node ^ 1)) continue;
      mask |= 1 << at;
      siblings.push(this.node(at, node ^ 1));
    }
    return { mask, siblings };
  }

  /** An independent copy. */
  clone(): LedgerTree {
    this.#rehash();
    return new LedgerTree(
      this.#levels.map((level) => level.slice()),
      [...this.#nodes],
    );
  }

  #view(level: number): DataView {
    const bytes = this.#levels[level]!;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #set(id: number, value: bigint): void {
    const word = wordOf(id);
    this.#grow(word + 1);
    this.#view(0).setBigUint64(laneOffset(word, laneOf(id)), value);
    this.#dirty.add(word);
  }

  /** Makes room for `words` words; capacities double, so that growing one by one stays linear. */
  #grow(words: number): void {
    if (words <= this.wordCount) return;
    for (let index = this.wordCount; index < words; index++) this.#dirty.add(index);
    for (let level = 0, nodes = words; level <= TREE_DEPTH; level++, nodes = Math.ceil(nodes / 2)) {
      const bytes = this.#levels[level]!;
      if (nodes * WORD_BYTES > bytes.length) {
        const larger = new Uint8Array(Math.max(nodes * WORD_BYTES, bytes.length * 2));
        larger.set(bytes);
        this.#levels[level] = larger;
      }
      this.#nodes[level] = nodes;
    }
  }

  #rehash(): void {
    if (this.#dirty.size === 0) return;
    let indices = [...this.#dirty].sort((a, b) => a - b);
    this.#dirty.clear();
    for (let level = 0; level < TREE_DEPTH; level++) indices = this.#rehashLevel(level, indices);
  }

  /** Hashes the parents of the nodes at `indices` (ascending) and returns theirs. */
  #rehashLevel(level: number, indices: readonly number[]): number[] {
    const children = this.#levels[level]!;
    const count = this.#nodes[level]!;
    const parents = this.#levels[level + 1]!;
    const touched: number[] = [];
    for (const index of indices) {
      const parent = index >> 1;
      if (touched[touched.length - 1] === parent) continue;
      touched.push(parent);
      const at = parent * 2 * WORD_BYTES;
      if (parent * 2 + 1 < count) {
        parents.set(keccak256(children.subarray(at, at + 2 * WORD_BYTES)), parent * WORD_BYTES);
      } else {
        const last = children.subarray(at, at + WORD_BYTES);
        parents.set(hashPair(last, EMPTY_NODES[level]!), parent * WORD_BYTES);
      }
    }
    this.#hashCount += touched.length;
    return touched;
  }
}

function emptyNodes(): Uint8Array[] {
  const nodes: Uint8Array[] = [new Uint8Array(WORD_BYTES)];
  for (let level = 0; level < TREE_DEPTH; level++) {
    nodes.push(hashPair(nodes[level]!, nodes[level]!));
  }
  return nodes;
}
