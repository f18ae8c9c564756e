import { expect } from "chai";
import fc from "fast-check";
import * as errors from "../../../sdk/src/errors/index.js";
import { hexToBytes } from "../../../sdk/src/crypto/index.js";
import { unpackClaim } from "../../../sdk/src/ledger/claimParts.js";
import { LedgerTree } from "../../../sdk/src/ledger/tree.js";
import { buildUpdate } from "../../../sdk/src/ledger/update.js";
import { packHeader, packLanes, unpackDeltas, unpackLanes, type Range } from "../../../sdk/src/ledger/packing.js";

const range = (firstWord: number, level: number, count: number): Range => ({ firstWord, level, count });

describe("packed ranges", () => {
  it("give their lanes back at any width", () => {
    const lanes = fc
      .record({ bits: fc.integer({ min: 1, max: 62 }), words: fc.constantFrom(1, 2, 4, 6), seed: fc.bigInt() })
      .map(({ bits, words, seed }) => {
        const mask = (1n << BigInt(bits)) - 1n;
        const value = (i: number) => BigInt.asUintN(256, seed * BigInt(i + 1) * 0x9e3779b97f4a7c15n) & mask;
        return { bits, words, lanes: Array.from({ length: 4 * words }, (_, i) => value(i)) };
      });
    fc.assert(
      fc.property(lanes, ({ bits, words, lanes: given }) => {
        expect(unpackLanes(packLanes(given, bits), words, bits)).to.deep.equal(given);
      }),
    );
  });

  it("refuse a lane wider than they are, by its place", () => {
    const lanes = [0n, 1n, 2n, 8n];
    expect(packLanes(lanes, 4)).to.have.length(2);
    expect(() => packLanes(lanes, 3))
      .to.throw(errors.LaneTooWide)
      .with.nested.property("data.index", 3);
  });

  it("are one word or pairs of words, and nothing between", () => {
    for (const lanes of [2, 12, 20]) {
      expect(() => packLanes(Array<bigint>(lanes).fill(1n), 1), `${lanes} lanes`).to.throw(errors.InvalidRange);
    }
    expect(packLanes([], 1)).to.have.length(0);
  });

  it("rounded up to bytes they say the same", () => {
    const tree = LedgerTree.from([5n, 300n, 70_000n]);
    const deltas = new Map([
      [0, 9n],
      [2, 513n],
      [40, 1n],
    ]);
    const [bits, bytes] = [buildUpdate(tree, deltas), buildUpdate(tree, deltas, { widths: "byte" })];
    expect(bytes.newRoot).to.deep.equal(bits.newRoot);
    expect(unpackDeltas(bytes.deltas)).to.deep.equal(unpackDeltas(bits.deltas));
    const widthOf = (packed: Uint8Array) => packed[7]!;
    expect([widthOf(bits.deltas), widthOf(bytes.deltas)]).to.deep.equal([10, 16]);
  });

  for (const [what, refused] of [
    ["behind the last word", range(1 << 20, 0, 1)],
    ["above the root", range(0, 21, 2)],
    ["between two subtrees", range(3, 1, 2)],
    ["without words", range(0, 2, 0)],
    ["with more words than its subtree", range(0, 2, 6)],
    ["with half a pair", range(0, 2, 3)],
  ] as const) {
    it(`refuse to stand ${what}, written or read`, () => {
      expect(() => packHeader(refused, 1)).to.throw(errors.InvalidRange);
      const { firstWord, level, count } = refused;
      const head = ((BigInt(firstWord) & 0xffffffn) << 40n) | (BigInt(level) << 32n) | (BigInt(count) << 8n) | 1n;
      if (firstWord < 1 << 24) {
        const bytes = hexToBytes(`0x${head.toString(16).padStart(16, "0")}`);
        expect(() => unpackDeltas(bytes)).to.throw(errors.InvalidRange);
        expect(() => unpackClaim(bytes)).to.throw(errors.InvalidRange);
      }
    });
  }

  it("are not written for a provider that the ledger cannot hold", () => {
    for (const id of [-1, 0.5, 2 ** 22]) {
      expect(() => LedgerTree.empty().apply(new Map([[id, 1n]])), `${id}`).to.throw(errors.LaneOutsideTree);
    }
  });

  it("are not written for a lane or a delta beyond what the ledger holds", () => {
    const tree = LedgerTree.empty();
    tree.apply(new Map([[3, 2n ** 62n - 1n]]));
    expect(() => buildUpdate(tree, new Map([[3, 1n]]))).to.throw(errors.LaneOverflow);
    expect(() => buildUpdate(LedgerTree.empty(), new Map([[3, 2n ** 44n]]))).to.throw(errors.LaneOverflow);
    const widest = buildUpdate(LedgerTree.empty(), new Map([[3, 2n ** 44n - 1n]]));
    expect(widest.creditedUMor).to.equal(2n ** 44n - 1n);
    expect(widest.after.lane(3)).to.equal(2n ** 44n - 1n);
  });

  it("refuse deltas that are too wide, cut in their header or in their lanes", () => {
    const head = packHeader(range(0, 1, 2), 44);
    expect(unpackDeltas(Uint8Array.of(...head, ...packLanes(Array<bigint>(8).fill(9n), 44)))).to.deep.equal([
      { ...range(0, 1, 2), lanes: Array<bigint>(8).fill(9n) },
    ]);
    expect(() => unpackDeltas(packHeader(range(0, 1, 2), 45))).to.throw(errors.InvalidRange, /45 bits/);
    expect(() => unpackDeltas(head.subarray(0, 7)))
      .to.throw(errors.PayloadTruncated)
      .with.property("data")
      .that.includes({ needed: 8, available: 7 });
    expect(() => unpackDeltas(Uint8Array.of(...head, 1, 2, 3))).to.throw(errors.PayloadTruncated);
  });
});
