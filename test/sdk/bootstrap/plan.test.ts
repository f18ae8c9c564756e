import { expect } from "chai";
import fc from "fast-check";
import { planEntries, rankSeason, type EntryOptions } from "@yellowstone-compute/sdk/bootstrap";
import { EntryTooLarge } from "@yellowstone-compute/sdk/errors";
import { CHAIN_LIMITS, LedgerTree } from "@yellowstone-compute/sdk/ledger";

/** Lanes that look like a season of `count` providers, of which the last `fresh` were not there before. */
function seasonOf(count: number, fresh = 0) {
  const lane = (id: number) => BigInt((id * 2_654_435_761) % 4_294_967_291) * 3n + 1n;
  const before = Array.from({ length: count - fresh }, (_, id) => lane(id) * 7n);
  const after = Array.from({ length: count }, (_, id) => (before[id] ?? 0n) + lane(id + count));
  return { before: LedgerTree.from(before), after: LedgerTree.from(after) };
}

function planOf(count: number, options: EntryOptions = {}, fresh = 0) {
  const { before, after } = seasonOf(count, fresh);
  const { entries } = rankSeason(before, after);
  const ids = entries.map(({ id }) => Number(id));
  return { calls: planEntries(before, after, ids, options), entries };
}

describe("plan of entries", function () {
  this.timeout(30_000);

  for (const count of [1, 4, 99, 100, 101, 1_000, 8_000]) {
    it(`${count} providers: ends with the true list, within the limits of Nitro`, () => {
      const { calls, entries } = planOf(count, {}, Math.floor(count / 3));
      expect(calls[calls.length - 1]?.after).to.deep.equal(entries);
      for (const { bytes, gas, ranges } of calls) {
        expect(bytes)
          .to.be.at.most(CHAIN_LIMITS.nitro.maxBytes)
          .and.above(ranges.before.length + ranges.after.length);
        expect(gas).to.be.at.most(CHAIN_LIMITS.nitro.maxGas);
      }
    });
  }

  it("each call builds on the list that the one before leaves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 8_000, max: 40_000 }), (count, maxBytes) => {
        const { calls, entries } = planOf(count, { limits: { maxBytes, maxGas: 2_000_000 } });
        calls.forEach(({ list, bytes, gas }, i) => {
          expect(list).to.deep.equal(calls[i - 1]?.after ?? []);
          expect(bytes <= maxBytes && gas <= 2_000_000).to.equal(true);
        });
        expect(calls[calls.length - 1]?.after).to.deep.equal(entries);
      }),
      { numRuns: 40 },
    );
  });

  it("halves a range that no transaction holds, and refuses what cannot be halved", () => {
    const one = planOf(1_000);
    expect(one.calls.length).to.equal(1);
    const { bytes } = one.calls[0]!;
    const parts = planOf(1_000, { limits: { maxBytes: Math.floor(bytes / 3), maxGas: 16_777_216 } });
    expect(parts.calls.length).to.be.greaterThan(2);
    expect(parts.calls[parts.calls.length - 1]?.after).to.deep.equal(one.entries);
    expect(() => planOf(1_000, { limits: { maxBytes: 1_500, maxGas: 16_777_216 } })).to.throw(EntryTooLarge);
    expect(() => planOf(1_000, { limits: { maxBytes: 95_000, maxGas: 100_000 } })).to.throw(EntryTooLarge);
  });

  it("leaves a call out that would bring nobody among the hundred", () => {
    const lanes = (weightOf: (id: number) => number) =>
      LedgerTree.from(Array.from({ length: 1_000 }, (_, id) => BigInt(weightOf(id))));
    const limits = { maxBytes: 95_000, maxGas: 500_000 };
    const all = Array.from({ length: 1_000 }, (_, id) => id);
    const rising = planEntries(
      LedgerTree.empty(),
      lanes((id) => id + 1),
      all,
      { limits },
    );
    const falling = planEntries(
      LedgerTree.empty(),
      lanes((id) => 1_000 - id),
      all,
      { limits },
    );
    expect(falling.at(-1)?.after.map(({ id }) => Number(id))).to.deep.equal(all.slice(0, 100));
    expect(rising.at(-1)?.after.map(({ id }) => Number(id))).to.deep.equal(all.slice(900).reverse());
    expect(falling.length, "the best come first").to.be.below(rising.length);
    for (const { list, after } of [...rising, ...falling]) expect(after).to.not.deep.equal(list);
  });

  it("goes on from a list, and plans nothing for nobody", () => {
    const { before, after } = seasonOf(1_600);
    const { entries } = rankSeason(before, after);
    const ids = entries.map(({ id }) => Number(id));
    const [first] = planEntries(
      before,
      after,
      ids.filter((id) => id < 800),
    );
    const [second] = planEntries(before, after, ids, { list: first!.after });
    expect(second!.list).to.deep.equal(first!.after);
    expect(second!.after).to.deep.equal(entries);
    expect(second!.bytes, "who is in it already is not proved again").to.be.below(first!.bytes * 1.2);
    expect(planEntries(before, after, ids, { list: entries })).to.deep.equal([]);
    expect(planEntries(before, after, [])).to.deep.equal([]);
  });
});
