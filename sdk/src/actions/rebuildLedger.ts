import { bytesToHex } from "../crypto/hex.js";
import type { Deployment } from "../deployment/deployment.js";
import { LedgerDiverged } from "../errors/chain.js";
import { attestedEvent, deltasById, type Attested } from "../events/attested.js";
import { LedgerTree } from "../ledger/tree.js";
import type { Hash32 } from "../units/brands.js";
import { hash32 } from "../units/identities.js";
import { read } from "./read.js";
import { readEvents, type EventRange } from "./readEvents.js";

/** The ledger after an attestation. */
export interface LedgerPoint {
  readonly tree: LedgerTree;
  /** The attestation; 0 before the first. */
  readonly seq: bigint;
  readonly root: Hash32;
}

/** Which part of the history is applied, and to what. */
export interface RebuildOptions extends EventRange {
  /** Where to go on; the empty ledger without it. Its tree is left as it is. */
  readonly from?: LedgerPoint;
  /** Last attestation applied; without it, all up to `toBlock`. Take `head.activeSeq` to claim. */
  readonly untilSeq?: bigint;
}

/**
 * Rebuild the ledger from the attestations' events. Every root is computed and compared, the last one with the contract's
 * own.
 *
 * @example
 * const { head } = await readState(d);
 * const { tree, seq } = await rebuildLedger(d, { untilSeq: head.activeSeq });
 * await claim.sendAndWait(d, claimFor(seq, tree, ids));
 * @throws LedgerDiverged when an event is missing or does not fit
 */
export async function rebuildLedger(d: Deployment, options: RebuildOptions = {}): Promise<LedgerPoint> {
  const { from, untilSeq, ...range } = options;
  const tree = from?.tree.clone() ?? LedgerTree.empty();
  let point: LedgerPoint = from ?? { tree, seq: 0n, root: rootOf(tree) };
  for await (const { value } of readEvents(d, attestedEvent, range)) {
    if (value.seq <= point.seq) continue;
    if (untilSeq !== undefined && value.seq > untilSeq) break;
    point = applyAttested(tree, point, value);
  }
  if (untilSeq !== undefined && point.seq < untilSeq) {
    throw new LedgerDiverged(untilSeq, `attestation ${untilSeq}`, `attestation ${point.seq} as the last one`);
  }
  const onChain = await read(() => d.compute.rootOf(point.seq));
  if (onChain !== point.root) throw new LedgerDiverged(point.seq, onChain, point.root);
  return { ...point, tree };
}

function applyAttested(tree: LedgerTree, before: LedgerPoint, attested: Attested): LedgerPoint {
  const { seq, newRoot, deltas } = attested;
  if (seq !== before.seq + 1n) throw new LedgerDiverged(seq, `attestation ${before.seq + 1n}`, `attestation ${seq}`);
  tree.apply(deltasById(deltas));
  const root = rootOf(tree);
  if (root !== newRoot) throw new LedgerDiverged(seq, newRoot, root);
  return { tree, seq, root };
}

function rootOf(tree: LedgerTree): Hash32 {
  return hash32(bytesToHex(tree.root()));
}
