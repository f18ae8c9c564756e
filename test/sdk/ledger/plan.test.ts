import { LedgerTree, buildUpdate, planUpdate, type Deltas } from "@yellowstone-compute/sdk";
import { expect } from "chai";

const crediting = (ids: number): Deltas => new Map(Array.from({ length: ids }, (_, id) => [id, 1_000n]));

describe("planUpdate", () => {
  it("a whole ledger is one range that ends where the ledger ends", () => {
    for (const [ids, level] of [
      [4, 0],
      [8, 1],
      [1_000, 8],
      [1_024, 8],
      [1_028, 9],
    ] as const) {
      const words = ids / 4;
      const tree = buildUpdate(LedgerTree.empty(), crediting(ids)).after;
      const touched = Array.from({ length: words }, (_, word) => word);
      const count = words === 1 ? 1 : words + (words % 2);
      expect(planUpdate(tree, touched), `${ids} ids`).to.deep.equal([{ firstWord: 0, level, count }]);
    }
  });

  it("far words travel apart, each alone; near ones together", () => {
    const tree = buildUpdate(LedgerTree.empty(), crediting(4_096)).after;
    expect(planUpdate(tree, [0, 900])).to.deep.equal([
      { firstWord: 0, level: 0, count: 1 },
      { firstWord: 900, level: 0, count: 1 },
    ]);
    expect(planUpdate(tree, [6, 8])).to.deep.equal([{ firstWord: 0, level: 4, count: 16 }]);
    expect(planUpdate(tree, [4, 5, 6])).to.deep.equal([{ firstWord: 4, level: 2, count: 4 }]);
  });
});
