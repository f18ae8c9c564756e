import { concatBytes } from "../crypto/index.js";
import { lanesOf, planClaim, type ClaimRange } from "./plan.js";
import { packHeader, packLanes } from "./packing.js";
import type { LedgerTree } from "./tree.js";
import { packMask, widthOf } from "./update.js";

/**
 * Write the claim ranges for the providers `ids` against the root of `tree`, which must be the tree as it stood after
 * the attestation claimed from.
 */
export function buildClaim(tree: LedgerTree, ids: Iterable<number>): Uint8Array {
  return packClaim(tree, planClaim(ids));
}

/** Write the given claim ranges. */
export function packClaim(tree: LedgerTree, ranges: readonly ClaimRange[]): Uint8Array {
  return concatBytes(...ranges.flatMap((range) => packClaimRange(tree, range)));
}

function packClaimRange(tree: LedgerTree, range: ClaimRange): Uint8Array[] {
  const lanes = lanesOf(tree, range);
  const bits = widthOf(lanes);
  const { mask, siblings } = tree.path(range.level, range.firstWord / 2 ** range.level);
  return [packHeader(range, bits), packLanes(lanes, bits), Uint8Array.of(range.lanes), packMask(mask), ...siblings];
}
