import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import {
  BidExpired,
  BidPriceNotPositive,
  CapacityNotTaken,
  InvalidMarketParameter,
  NoFreeCapacity,
  StaleBid,
} from "../../../sdk/src/errors/market.js";
import { createBidBook, tieKey, type StandingBid, type BidBook } from "../../../sdk/src/market/index.js";

const MODEL = `0x${"11".repeat(32)}`;
const RFC = `0x${"ab".repeat(32)}`;
const bid = (providerId: bigint, priceWei: bigint, sequence = 0n, expiresAt = 1_000n): StandingBid => ({
  providerId,
  modelId: MODEL,
  priceWei,
  sequence,
  expiresAt,
});

function bookOf(...bids: StandingBid[]): BidBook {
  const book = createBidBook();
  for (const one of bids) book.add(one, 0n);
  return book;
}

describe("createBidBook", () => {
  it("chooses the lowest bid with a free place and says what the lowest live price is", () => {
    const book = bookOf(bid(1n, 30n), bid(2n, 10n), bid(3n, 20n));
    book.take(MODEL, 2n);
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(2n);
    book.take(MODEL, 2n);
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(3n);
    expect(book.lowestLive(MODEL, 0n), "busy is still live").to.equal(10n);
    expect(() => book.take(MODEL, 2n)).to.throw(NoFreeCapacity);
    book.free(MODEL, 2n);
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(2n);
    expect(() => book.free(MODEL, 9n)).to.throw(CapacityNotTaken);
  });

  it("passes over whom the caller excludes, and only for that call", () => {
    const book = bookOf(bid(1n, 30n), bid(2n, 10n), bid(3n, 20n));
    expect(book.lowestFree(MODEL, RFC, 0n, new Set([2n, 3n, 77n]))?.providerId).to.equal(1n);
    expect(book.lowestFree(MODEL, RFC, 0n, new Set([1n, 2n, 3n]))).to.equal(undefined);
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(2n);
    book.withdraw(MODEL, 2n, 2n);
    expect(book.lowestFree(MODEL, RFC, 0n, new Set([2n]))?.providerId, "without a bid").to.equal(3n);
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(3n);
  });

  it("resolves equal prices per RFC by keccak256(abi.encode(rfcHash, providerId))", () => {
    const book = bookOf(bid(1n, 10n), bid(2n, 10n), bid(3n, 10n), bid(4n, 11n));
    const winners = new Set<bigint | undefined>();
    for (let i = 0; i < 40; i++) {
      const rfcHash = keccak256(Uint8Array.of(i));
      const keys = [1n, 2n, 3n].map((providerId) => ({
        providerId,
        key: keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [rfcHash, providerId])),
      }));
      const expected = keys.sort((a, b) => (a.key < b.key ? -1 : 1))[0]?.providerId;
      expect(book.lowestFree(MODEL, rfcHash, 0n)?.providerId).to.equal(expected);
      winners.add(expected);
    }
    expect(winners.size, "no provider wins every tie").to.equal(3);
  });

  it("keeps only the newest bid and refuses replays, also of a withdrawn or expired one", () => {
    const book = bookOf(bid(1n, 10n, 5n));
    expect(() => book.add(bid(1n, 9n, 5n), 0n)).to.throw(StaleBid);
    book.add(bid(1n, 12n, 6n), 0n);
    expect(book.lowestLive(MODEL, 0n)).to.equal(12n);
    expect(() => book.withdraw(MODEL, 1n, 6n)).to.throw(StaleBid);
    book.withdraw(MODEL, 1n, 7n);
    expect(book.lowestFree(MODEL, RFC, 0n)).to.equal(undefined);
    expect(() => book.add(bid(1n, 1n, 7n), 0n)).to.throw(StaleBid);
    book.add(bid(1n, 8n, 8n, 50n), 49n);
    expect(book.lowestLive(MODEL, 50n), "a bid stands while at < expiresAt").to.equal(undefined);
    expect(() => book.add(bid(1n, 8n, 8n), 50n)).to.throw(StaleBid);
    expect(() => book.add(bid(1n, 8n, 9n, 50n), 50n)).to.throw(BidExpired);
    expect(() => book.add(bid(1n, 0n, 9n), 50n)).to.throw(BidPriceNotPositive);
  });

  it("lets a replaced bid live to its own expiry", () => {
    const book = bookOf(bid(1n, 10n, 0n, 20n), bid(1n, 10n, 1n, 90n));
    expect(book.lowestLive(MODEL, 20n)).to.equal(10n);
    expect(book.lowestLive(MODEL, 90n)).to.equal(undefined);
  });

  it("never chooses a bid outside the price range, until the range allows it", () => {
    const book = bookOf(bid(1n, 1n), bid(2n, 10n), bid(3n, 100n));
    book.setRange(MODEL, { minWei: 5n, maxWei: 50n });
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(2n);
    expect(book.lowestLive(MODEL, 0n), "an absurd bid does not move MaxT").to.equal(10n);
    expect(book.lowestFree(MODEL, RFC, 0n, new Set([2n]))).to.equal(undefined);
    book.setRange(MODEL, { minWei: 0n });
    expect(book.lowestFree(MODEL, RFC, 0n)?.providerId).to.equal(1n);
    expect(() => book.setRange(MODEL, { minWei: 5n, maxWei: 4n })).to.throw(InvalidMarketParameter);
  });

  it("says what stands: a provider's bid, its jobs, and nothing of a model nobody bids for", () => {
    const book = bookOf(bid(1n, 30n));
    book.take(MODEL, 1n);
    expect([book.bidOf(MODEL, 1n)?.priceWei, book.jobsOf(MODEL, 1n)]).to.deep.equal([30n, 1]);
    const other = `0x${"22".repeat(32)}`;
    expect([book.bidOf(other, 1n), book.jobsOf(other, 1n)]).to.deep.equal([undefined, 0]);
  });

  it("rests as before after it was made again from a snapshot", () => {
    const book = bookOf(bid(1n, 30n), bid(2n, 40n));
    book.rest(MODEL, 1n, 100n);
    const again = createBidBook({}, book.snapshot());
    expect(again.lowestFree(MODEL, RFC, 99n)?.providerId).to.equal(2n);
    expect(again.lowestFree(MODEL, RFC, 100n)?.providerId).to.equal(1n);
  });

  it("refuses settings, capacities and RFCs that are none", () => {
    for (const defaultCapacity of [0, 1.5, -1]) {
      expect(() => createBidBook({ defaultCapacity })).to.throw(InvalidMarketParameter, /defaultCapacity/);
    }
    expect(() => createBidBook({ range: { minWei: -1n } })).to.throw(InvalidMarketParameter, /minWei/);
    for (const capacity of [-1, 0.5]) {
      expect(() => bookOf(bid(1n, 1n)).setCapacity(MODEL, 1n, capacity)).to.throw(InvalidMarketParameter, /capacity/);
    }
    expect(() => tieKey("0x12", 1n)).to.throw(InvalidMarketParameter, /rfcHash/);
  });

  it("wakes a resting provider by itself", () => {
    const book = bookOf(bid(1n, 10n), bid(2n, 20n));
    book.rest(MODEL, 1n, 60n);
    expect(book.lowestFree(MODEL, RFC, 59n)?.providerId).to.equal(2n);
    expect(book.lowestFree(MODEL, RFC, 60n)?.providerId).to.equal(1n);
  });

  it("chooses as a plain search over all bids does", () => {
    const verbs = fc.constantFrom("add", "withdraw", "take", "free", "rest", "later");
    const step = fc.record({ verb: verbs, providerId: fc.bigInt(0n, 7n), figure: fc.bigInt(1n, 6n) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const book = createBidBook({ range: { minWei: 2n, maxWei: 5n } });
        const naive = new Map<bigint, { price?: bigint; expiresAt: bigint; jobs: number; restUntil: bigint }>();
        let at = 0n;
        let sequence = 0n;
        for (const { verb, providerId, figure } of steps) {
          const seat = naive.get(providerId) ?? { expiresAt: 0n, jobs: 0, restUntil: 0n };
          naive.set(providerId, seat);
          if (verb === "later") at += figure;
          if (verb === "rest") book.rest(MODEL, providerId, (seat.restUntil = at + figure));
          if (verb === "add") {
            book.add(bid(providerId, figure, sequence++, at + 3n * figure), at);
            Object.assign(seat, { price: figure, expiresAt: at + 3n * figure });
          }
          if (verb === "withdraw") {
            book.withdraw(MODEL, providerId, sequence++);
            delete seat.price;
          }
          if (verb === "take" && seat.jobs < 2) (book.take(MODEL, providerId), (seat.jobs += 1));
          if (verb === "free" && seat.jobs > 0) (book.free(MODEL, providerId), (seat.jobs -= 1));
          const live = [...naive].flatMap(([id, { price, expiresAt, jobs, restUntil }]) =>
            price !== undefined && price >= 2n && price <= 5n && expiresAt > at && restUntil <= at
              ? [{ id, price, jobs, key: tieKey(RFC, id) }]
              : [],
          );
          live.sort((a, b) => Number(a.price - b.price) || (a.key < b.key ? -1 : 1));
          expect(book.lowestLive(MODEL, at)).to.equal(live[0]?.price);
          expect(book.lowestFree(MODEL, RFC, at)?.providerId).to.equal(live.find(({ jobs }) => jobs < 2)?.id);
        }
      }),
    );
  });

  it("holds 100,000 bids without slowing down", function () {
    this.timeout(20_000);
    const book = createBidBook();
    for (let i = 0n; i < 100_000n; i++) book.add(bid(i, 1n + ((i * 7_919n) % 99_991n), 0n, 10n + i), 0n);
    const start = performance.now();
    for (let i = 0; i < 10_000; i++) {
      const chosen = book.lowestFree(MODEL, RFC, 0n);
      if (chosen !== undefined) book.take(MODEL, chosen.providerId);
    }
    expect(performance.now() - start, "ms for 10,000 selections").to.be.below(5_000);
  });
});
