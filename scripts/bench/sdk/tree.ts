import { LedgerTree } from "@yellowstone-compute/sdk";
import { installPeers, merkleTree } from "../peers/packages.js";
import { interleaved, median, timed, timesAsLong } from "../rounds.js";
import type { Rows } from "../rows.js";
import { treePeakRows } from "./treePeaks.js";
import { PROVIDERS, STANDARD, SIMPLE, deltasOf, lanesOf, leavesOf, valuesOf } from "./treeInput.js";

const PROOFS = 2_000;
const ROUNDS = 3;
const WORD_BYTES = 32;
/** Builds of ours in a round: one alone is too short to be timed. */
const OUR_BUILDS = 5;
/** Without the peer's package nothing is held against ours. */
const NOBODY = { standard: () => NaN, simple: () => NaN, theirProve: () => NaN };

/** Build, update and proofs of the ledger against the peer's tree of the same ids and amounts, in turns within each round. */
export async function treeRows(rows: Rows): Promise<void> {
  const lanes = lanesOf();
  const deltas = deltasOf();
  const asked = Array.from({ length: PROOFS }, (_, i) => (i * 7_919) % PROVIDERS);
  const ours = LedgerTree.from(lanes);
  ours.root();
  const mine = {
    build: () => timed(() => repeat(OUR_BUILDS, () => LedgerTree.from(lanes).root())) / OUR_BUILDS,
    update: () =>
      timed(() => {
        ours.apply(deltas);
        ours.root();
      }),
    prove: () => timed(() => asked.forEach((id) => ours.path(0, id >> 2))),
  };
  const missing = installPeers();
  if (missing !== undefined) console.log(`peers: ${missing}`);
  const their = missing === undefined ? await peerContest(lanes, asked) : undefined;
  const times = await interleaved({ ...mine, ...(their?.contest ?? NOBODY) }, ROUNDS, 0);
  rows.add("ledger tree: build", PROVIDERS, median(times.build), "ms");
  rows.add("ledger tree: update of 1,000 lanes", PROVIDERS, median(times.update), "ms");
  rows.add("ledger tree: proofs", PROVIDERS, (PROOFS * 1_000) / median(times.prove), "per s");
  rows.add("ledger tree: bytes of a proof, its word included", PROVIDERS, proofBytes(ours, asked), "bytes");
  await treePeakRows(rows, their !== undefined);
  if (their === undefined) return;
  const { standard, simple, theirProve } = times;
  rows.add("ledger tree: build", PROVIDERS, median(standard), "ms", STANDARD);
  rows.add("ledger tree: build", PROVIDERS, median(simple), "ms", SIMPLE);
  rows.add("ledger tree: proofs", PROVIDERS, (PROOFS * 1_000) / median(theirProve), "per s", SIMPLE);
  rows.add("ledger tree: bytes of a proof, its word included", PROVIDERS, their.proofBytes, "bytes", SIMPLE);
  rows.add("ledger tree: build, the peer takes", PROVIDERS, timesAsLong(standard, times.build), "times");
  rows.add("ledger tree: build, the peer's fastest takes", PROVIDERS, timesAsLong(simple, times.build), "times");
  rows.add(
    "ledger tree: update, the peer's fastest rebuild takes",
    PROVIDERS,
    timesAsLong(simple, times.update),
    "times",
  );
  rows.add("ledger tree: proofs, the peer takes", PROVIDERS, timesAsLong(theirProve, times.prove), "times");
}

/** The peer's trees of ids and amounts. They cannot be updated: a change is a new tree. */
async function peerContest(lanes: readonly bigint[], asked: readonly number[]) {
  const { StandardMerkleTree, SimpleMerkleTree } = await merkleTree();
  const values = valuesOf(lanes);
  const leaves = leavesOf(lanes);
  const tree = SimpleMerkleTree.of(leaves);
  const size = asked.reduce((sum, id) => sum + (tree.getProof(id).length + 1) * WORD_BYTES, 0);
  const contest = {
    standard: () => timed(() => StandardMerkleTree.of(values, ["uint256", "uint256"])),
    simple: () => timed(() => SimpleMerkleTree.of(leaves)),
    theirProve: () => timed(() => asked.forEach((id) => tree.getProof(id))),
  };
  return { contest, proofBytes: size / asked.length };
}

function proofBytes(tree: LedgerTree, asked: readonly number[]): number {
  const bytes = asked.map((id) => (tree.path(0, id >> 2).siblings.length + 1) * WORD_BYTES);
  return bytes.reduce((sum, each) => sum + each, 0) / asked.length;
}

function repeat(count: number, act: () => unknown): void {
  for (let i = 0; i < count; i++) act();
}
