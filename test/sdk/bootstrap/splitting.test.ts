import { expect } from "chai";
import fc from "fast-check";
import { awardShares, rankSeason, type SeasonEntry } from "@yellowstone-compute/sdk/bootstrap";
import { LedgerTree } from "@yellowstone-compute/sdk/ledger";

const PIECES = 10;
const POOL = 10n ** 12n;

/** Shares of the pool when one provider comes whole, or as ten of which the last takes what does not divide. */
function split(others: readonly bigint[], weight: bigint) {
  const piece = weight / BigInt(PIECES);
  const pieces = Array.from({ length: PIECES }, (_, i) => (i === PIECES - 1 ? weight - 9n * piece : piece));
  return { whole: outcome([weight], others), parted: outcome(pieces, others) };
}

/** The one who splits has the lowest ids: ties go to it. */
function outcome(own: readonly bigint[], others: readonly bigint[]) {
  const ranking = rankSeason(LedgerTree.empty(), LedgerTree.from([...own, ...others]));
  const { shares } = awardShares(ranking.entries, POOL);
  const isOwn = ({ id }: SeasonEntry) => id < BigInt(own.length);
  return {
    ...ranking,
    gained: shares.filter(isOwn).reduce((sum, { shareUMor }) => sum + shareUMor, 0n),
    othersUMor: ranking.entries.filter((entry) => !isOwn(entry)).reduce((sum, { weightUMor }) => sum + weightUMor, 0n),
  };
}

describe("splitting one provider into ten", function () {
  this.timeout(30_000);
  const weights = (min: number, max: number) =>
    fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: min, maxLength: max });
  const own = fc.bigInt({ min: 10n, max: 10n ** 8n });

  it("gains nothing while at most a hundred compete", () => {
    fc.assert(
      fc.property(weights(0, 90), own, (others, weight) => {
        const { whole, parted } = split(others, weight);
        expect(parted.competing).to.be.at.most(100);
        expect(parted.gained <= whole.gained, `${parted.gained} of ${whole.gained}`).to.equal(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gains at most what the displaced weight was worth above that", () => {
    fc.assert(
      fc.property(weights(91, 140), own, (others, weight) => {
        const { whole, parted } = split(others, weight);
        fc.pre(whole.entries.some(({ id }) => id === 0n));
        const displacedUMor = whole.othersUMor - parted.othersUMor;
        const boundUMor = (POOL * weight) / (whole.totalUMor - displacedUMor);
        expect(parted.gained <= boundUMor, `${parted.gained} of ${boundUMor}`).to.equal(true);
        // At most nine are displaced, none above a piece, and they are the least of the 99 others: with D displaced the
        // others have 11 D at least, the one who splits 10 D / 9. So the gain is below 9 %, and w D / ((w + 11 D) (w + 10 D))
        // of the pool is greatest at w = D sqrt(110).
        expect(parted.gained * 100n <= (whole.gained + 1n) * 109n, "relative").to.equal(true);
        expect(parted.gained - whole.gained <= (POOL * 2_383n) / 100_000n + BigInt(PIECES), "of the pool").to.equal(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it("prints the most that ten pieces can gain (SECURITY.md)", () => {
    // Worst case: 99 others of one weight, and pieces of at least that weight push nine of them out.
    const gains = Array.from({ length: 991 }, (_, i) => {
      const { whole, parted } = split(new Array<bigint>(99).fill(1_000n), 10_000n + BigInt(i) * 1_000n);
      return { gain: parted.gained - whole.gained, whole: whole.gained };
    });
    const most = gains.reduce((a, b) => (b.gain > a.gain ? b : a));
    const relative = gains.reduce((a, b) => (b.gain * a.whole > a.gain * b.whole ? b : a));
    const percent = (part: bigint, of: bigint) => `${Number((part * 10_000n) / of) / 100} %`;
    console.log(
      `      splitting into ten: at most ${percent(most.gain, POOL)} of the pool (from ${percent(most.whole, POOL)}), ` +
        `at most ${percent(relative.gain, relative.whole)} more than before`,
    );
    expect(percent(most.gain, POOL)).to.equal("2.38 %");
    expect(percent(relative.gain, relative.whole)).to.equal("9 %");
  });
});
