import { ChainReader } from "../actions/chainReader.js";
import { read } from "../actions/read.js";
import { bytesToHex, hexToBytes } from "../crypto/hex.js";
import type { Deployment } from "../deployment/deployment.js";
import { SnapshotDamaged, SnapshotForeign } from "../errors/provider.js";
import { LedgerTree } from "../ledger/tree.js";
import { ZERO_HASH, providerId, uMor, unixSeconds, type Hash32, type ProviderId } from "../units/index.js";
import { AttestationFold, rootOf } from "./attestations.js";
import { BooksFold, EMPTY_BOOKS, type ProviderBooks } from "./books.js";
import type { HistoryEntry } from "./entries.js";
import { LedgerHistory, type HistoryState } from "./history.js";
import { BOOK_FIGURES, parseSnapshot, sealSnapshot, type EntryJson, type LedgerSnapshot } from "./snapshotCodec.js";

export type { LedgerSnapshot } from "./snapshotCodec.js";

const LANE_BYTES = 8;

/**
 * Write a history as it stands at the oldest block it can step back to: no reorganisation it was built for reaches that deep.
 * Plain JSON. Pure.
 */
export function exportSnapshot(
  { base, ids }: LedgerHistory,
  d: Pick<Deployment, "chainId" | "addresses">,
): LedgerSnapshot {
  const { end, attestations, books, entries } = base;
  const { activeTree, pending } = attestations;
  return sealSnapshot({
    version: 1,
    chainId: d.chainId.toString(),
    compute: d.addresses.compute,
    end: { blockNumber: end.blockNumber, blockHash: end.blockHash, timestamp: end.timestamp.toString() },
    lastSeq: attestations.lastSeq.toString(),
    activeSeq: attestations.activeSeq.toString(),
    activeRoot: rootOf(activeTree),
    lanes: packLanes(activeTree),
    pending: pending.map(({ seq, newRoot, activeAt, deltas }) => ({
      seq: seq.toString(),
      newRoot,
      activeAt: activeAt.toString(),
      deltas: [...deltas].map(([id, delta]) => [id, delta.toString()] as const),
    })),
    sharesUMor: books.totals.sharesUMor.toString(),
    books: [...books.entries()].map(([id, figures]) => [
      id.toString(),
      ...BOOK_FIGURES.map((figure) => figures[figure].toString()),
    ]),
    ids: [...ids].map(String),
    entries: entries.map(entryJson),
  });
}

/**
 * Take up a snapshot, from whomever it came: its checksum, its deployment, its root against the one the contract keeps for ever,
 * and its block. The books of claims and debits have no root; `syncLedger` compares their sum with the chain once it has caught
 * up, and `verifyAccounts` those of single providers.
 * @throws InvalidField, SnapshotDamaged, SnapshotForeign, ChainRequestFailed
 */
export async function importSnapshot(input: unknown, d: Deployment): Promise<LedgerHistory> {
  const snapshot = parseSnapshot(input);
  requireOnChain("chain", d.chainId.toString(), snapshot.chainId);
  requireOnChain("compute contract", d.addresses.compute, snapshot.compute);
  const state = stateOf(snapshot);
  const { blockNumber, blockHash } = state.end;
  const activeRoot = rootOf(state.attestations.activeTree);
  if (activeRoot !== snapshot.activeRoot) {
    throw new SnapshotDamaged("the root of its lanes", snapshot.activeRoot, activeRoot);
  }
  requireOnChain(
    `root of attestation ${snapshot.activeSeq}`,
    await read(() => d.compute.rootOf(snapshot.activeSeq)),
    activeRoot,
  );
  if (blockHash !== ZERO_HASH) {
    const reader = new ChainReader(d.provider);
    const [block, newest] = await read(() => Promise.all([reader.mark(blockNumber), reader.mark("latest")]));
    // A node that has dropped old headers cannot tell; one that has not reached the block must not be believed.
    const isDropped = block === undefined && (newest?.blockNumber ?? 0) > blockNumber;
    if (!isDropped) requireOnChain(`block ${blockNumber}`, block?.blockHash ?? "not there yet", blockHash);
  }
  return new LedgerHistory(state, { marks: [{ blockNumber, blockHash }] }, snapshot.ids.map(BigInt));
}

function stateOf(snapshot: LedgerSnapshot): HistoryState {
  const { blockNumber, blockHash, timestamp } = snapshot.end;
  const attestations = new AttestationFold({
    lastSeq: BigInt(snapshot.lastSeq),
    activeSeq: BigInt(snapshot.activeSeq),
    activeTree: LedgerTree.from(unpackLanes(hexToBytes(snapshot.lanes))),
    pending: snapshot.pending.map(({ seq, newRoot, activeAt, deltas }) => ({
      seq: BigInt(seq),
      newRoot,
      activeAt: unixSeconds(BigInt(activeAt)),
      deltas: new Map(deltas.map(([id, delta]) => [id, BigInt(delta)])),
    })),
  });
  const head = snapshot.pending[snapshot.pending.length - 1];
  const headRoot = rootOf(attestations.headTree);
  if (head !== undefined && head.newRoot !== headRoot) {
    throw new SnapshotDamaged("the root of its head", head.newRoot, headRoot);
  }
  const books = snapshot.books.map((row): [ProviderId, ProviderBooks] => {
    const [id, ...figures] = row.map(BigInt);
    const pairs = BOOK_FIGURES.map((figure, i) => [figure, figures[i]] as const);
    return [providerId(id!), { ...EMPTY_BOOKS, ...Object.fromEntries(pairs) }];
  });
  const sum = (figure: "settledUMor" | "awardedUMor") => books.reduce((total, [, one]) => total + one[figure], 0n);
  const totals = {
    settledUMor: sum("settledUMor"),
    sharesUMor: BigInt(snapshot.sharesUMor),
    awardedUMor: sum("awardedUMor"),
  };
  return {
    end: { blockNumber, blockHash, timestamp: unixSeconds(BigInt(timestamp)) },
    attestations,
    books: new BooksFold(books, totals),
    entries: snapshot.entries.map(entryOf),
  };
}

function entryJson(entry: HistoryEntry): EntryJson {
  const { id, kind, amountUMor, seq, activeAt, reasonHash, blockNumber, transactionHash } = entry;
  const text = (value: bigint | undefined) => value?.toString() ?? null;
  const amount = amountUMor.toString();
  return [id.toString(), kind, amount, text(seq), text(activeAt), reasonHash ?? null, blockNumber, transactionHash];
}

function entryOf([id, kind, amount, seq, activeAt, reasonHash, blockNumber, transactionHash]: EntryJson): HistoryEntry {
  return {
    id: providerId(BigInt(id)),
    kind,
    amountUMor: uMor(BigInt(amount)),
    seq: seq === null ? undefined : BigInt(seq),
    activeAt: activeAt === null ? undefined : unixSeconds(BigInt(activeAt)),
    reasonHash: reasonHash ?? undefined,
    blockNumber,
    transactionHash,
  };
}

function packLanes(tree: LedgerTree) {
  const lanes = tree.lanes(0, tree.wordCount);
  const bytes = new Uint8Array(lanes.length * LANE_BYTES);
  const view = new DataView(bytes.buffer);
  lanes.forEach((lane, id) => view.setBigUint64(id * LANE_BYTES, lane));
  return bytesToHex(bytes);
}

function unpackLanes(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / LANE_BYTES }, (_, id) => view.getBigUint64(id * LANE_BYTES));
}

function requireOnChain(part: string, onChain: string, inSnapshot: Hash32 | string): void {
  if (onChain.toLowerCase() !== inSnapshot.toLowerCase()) throw new SnapshotForeign(part, onChain, inSnapshot);
}
