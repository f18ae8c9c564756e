import { expect } from "chai";
import fc from "fast-check";
import {
  MAX_WEIGHT_UMOR,
  SEASON_RANKS,
  awardShares,
  rankSeason,
  standingOf,
  weightOf,
  type SeasonEntry,
} from "@yellowstone-compute/sdk/bootstrap";
import { LaneShrunk } from "@yellowstone-compute/sdk/errors";
import { LedgerTree } from "@yellowstone-compute/sdk/ledger";
import { providerId, uMor } from "@yellowstone-compute/sdk/units";
import { best, playSeasons, type ModelRoot } from "./model.js";

const plain = (entries: readonly SeasonEntry[]) =>
  entries.map(({ id, weightUMor }) => ({ id: Number(id), weight: weightUMor }));
const treesOf = (before: readonly bigint[], deltas: readonly bigint[]) => {
  const after = deltas.map((delta, id) => (before[id] ?? 0n) + delta);
  return { before: LedgerTree.from(before), after: LedgerTree.from(after), lanes: after };
};
/** Few different weights, so that ties are common, also at rank 100. */
const deltasOf = (count: { min: number; max: number }, weights: bigint) =>
  fc.array(fc.bigInt({ min: 0n, max: weights }), { minLength: count.min, maxLength: count.max });

describe("season ranking", function () {
  this.timeout(60_000);

  it("equals a sort of everyone, in 3,000 random seasons around a hundred providers", () => {
    const season = fc.record({
      before: fc.array(fc.bigInt({ min: 0n, max: 9n }), { maxLength: 130 }),
      deltas: fc.oneof(deltasOf({ min: 0, max: 130 }, 4n), deltasOf({ min: 98, max: 130 }, 2n ** 44n - 1n)),
    });
    fc.assert(
      fc.property(season, ({ before, deltas }) => {
        const { after, lanes, before: tree } = treesOf(before.slice(0, deltas.length), deltas);
        const ranking = rankSeason(tree, after);
        expect(plain(ranking.entries)).to.deep.equal(best(before.slice(0, deltas.length), lanes));
        expect(ranking.competing).to.equal(deltas.filter((delta) => delta > 0n).length);
        expect(ranking.creditedUMor).to.equal(deltas.reduce((sum, delta) => sum + delta, 0n));
      }),
      { numRuns: 3_000 },
    );
  });

  for (const count of [0, 1, 99, 100, 101, 102, 1_000]) {
    it(`${count} providers: the best hundred, ties to the lower id`, () => {
      const deltas = Array.from({ length: count }, (_, id) => BigInt((id * 7_919) % 211) + 1n);
      const { before, after, lanes } = treesOf([], deltas);
      const { entries, competing } = rankSeason(before, after);
      expect(plain(entries)).to.deep.equal(best([], lanes));
      expect([entries.length, competing]).to.deep.equal([Math.min(count, SEASON_RANKS), count]);
    });
  }

  it("all equal: the lowest hundred ids; all zero: nobody", () => {
    const equal = treesOf([], new Array<bigint>(250).fill(5n));
    const { entries } = rankSeason(equal.before, equal.after);
    expect(entries.map(({ id }) => Number(id))).to.deep.equal(Array.from({ length: 100 }, (_, id) => id));
    const { after } = treesOf([], [3n, 4n]);
    expect(rankSeason(after, after)).to.deep.include({ entries: [], totalUMor: 0n, competing: 0 });
  });

  it("cuts a weight to what an entry holds, as the contract does", () => {
    const { before, after } = treesOf([5n], [MAX_WEIGHT_UMOR + 7n]);
    expect(weightOf(before, after, 0)).to.equal(MAX_WEIGHT_UMOR);
    expect(weightOf(before, treesOf([5n], [MAX_WEIGHT_UMOR - 1n]).after, 0)).to.equal(MAX_WEIGHT_UMOR - 1n);
  });

  it("takes the ledgers of one season only: a lifetime credit does not fall", () => {
    const { before, after } = treesOf([4n, 4n], [0n, 3n]);
    expect(() => rankSeason(after, before)).to.throw(LaneShrunk, "provider 1");
    expect(weightOf(before, after, 1)).to.equal(3n);
  });
});

describe("season shares", () => {
  it("are rounded down, and what is left stays", () => {
    const entries = [1n, 1n, 1n].map((weight, id) => ({ id: providerId(id), weightUMor: uMor(weight) }));
    const { shares, allottedUMor, remainderUMor } = awardShares(entries, 100n);
    expect(shares.map(({ shareUMor }) => shareUMor)).to.deep.equal([33n, 33n, 33n]);
    expect([allottedUMor, remainderUMor]).to.deep.equal([99n, 1n]);
    const weightless = [{ id: providerId(4), weightUMor: uMor(0) }];
    expect(awardShares(weightless, 100n)).to.deep.include({ allottedUMor: 0n, remainderUMor: 100n });
    expect(awardShares([], 100n)).to.deep.equal({ shares: [], allottedUMor: 0n, remainderUMor: 100n });
  });

  it("equal the model over whole windows: roots, weights, pools, shares and what rolls on", () => {
    const attested = fc.array(
      fc.record({ activeAt: fc.bigInt({ min: 0n, max: 110n }), deltas: deltasOf({ min: 1, max: 8 }, 5n) }),
      { maxLength: 12 },
    );
    const arrivals = fc.array(fc.bigInt({ min: 0n, max: 40n }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(attested, arrivals, (history, arrived) => {
        const lanes = new Array<bigint>(8).fill(0n);
        const roots: ModelRoot[] = history
          .sort((a, b) => (a.activeAt < b.activeAt ? -1 : a.activeAt > b.activeAt ? 1 : 0))
          .map(({ activeAt, deltas }, i) => {
            deltas.forEach((delta, id) => (lanes[id] = (lanes[id] ?? 0n) + delta));
            return { seq: BigInt(i + 1), activeAt, lanes: [...lanes] };
          });
        const unit = 10n ** 12n;
        const arrivedBy = (season: number) =>
          unit * arrived.slice(0, season + 1).reduce((sum, amount) => sum + amount, 0n);
        const seasons = playSeasons({ startAt: 10n, endAt: 100n, length: 12n }, roots, (t) => t * 7n * unit, arrivedBy);
        let allotted = 0n;
        seasons.forEach(({ entries, pool, shares, rolledOn }) => {
          const ours = awardShares(
            entries.map(({ id, weight }) => ({ id: providerId(id), weightUMor: uMor(weight) })),
            pool,
          );
          expect(ours.shares.map(({ shareUMor }) => shareUMor)).to.deep.equal(shares);
          expect(ours.remainderUMor).to.equal(rolledOn);
          allotted += ours.allottedUMor;
        });
        expect(allotted <= arrivedBy(9) / unit && allotted <= 63n, "never more than came, nor than promised").to.equal(
          true,
        );
      }),
    );
  });
});

describe("season standing", () => {
  const entriesOf = (deltas: readonly bigint[]) => {
    const { before, after } = treesOf([], deltas);
    return rankSeason(before, after).entries;
  };

  it("what would lift a provider does, and 1 uMOR less does not", () => {
    fc.assert(
      fc.property(deltasOf({ min: 95, max: 125 }, 6n), fc.nat(124), (deltas, at) => {
        const id = at % deltas.length;
        const own = deltas[id]!;
        const standing = standingOf(entriesOf(deltas), 1_000n, id, own);
        const rankWith = (weight: bigint) =>
          entriesOf(deltas.with(id, weight)).findIndex((entry) => entry.id === BigInt(id));
        expect(standing.rank ?? -1).to.equal(rankWith(own));
        if (standing.rank === undefined) {
          expect(rankWith(own + standing.toEnterUMor)).to.be.at.least(0);
          expect(rankWith(own + standing.toEnterUMor - 1n)).to.equal(-1);
        } else if (standing.rank > 0) {
          const lift = standing.toRiseUMor ?? 0n;
          expect(rankWith(own + lift)).to.be.lessThan(standing.rank);
          if (lift > 0n) expect(rankWith(own + lift - 1n)).to.equal(standing.rank);
        } else {
          expect(standing.toRiseUMor).to.equal(undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("shows the share as of now", () => {
    const entries = entriesOf([3n, 1n]);
    expect(standingOf(entries, 100n, 0, 3n)).to.deep.include({ rank: 0, shareUMor: 75n, toEnterUMor: 0n });
    expect(standingOf(entries, 100n, 7, 0n)).to.deep.include({ rank: undefined, shareUMor: 0n, toEnterUMor: 1n });
    const full = entriesOf(Array.from({ length: 100 }, () => 5n));
    const late = (weight: bigint) => standingOf(full, 100n, 200, weight).toEnterUMor;
    expect([late(6n), late(5n), late(4n)], "against the last of a hundred").to.deep.equal([0n, 1n, 2n]);
    expect(standingOf(entries, 100n, 7, 2n), "has a weight and was not entered yet").to.deep.include({
      rank: undefined,
      toEnterUMor: 0n,
    });
  });
});
