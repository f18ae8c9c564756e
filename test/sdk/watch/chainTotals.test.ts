import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";

type Totals = Parameters<sdk.ChainTotals["take"]>[0];

const markAt = (blockNumber: number) => ({ blockNumber, blockHash: sdk.ZERO_HASH });
const endAt = (blockNumber: number) => ({ ...markAt(blockNumber), timestamp: sdk.unixSeconds(blockNumber) });
const steppedBack = (to: number): Totals => ({
  kind: "steppedBack",
  end: endAt(to),
  cursor: { marks: [markAt(to)] },
});

/** A step with events of one block each; no reorganisation reaches below `oldest`. */
function events(all: readonly (readonly [sdk.CountedEvent, object])[], first: number, oldest?: number): Totals {
  const given = all.map(([name, value], i) => ({ ...markAt(first + i), name, value, transactionHash: "0x" }));
  const marks = oldest === undefined ? [] : [markAt(oldest)];
  return { kind: "events", events: given, end: endAt(first + all.length), cursor: { marks } } as unknown as Totals;
}

describe("chain totals", () => {
  it("sum what each kind of event moves, and count what moves nothing", () => {
    const totals = new sdk.ChainTotals();
    expect([totals.lastBlock, totals.of("paused")]).to.deep.equal([-1, { count: 0, amount: 0n }]);
    const moved: [sdk.CountedEvent, object][] = [
      ["claimed", { paidUMor: 1n }],
      ["awardsPaid", { paidUMor: 2n }],
      ["debited", { amountUMor: 3n }],
      ["paymentFailed", { amountUMor: 4n }],
      ["attested", { creditedUMor: 5n, activeAt: 99n }],
      ["vetoed", { releasedUMor: 6n }],
      ["arrivalBooked", { amountWei: 7n }],
      ["slashExecuted", { takenWei: 8n }],
      ["paused", { pausedUntil: 9n }],
    ];
    totals.take(events(moved, 10));
    totals.take(events(moved, 30));
    expect(moved.map(([name]) => totals.of(name).amount)).to.deep.equal([2n, 4n, 6n, 8n, 10n, 12n, 14n, 16n, 0n]);
    expect(moved.map(([name]) => totals.of(name).count)).to.deep.equal(moved.map(() => 2));
    expect([totals.lastBlock, totals.lastActiveAt]).to.deep.equal([39, 99n]);
  });

  it("take back what a reorganisation drops, as far as it can reach", () => {
    const totals = new sdk.ChainTotals();
    const attested = (activeAt: bigint): [sdk.CountedEvent, object] => ["attested", { creditedUMor: 5n, activeAt }];
    // Nothing says how far back the chain may change: everything is kept.
    totals.take(events([attested(1n), attested(2n), attested(3n)], 10));
    totals.take(steppedBack(10));
    expect([totals.of("attested"), totals.lastActiveAt]).to.deep.equal([{ count: 1, amount: 5n }, 1n]);
    totals.take(events([attested(4n), attested(5n)], 11, 11));
    totals.take(steppedBack(9));
    expect(totals.of("attested"), "what lies at the mark or below is settled").to.deep.equal({ count: 2, amount: 10n });
    expect([totals.reorgs, totals.lastBlock, totals.lastActiveAt]).to.deep.equal([2, 9, 4n]);
  });
});
