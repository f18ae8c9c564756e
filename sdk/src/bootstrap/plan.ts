import { concatBytes } from "../crypto/index.js";
import { EntryTooLarge } from "../errors/bootstrap.js";
import { CHAIN_LIMITS, type ChainLimits } from "../ledger/attestation.js";
import { planUpdate } from "../ledger/plan.js";
import type { LedgerTree } from "../ledger/tree.js";
import { laneOf, ledgerId, wordOf } from "../ledger/words.js";
import type { Integer } from "../units/index.js";
import { enterList } from "./list.js";
import { ENTRY_COST, pieceOf, splitRange, type EntryPiece, type EntryRanges } from "./pieces.js";
import type { SeasonEntry } from "./ranking.js";

/** One transaction of a plan. */
export interface EntryCall {
  /** List in force before it: that of the plan, or what the call before leaves. */
  readonly list: readonly SeasonEntry[];
  /** The same lanes proved against both roots. */
  readonly ranges: EntryRanges;
  /** List after it. */
  readonly after: readonly SeasonEntry[];
  /** What it is planned to need, calldata included. */
  readonly gas: number;
  readonly bytes: number;
}

/** How entries are planned. */
export interface EntryOptions {
  /** List in force; empty without it. */
  readonly list?: readonly SeasonEntry[];
  /** The stricter chain, Nitro, when left out. */
  readonly limits?: ChainLimits;
}

/** Selector, season, three offsets and lengths, the longest list, and the envelope of a signed transaction. */
const FIXED_BYTES = 4 + 32 * 7 + 928 + 200;
/** Transaction, list and storage. */
const FIXED_GAS = 70_000;
const INTRINSIC_GAS = 21_000;
/** Calldata at the floor price of EIP-7623. */
const GAS_PER_BYTE = 40;

/**
 * Plan the calls that enter the providers `ids` into a season: few aligned ranges, as many in a transaction as the chain
 * takes. A range may prove neighbours too; whoever does not belong into the list stays out of it, and what would change nothing
 * is left out of the plan. Pure.
 *
 * @example
 * const { entries } = rankSeason(before, after);
 * for (const { list, ranges } of planEntries(before, after, entries.map(({ id }) => id))) {
 *   await enterSeason.sendAndWait(d, { season, list, ranges });
 * }
 * @throws EntryTooLarge, LaneShrunk, LaneOutsideTree
 */
export function planEntries(
  before: LedgerTree,
  after: LedgerTree,
  ids: Iterable<Integer>,
  { list = [], limits = CHAIN_LIMITS.nitro }: EntryOptions = {},
): EntryCall[] {
  const known = new Set(list.map(({ id }) => ledgerId(id)));
  const lanes = lanesByWord([...ids].map((id) => ledgerId(BigInt(id))).filter((id) => !known.has(id)));
  const calls: EntryCall[] = [];
  let listed = list;
  for (const pieces of groups(before, after, lanes, limits)) {
    const next = enterList(
      listed,
      pieces.flatMap(({ entries }) => entries),
    );
    // The contract refuses a call that changes nothing.
    if (next.length === listed.length && next.every(({ id }, rank) => id === listed[rank]?.id)) continue;
    const ranges = {
      before: concatBytes(...pieces.map((piece) => piece.ranges.before)),
      after: concatBytes(...pieces.map((piece) => piece.ranges.after)),
    };
    calls.push({ list: listed, ranges, after: next, ...sizeOf(pieces) });
    listed = next;
  }
  return calls;
}

/** Cuts the cheapest ranges into transactions; a range that is too large for one is halved. */
function groups(
  before: LedgerTree,
  after: LedgerTree,
  lanes: ReadonlyMap<number, number>,
  { maxBytes, maxGas }: ChainLimits,
): EntryPiece[][] {
  const fits = (pieces: readonly EntryPiece[]) => {
    const { bytes, gas } = sizeOf(pieces);
    return bytes <= maxBytes && gas <= maxGas;
  };
  const waiting = planUpdate(after, lanes.keys(), ENTRY_COST).reverse();
  const done: EntryPiece[][] = [];
  let open: EntryPiece[] = [];
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const piece = pieceOf(before, after, range, lanes);
    if (fits([...open, piece])) {
      open.push(piece);
    } else if (range.level > 0 && !fits([piece])) {
      waiting.push(...splitRange(range, lanes).reverse());
    } else {
      const { bytes, gas } = sizeOf([piece]);
      if (!fits([piece])) throw new EntryTooLarge(bytes, gas, maxBytes, maxGas);
      done.push(open);
      open = [piece];
    }
  }
  return open.length === 0 ? done : [...done, open];
}

function sizeOf(pieces: readonly EntryPiece[]): { bytes: number; gas: number } {
  let [before, after, gas] = [0, 0, FIXED_GAS];
  for (const piece of pieces) {
    before += piece.ranges.before.length;
    after += piece.ranges.after.length;
    gas += piece.gas;
  }
  const bytes = FIXED_BYTES + padded(before) + padded(after);
  return { bytes, gas: Math.max(gas, INTRINSIC_GAS + bytes * GAS_PER_BYTE) };
}

function lanesByWord(ids: Iterable<number>): Map<number, number> {
  const lanes = new Map<number, number>();
  for (const id of ids) lanes.set(wordOf(id), (lanes.get(wordOf(id)) ?? 0) | (1 << laneOf(id)));
  return lanes;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 32) * 32;
}
