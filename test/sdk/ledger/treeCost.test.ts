import { expect } from "chai";
import { LedgerTree, TREE_DEPTH, bytesToHex } from "@yellowstone-compute/sdk";

const PROVIDERS = 65_536;
const WORDS = PROVIDERS / 4;
const LANES = 1_000;

/** Nodes above the words of `ids`, by level from 1 on: what has to be hashed anew, and nothing else. */
function pathsOf(ids: readonly number[]): Set<number>[] {
  let nodes = new Set(ids.map((id) => Math.floor(id / 4)));
  return Array.from({ length: TREE_DEPTH }, () => (nodes = new Set([...nodes].map((node) => node >> 1))));
}

const sizeOf = (paths: readonly Set<number>[]) => paths.reduce((sum, { size }) => sum + size, 0);

/** Hashes that `act` costs the tree, its root included. */
function hashesOf(tree: LedgerTree, act: () => void = () => undefined): number {
  const before = tree.hashCount;
  act();
  tree.root();
  return tree.hashCount - before;
}

describe("ledger tree: what an update costs", () => {
  const lanes = Array.from({ length: PROVIDERS }, (_, id) => BigInt(id) * 1_000_003n + 1n);
  const spread = Array.from({ length: LANES }, (_, i) => (i * 6_557 + 7) % PROVIDERS);
  const neighbours = Array.from({ length: LANES }, (_, i) => 20_000 + i);
  const deltasOf = (ids: readonly number[]) => new Map(ids.map((id) => [id, 5n]));
  let tree: LedgerTree;
  let build: number;

  before(() => {
    tree = LedgerTree.from(lanes);
    build = hashesOf(tree);
  });

  it("65,536 providers are built with one hash for each node", () => {
    expect(build).to.equal(WORDS - 1 + (TREE_DEPTH - Math.log2(WORDS)));
    expect(hashesOf(tree), "a root that is known").to.equal(0);
  });

  for (const [what, ids, part] of [
    ["spread over all words", spread, 3],
    ["of neighbours", neighbours, 50],
  ] as const) {
    it(`1,000 lanes ${what}: hashes their paths, each node once, and nothing beside them`, () => {
      expect(new Set(ids).size).to.equal(LANES);
      const after = tree.clone();
      const paths = pathsOf(ids);
      expect(hashesOf(after, () => after.apply(deltasOf(ids)))).to.equal(sizeOf(paths));
      expect(sizeOf(paths)).to.be.lessThan(build / part);

      paths.forEach((touched, i) => {
        const level = i + 1;
        for (let node = 0; node < Math.max(1, WORDS >> level); node++) {
          const same = bytesToHex(after.node(level, node)) === bytesToHex(tree.node(level, node));
          if (same === touched.has(node)) expect.fail(`level ${level}, node ${node}: ${same ? "kept" : "rehashed"}`);
        }
      });
      const whole = lanes.map((lane, id) => (ids.includes(id) ? lane + 5n : lane));
      expect(after.root()).to.deep.equal(LedgerTree.from(whole).root());
    });
  }
});
