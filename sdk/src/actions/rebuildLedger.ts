import { bytesToHex } from "../crypto/hex.js";
import type { Deployment } from "../deployment/deployment.js";
import { LedgerDiverged } from "../errors/chain.js";
import { attestedEvent, deltasById, type Attested } from "../events/attested.js";
import type { EventDecoder } from "../events/define.js";
import { attestationsVetoedEvent } from "../events/vetoed.js";
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
 * Rebuild the ledger from the attestations' events. Vetoed attestations are left out, whether their veto lies in the range or
 * behind it. Every root is computed and compared, the last one with the contract's own.
 *
 * @example
 * const { head } = await readState(d);
 * const { tree, seq } = await rebuildLedger(d, { untilSeq: head.activeSeq });
 * await claim.sendAndWait(d, claimFor(seq, tree, ids));
 * @throws LedgerDiverged when an event is missing or does not fit, or when `from` was vetoed: go on from an active one
 */
export async function rebuildLedger(d: Deployment, options: RebuildOptions = {}): Promise<LedgerPoint> {
  const { from, untilSeq, ...range } = options;
  const tree = from?.tree.clone() ?? LedgerTree.empty();
  let point: LedgerPoint = from ?? { tree, seq: 0n, root: rootOf(tree) };
  const attested = await all(d, attestedEvent, range);
  // Read after the attestations and to the end of the chain: a veto that came meanwhile is seen.
  const vetoed = await all(d, attestationsVetoedEvent, {
    ...range,
    toBlock: await read(() => d.provider.getBlockNumber()),
  });
  const isDropped = (seq: bigint) => vetoed.some((veto) => veto.seq <= seq && seq <= veto.lastDroppedSeq);
  let through = point.seq;
  for (const each of attested) {
    if (each.seq <= through) continue;
    if (untilSeq !== undefined && each.seq > untilSeq) break;
    if (each.seq !== through + 1n) {
      throw new LedgerDiverged(each.seq, `attestation ${through + 1n}`, `attestation ${each.seq}`);
    }
    through = each.seq;
    if (!isDropped(each.seq)) point = applyAttested(tree, each);
  }
  if (untilSeq !== undefined && through < untilSeq) {
    throw new LedgerDiverged(untilSeq, `attestation ${untilSeq}`, `attestation ${through} as the last one`);
  }
  const onChain = await read(() => d.compute.rootOf(point.seq));
  if (onChain !== point.root) throw new LedgerDiverged(point.seq, onChain, point.root);
  return { ...point, tree };
}

async function all<Value>(d: Deployment, event: EventDecoder<Value>, range: EventRange): Promise<Value[]> {
  const values: Value[] = [];
  for await (const { value } of readEvents(d, event, range)) values.push(value);
  return values;
}

function applyAttested(tree: LedgerTree, { seq, newRoot, deltas }: Attested): LedgerPoint {
  tree.apply(deltasById(deltas));
  const root = rootOf(tree);
  if (root !== newRoot) throw new LedgerDiverged(seq, newRoot, root);
  return { tree, seq, root };
}

function rootOf(tree: LedgerTree): Hash32 {
  return hash32(bytesToHex(tree.root()));
}
