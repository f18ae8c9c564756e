import { expect } from "chai";
import fc from "fast-check";
import {
  ALL_RANKS,
  MAX_WEIGHT_UMOR,
  SEASON_RANKS,
  compareEntries,
  enterList,
  listHash,
  packList,
  ranksMask,
  ranksOf,
  unpackEntries,
  unpackList,
  type SeasonEntry,
} from "@yellowstone-compute/sdk/bootstrap";
import { bytesToHex, keccak256Hex } from "@yellowstone-compute/sdk/crypto";
import { InvalidField, InvalidSeasonList } from "@yellowstone-compute/sdk/errors";
import { ZERO_HASH, providerId, uMor } from "@yellowstone-compute/sdk/units";

const entry = (id: number, weight: bigint): SeasonEntry => ({ id: providerId(id), weightUMor: uMor(weight) });
const anyEntry = fc
  .tuple(fc.nat(2 ** 22 - 1), fc.oneof(fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 1n, max: MAX_WEIGHT_UMOR })))
  .map(([id, weight]) => entry(id, weight));
const someEntries = (maxLength: number) => fc.uniqueArray(anyEntry, { maxLength, selector: ({ id }) => id });

describe("season list", () => {
  it("is nine bytes an entry, weight u48 and id u24, best first", () => {
    const packed = packList([entry(7, 0x0102_0304_0506n), entry(0x0a0b0c, 5n), entry(0x0a0b0d, 5n)]);
    expect(bytesToHex(packed)).to.equal("0x" + "010203040506000007" + "0000000000050a0b0c" + "0000000000050a0b0d");
    expect(listHash(packed)).to.equal(keccak256Hex(packed));
    expect(listHash(packList([]))).to.equal(ZERO_HASH);
  });

  it("comes back as it was packed", () => {
    fc.assert(
      fc.property(someEntries(SEASON_RANKS), (entries) => {
        const list = entries.sort(compareEntries);
        expect(unpackList(packList(list))).to.deep.equal(list);
      }),
    );
  });

  it("refuses what the contract would not have written", () => {
    const wrong: [string, SeasonEntry[]][] = [
      ["101 entries", Array.from({ length: 101 }, (_, id) => entry(id, 5n))],
      ["does not come after", [entry(1, 4n), entry(2, 5n)]],
      ["does not come after", [entry(2, 5n), entry(1, 5n)]],
      ["does not come after", [entry(1, 5n), entry(1, 5n)]],
      ["twice", [entry(1, 5n), entry(1, 4n)]],
      ["without weight", [entry(1, 0n)]],
    ];
    for (const [reason, entries] of wrong) expect(() => packList(entries)).to.throw(InvalidSeasonList, reason);
    expect(() => unpackEntries(new Uint8Array(10))).to.throw(InvalidSeasonList, "10 bytes");
    expect(() => unpackList(new Uint8Array(9))).to.throw(InvalidSeasonList, "without weight");
    expect(() => packList([entry(2 ** 24, 1n)])).to.throw(InvalidField, "list[0].id");
    expect(() => packList([entry(1, MAX_WEIGHT_UMOR + 1n)])).to.throw(InvalidField, "list[0].weightUMor");
  });

  it("any order of entry, in any parts, leaves the same list", () => {
    fc.assert(
      fc.property(someEntries(140), fc.array(fc.nat(139), { maxLength: 4 }), fc.nat(), (entries, cuts, turn) => {
        const all = entries.sort(compareEntries).slice(0, SEASON_RANKS);
        const order = [...entries].sort(
          (a, b) => Number((a.id * 7_919n + BigInt(turn)) % 1_009n) - Number(b.id % 1_009n),
        );
        let list: SeasonEntry[] = [];
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), order.length]) {
          list = enterList(list, order.slice(from, to));
          from = Math.max(from, to);
        }
        expect(list).to.deep.equal(all);
        expect(enterList(list, order), "a second time").to.deep.equal(all);
      }),
    );
  });
});

describe("ranks of an award", () => {
  it("are bits from 0 to 99", () => {
    expect(ranksMask([0, 3, 99])).to.equal(1n | 8n | (1n << 99n));
    expect(ranksOf(ranksMask([5, 2]))).to.deep.equal([2, 5]);
    expect(ranksOf(ALL_RANKS)).to.deep.equal(Array.from({ length: 100 }, (_, rank) => rank));
    for (const rank of [-1, 1.5, 100]) expect(() => ranksMask([rank]), String(rank)).to.throw(InvalidField);
  });
});
