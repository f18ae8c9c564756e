import type { ChainLimits } from "../ledger/attestation.js";
import type { ClaimRange } from "../ledger/plan.js";
import type { LedgerTree } from "../ledger/tree.js";
import { bitLength, wordOf } from "../ledger/words.js";
import { LANES_PER_WORD } from "../units/index.js";
import {
  CLAIM_COST,
  feeInMor,
  payeeSlotsOf,
  sizeOfCall,
  sizeOfRange,
  weiOf,
  type ClaimFee,
  type Size,
} from "./claimCost.js";

/** What claims are chosen by. */
export interface ClaimChoice {
  readonly tree: LedgerTree;
  /** What a claim would pay to a provider, in uMOR. */
  readonly dueUMor: (id: number) => bigint;
  /** Whether a provider was ever paid from the ledger, or netted. */
  readonly isSettled: (id: number) => boolean;
  /** Providers whose payments count as gain. */
  readonly wanted: ReadonlySet<number>;
  readonly fee: ClaimFee;
  readonly limits: ChainLimits;
}

/** A range with what it costs and pays. */
export interface ChosenRange {
  readonly range: ClaimRange;
  readonly size: Size;
  /** Providers it pays, ascending. */
  readonly ids: readonly number[];
}

/** Words that are looked at together: a range of more providers would not fit a transaction. */
const BLOCK_LEVEL = 8;
/** A fee decides; where fees are equal, or nothing, gas does. */
const FEE_WEIGHT = 1n << 48n;

interface Choice {
  readonly score: bigint;
  readonly ranges: readonly ChosenRange[];
}

const NOTHING: Choice = { score: 0n, ranges: [] };

/**
 * Choose the ranges that gain most: payments to the wanted providers less what they cost. Neighbours are joined to one range
 * where looking at the providers between them is cheaper than another path to the root; who is not worth its gas is left out.
 */
export function chooseRanges(choice: ClaimChoice): ChosenRange[] {
  const due = [...choice.wanted].filter((id) => choice.dueUMor(id) > 0n && wordOf(id) < choice.tree.wordCount);
  const blocks = new Set(due.map((id) => wordOf(id) >> BLOCK_LEVEL));
  const bits = widestLane(choice.tree, due);
  return [...blocks].sort((a, b) => a - b).flatMap((block) => new Block(choice, block, bits).choose());
}

/** One aligned block of words: the best of joining and not joining, from the words up. */
class Block {
  readonly #first: number;
  /** Score of looking at each lane of each word: below 0 unless it is wanted and worth its payment. */
  readonly #gains: bigint[][];

  constructor(
    readonly choice: ClaimChoice,
    block: number,
    readonly bits: number,
  ) {
    this.#first = block << BLOCK_LEVEL;
    const words = Math.min(1 << BLOCK_LEVEL, choice.tree.wordCount - this.#first);
    this.#gains = Array.from({ length: words }, (_, i) => this.#gainsOf(this.#first + i));
  }

  choose(): readonly ChosenRange[] {
    let level = 0;
    let gains = this.#gains;
    let best = gains.map((gain, i) => this.#better(NOTHING, level, i, gain));
    while (best.length > 1) {
      level++;
      const half = Math.ceil(best.length / 2);
      gains = Array.from({ length: half }, (_, i) => addGains(gains[2 * i]!, gains[2 * i + 1]));
      best = gains.map((gain, i) => {
        const apart = together(best[2 * i]!, best[2 * i + 1] ?? NOTHING);
        return this.#better(apart, level, i, gain);
      });
    }
    return best[0]!.ranges;
  }

  /** The choice given, or the subtree as one range of those of the lanes that gain whose payees are worth their slots. */
  #better(apart: Choice, level: number, index: number, gains: readonly bigint[]): Choice {
    const gaining = maskOf(gains);
    if (gaining === 0) return apart;
    const firstWord = this.#first + index * 2 ** level;
    const left = this.choice.tree.wordCount - firstWord;
    const count = level === 0 ? 1 : Math.min(2 ** level, left + (left % 2));
    const path = this.#price(this.#sizeOf({ firstWord, level, count, lanes: 0 }, []));
    let best = { lanes: 0, score: apart.score };
    for (let lanes = 1; lanes <= gaining; lanes++) {
      if ((lanes & gaining) !== lanes) continue;
      const payees = this.#price({ gas: count * payeeSlotsOf(lanes) * CLAIM_COST.payees, bytes: 0 });
      const gain = gains.reduce((sum, one, lane) => ((lanes >> lane) % 2 === 1 ? sum + one : sum), 0n);
      const score = gain - path - payees;
      if (score > best.score) best = { lanes, score };
    }
    if (best.lanes === 0) return apart;
    const range: ClaimRange = { firstWord, level, count, lanes: best.lanes };
    const ids = this.#paidBy(range);
    const size = this.#sizeOf(range, ids);
    const { gas, bytes } = sizeOfCall([size]);
    const { maxGas, maxBytes } = this.choice.limits;
    if (gas > maxGas || bytes > maxBytes) return apart;
    return { score: best.score, ranges: [{ range, size, ids }] };
  }

  #gainsOf(word: number): bigint[] {
    const { wanted, dueUMor } = this.choice;
    const { lane, payment } = CLAIM_COST;
    return Array.from({ length: LANES_PER_WORD }, (_, at) => {
      const id = word * LANES_PER_WORD + at;
      const due = dueUMor(id);
      const price = this.#price({ gas: due > 0n ? lane + payment : lane, bytes: 0 });
      return (wanted.has(id) ? weiOf(due) * FEE_WEIGHT : 0n) - price;
    });
  }

  #price(size: Size): bigint {
    return feeInMor(size, this.choice.fee) * FEE_WEIGHT + BigInt(Math.ceil(size.gas));
  }

  #sizeOf(range: ClaimRange, paid: readonly number[]): Size {
    const { tree } = this.choice;
    const freshWords = [...new Set(paid.map(wordOf))].filter((word) => this.#isFresh(word)).length;
    const siblings = tree.path(range.level, range.firstWord / 2 ** range.level).siblings.length;
    return sizeOfRange({ ...range, siblings, bits: this.bits, payments: paid.length, freshWords });
  }

  #isFresh(word: number): boolean {
    return !Array.from({ length: LANES_PER_WORD }, (_, i) => word * LANES_PER_WORD + i).some(this.choice.isSettled);
  }

  #paidBy({ firstWord, count, lanes }: ClaimRange): number[] {
    const ids = Array.from({ length: count * LANES_PER_WORD }, (_, i) => firstWord * LANES_PER_WORD + i);
    return ids.filter((id) => (lanes >> (id % LANES_PER_WORD)) % 2 === 1 && this.choice.dueUMor(id) > 0n);
  }
}

/** The lanes that gain, as a mask. */
function maskOf(gains: readonly bigint[]): number {
  return gains.reduce((mask, gain, lane) => (gain > 0n ? mask | (1 << lane) : mask), 0);
}

function addGains(left: readonly bigint[], right: readonly bigint[] = []): bigint[] {
  return left.map((gain, lane) => gain + (right[lane] ?? 0n));
}

function together(left: Choice, right: Choice): Choice {
  return { score: left.score + right.score, ranges: [...left.ranges, ...right.ranges] };
}

function widestLane(tree: LedgerTree, ids: readonly number[]): number {
  return ids.reduce((bits, id) => Math.max(bits, bitLength(tree.lane(id))), 0);
}
