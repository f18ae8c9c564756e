import { lanesOf, planUpdate } from "./plan.js";
import { packHeader, packLanes, type Range } from "./packing.js";
import { concatBytes } from "../crypto/index.js";
import { LaneOverflow } from "../errors/ledger.js";
import type { Deltas, LedgerTree } from "./tree.js";
import { DELTA_BITS_MAX, bitLength, wordOf } from "./words.js";

/** What an attestation carries of the ledger. */
export interface LedgerUpdate {
  /** Packed ranges of deltas; the event of the attestation repeats them. */
  deltas: Uint8Array;
  /** Old words and siblings that prove them against the previous root. */
  witness: Uint8Array;
  previousRoot: Uint8Array;
  newRoot: Uint8Array;
  /** Exact sum of the deltas in uMOR. */
  creditedUMor: bigint;
  /** The tree after the update; the one given is left as it was. */
  after: LedgerTree;
}

/** How widths are chosen: `bit` is what the contract is built for, `byte` rounds up and serves to compare. */
export type Widths = "bit" | "byte";

/**
 * Write the update that adds `deltas` (provider id to uMOR) to `tree`, in the ranges that cost the least gas.
 * @throws LaneOverflow if a delta or a lane grows beyond what the ledger holds.
 */
export function buildUpdate(
  tree: LedgerTree,
  deltas: Deltas,
  options: { ranges?: readonly Range[]; widths?: Widths } = {},
): LedgerUpdate {
  for (const [id, delta] of deltas) {
    if (delta >> BigInt(DELTA_BITS_MAX) !== 0n) throw new LaneOverflow(id, tree.lane(id), delta);
  }
  const credited = [...deltas].filter(([, delta]) => delta !== 0n);
  const ranges =
    options.ranges ??
    planUpdate(
      tree,
      credited.map(([id]) => wordOf(id)),
    );
  const after = tree.clone();
  const parts: { deltas: Uint8Array[]; witness: Uint8Array[] } = { deltas: [], witness: [] };
  for (const range of ranges) addRange(after, range, new Map(credited), options.widths ?? "bit", parts);
  return {
    deltas: concatBytes(...parts.deltas),
    witness: concatBytes(...parts.witness),
    previousRoot: tree.root(),
    newRoot: after.root(),
    creditedUMor: credited.reduce((sum, [, delta]) => sum + delta, 0n),
    after,
  };
}

/** Writes one range against the tree as the ranges before left it, then applies it. */
function addRange(
  tree: LedgerTree,
  range: Range,
  deltas: Deltas,
  widths: Widths,
  parts: { deltas: Uint8Array[]; witness: Uint8Array[] },
): void {
  const old = lanesOf(tree, range);
  const firstId = range.firstWord * 4;
  const grown = old.map((_, i) => deltas.get(firstId + i) ?? 0n);
  const { mask, siblings } = tree.path(range.level, range.firstWord / 2 ** range.level);
  const deltaBits = widthOf(grown, widths);
  const oldBits = widthOf(old, widths);
  parts.deltas.push(packHeader(range, deltaBits), packLanes(grown, deltaBits));
  parts.witness.push(Uint8Array.of(oldBits), packLanes(old, oldBits), packMask(mask), ...siblings);
  tree.apply(new Map(grown.flatMap((delta, i) => (delta === 0n ? [] : [[firstId + i, delta] as const]))));
}

/** Width in bits of the widest lane. */
export function widthOf(lanes: readonly bigint[], widths: Widths = "bit"): number {
  const bits = lanes.reduce((most, lane) => Math.max(most, bitLength(lane)), 0);
  return widths === "bit" ? bits : Math.ceil(bits / 8) * 8;
}

/** Sibling mask in three bytes, big-endian. */
export function packMask(mask: number): Uint8Array {
  return Uint8Array.of((mask >> 16) & 0xff, (mask >> 8) & 0xff, mask & 0xff);
}
