import { expect } from "chai";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import {
  AlreadyReserved,
  InvalidAccessInput,
  QuotaExceeded,
  ReservationNotFound,
  TokenMaxExceeded,
  WrongRouter,
} from "../../../sdk/src/errors/access.js";
import {
  accessRate,
  createMeter,
  explainQuota,
  homeRouterOf,
  maxTokens,
  requireHomeRouter,
  tokensPerMor,
  userMaxTokens,
  userShareWei,
} from "../../../sdk/src/access/index.js";
import { sharedFile } from "../../utils/shared.js";

const MOR = 10n ** 18n;
const budgetWei = 3_000n * MOR;
const supplyWei = 10_000_000n * MOR;
const balanceWei = 5n * MOR;
const bidWei = 100_000_000_000n;
const shareWei = userShareWei({ budgetWei, balanceWei, supplyWei });
const user = "0x00000000000000000000000000000000000000Aa";

describe("access, the paper's example", () => {
  it("gives MaxT 30,000,000,000, 3,000 T a MOR, 15,000 T for 5 MOR and 1,500,000 T for 500 MOR", () => {
    const maxT = maxTokens(budgetWei, bidWei);
    expect(maxT).to.equal(30_000_000_000n);
    expect(tokensPerMor(accessRate(maxT, supplyWei))).to.equal(3_000n);
    expect(userMaxTokens(balanceWei, maxT, supplyWei)).to.equal(15_000n);
    expect(userMaxTokens(500n * MOR, maxT, supplyWei)).to.equal(1_500_000n);
    expect(shareWei).to.equal(1_500_000_000_000_000n);
  });

  it("agrees with the shared vectors", function () {
    const path = sharedFile("vectors", "yellowstone.json");
    if (path === undefined) return this.skip();
    const { access } = JSON.parse(readFileSync(path, "utf8")) as {
      access: Record<string, string> & { userMax: Record<string, string> };
    };
    const figure = (name: string): bigint => BigInt(access[name] ?? "-1");
    const quotaOf = (mor: string) =>
      explainQuota({
        budgetWei: figure("budgetMorPerDay") * MOR,
        balanceWei: BigInt(mor) * MOR,
        supplyWei: figure("morSupply") * MOR,
        lowestBidWei: figure("bidWeiPerT"),
      });
    for (const [mor, userMax] of Object.entries(access.userMax))
      expect(quotaOf(mor).userMaxT).to.equal(BigInt(userMax));
    expect(quotaOf("5").maxT).to.equal(figure("maxT"));
    expect(quotaOf("5").accessRateTPerMor).to.equal(figure("accessRateTPerMor"));
    expect(quotaOf("5").shareWei).to.equal(figure("userMorCapWeiFor5Mor"));
  });

  it("admits 15,000 T, refuses 15,001 T, and gives 15,000 T again the next day, not 30,000", () => {
    const meter = createMeter();
    const ask = (rfcHash: string, day: bigint, tokenMax: bigint) =>
      meter.reserve({ rfcHash, user, day, shareWei, tokenMax, priceWei: bidWei });
    expect(() => ask("a", 0n, 15_001n)).to.throw(QuotaExceeded);
    expect(meter.usedWei(user, 0n), "a refusal costs nothing").to.equal(0n);
    ask("a", 0n, 15_000n);
    expect(() => ask("b", 0n, 1n)).to.throw(QuotaExceeded);
    expect(() => ask("b", 1n, 15_001n), "nothing is carried over").to.throw(QuotaExceeded);
    ask("b", 1n, 15_000n);
    const untouched = createMeter();
    expect(() =>
      untouched.reserve({ rfcHash: "c", user, day: 1n, shareWei, tokenMax: 30_000n, priceWei: bidWei }),
    ).to.throw(QuotaExceeded);
  });

  it("explains every figure", () => {
    const quota = explainQuota({
      budgetWei,
      balanceWei,
      supplyWei,
      lowestBidWei: bidWei,
      usedWei: shareWei / 3n,
      priceWei: 2n * bidWei,
    });
    expect(quota.leftWei).to.equal(1_000_000_000_000_000n);
    expect(quota.leftT).to.equal(5_000n);
    expect(quota.steps).to.have.length(6);
    expect(quota.steps.join(" ")).to.include("30000000000 T").and.include("3000 T a day").and.include("15000 T a day");
  });
});

describe("createMeter", () => {
  it("corrects at the report, keeps without one, and always for the day of the match", () => {
    const meter = createMeter();
    const ask = (rfcHash: string, tokenMax: bigint) =>
      meter.reserve({ rfcHash, user, day: 7n, shareWei: 100n, tokenMax, priceWei: 2n });
    ask("a", 20n);
    ask("b", 30n);
    expect(() => ask("a", 1n)).to.throw(AlreadyReserved);
    expect(() => ask("c", 1n)).to.throw(QuotaExceeded);
    expect(() => meter.correct("a", 21n)).to.throw(TokenMaxExceeded);
    expect(meter.correct("a", 5n)).to.equal(10n);
    expect(meter.usedWei(user.toLowerCase(), 7n), "case does not matter").to.equal(70n);
    meter.forgetBefore(8n);
    expect(meter.usedWei(user, 7n), "an open reservation keeps its day").to.equal(70n);
    expect(meter.keep("b")).to.equal(60n);
    expect(() => meter.correct("b", 0n), "too late").to.throw(ReservationNotFound);
    expect(meter.usedWei(user, 8n)).to.equal(0n);
    meter.forgetBefore(8n);
    expect(meter.usedWei(user, 7n)).to.equal(0n);
  });

  it("never charges above the share and ends at the sum of what was charged", () => {
    const step = fc.record({
      verb: fc.constantFrom("reserve", "correct", "keep"),
      figure: fc.bigInt(1n, 40n),
      index: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const meter = createMeter();
        let charged = 0n;
        for (const { verb, figure, index } of steps) {
          const rfcHash = `r${index}`;
          const open = meter.reservationOf(rfcHash);
          if (verb === "reserve" && open === undefined && meter.usedWei(user, 0n) + 3n * figure <= 500n) {
            meter.reserve({ rfcHash, user, day: 0n, shareWei: 500n, tokenMax: figure, priceWei: 3n });
          }
          if (verb === "correct" && open !== undefined)
            charged += meter.correct(rfcHash, figure < open.tokenMax ? figure : open.tokenMax);
          if (verb === "keep" && open !== undefined) charged += meter.keep(rfcHash);
          const held = [...Array(10).keys()].reduce(
            (sum, i) => sum + (meter.reservationOf(`r${i}`)?.reservedWei ?? 0n),
            0n,
          );
          expect(meter.usedWei(user, 0n)).to.equal(charged + held);
          expect(charged + held <= 500n).to.equal(true);
        }
      }),
    );
  });

  it("refuses figures that cannot be", () => {
    const meter = createMeter();
    const ask = (tokenMax: bigint, priceWei: bigint) => () =>
      meter.reserve({ rfcHash: "a", user, day: 0n, shareWei, tokenMax, priceWei });
    expect(ask(0n, 1n)).to.throw(InvalidAccessInput);
    expect(ask(-1n, 1n)).to.throw(InvalidAccessInput);
    expect(ask(1n, -1n)).to.throw(InvalidAccessInput);
    expect(() => maxTokens(1n, 0n)).to.throw(InvalidAccessInput);
    expect(() => maxTokens(-1n, 1n)).to.throw(InvalidAccessInput);
    expect(() => userShareWei({ budgetWei: 1n, balanceWei: 2n, supplyWei: 1n })).to.throw(InvalidAccessInput);
    expect(() => userMaxTokens(0n, 1n, 0n)).to.throw(InvalidAccessInput);
  });
});

describe("createMeter, at its edges", () => {
  const request = { rfcHash: "0x1", user, day: 1n, shareWei: 100n, tokenMax: 5n, priceWei: 10n };

  it("knows what is held, and refuses to correct to what cannot be", () => {
    const meter = createMeter();
    const held = meter.reserve(request);
    expect(meter.reservationOf("0x1")).to.equal(held);
    expect(() => meter.correct("0x1", -1n)).to.throw(InvalidAccessInput, /tokens/);
    expect(() => meter.correct("0x1", 6n)).to.throw(TokenMaxExceeded);
    expect(meter.usedWei(user, 1n), "unchanged").to.equal(50n);
    expect(meter.correct("0x1", 2n)).to.equal(20n);
    expect(meter.reservationOf("0x1")).to.equal(undefined);
  });

  it("explains nothing left where more was used than the share", () => {
    const { leftWei } = explainQuota({
      budgetWei,
      balanceWei,
      supplyWei,
      lowestBidWei: bidWei,
      usedWei: shareWei + 1n,
    });
    expect(leftWei).to.equal(0n);
  });
});

describe("shares", () => {
  it("gain nothing by splitting, and together never exceed the budget", () => {
    const wei = fc.bigInt(0n, 10n ** 26n);
    fc.assert(
      fc.property(wei, fc.array(wei, { minLength: 1, maxLength: 8 }), wei, (budget, balances, rest) => {
        const held = balances.reduce((sum, balance) => sum + balance, 0n);
        const supply = held + rest + 1n;
        const shareOf = (balance: bigint): bigint =>
          userShareWei({ budgetWei: budget, balanceWei: balance, supplyWei: supply });
        const split = balances.reduce((sum, balance) => sum + shareOf(balance), 0n);
        expect(split <= shareOf(held) && shareOf(held) <= budget).to.equal(true);
      }),
    );
  });
});

describe("homeRouterOf", () => {
  const routers = ["0xCc", "0xAa", "0xBb"].map((start) => start + "0".repeat(38));

  it("is nobody's who has no address, and no day's that cannot be", () => {
    expect(() => homeRouterOf("0x12", 1n, ["0x01"])).to.throw(InvalidAccessInput, /user/);
    for (const day of [-1n, 2n ** 64n]) {
      expect(() => homeRouterOf(`0x${"11".repeat(20)}`, day, ["0x01"])).to.throw(InvalidAccessInput, /day/);
    }
  });

  it("is one router a day whatever the order of the set, and another elsewhere is named", () => {
    const home = homeRouterOf(user, 3n, routers);
    expect(homeRouterOf(user.toUpperCase().replace("0X", "0x"), 3n, [...routers].reverse())).to.equal(home);
    const days = new Set([...Array(40).keys()].map((day) => homeRouterOf(user, BigInt(day), routers)));
    expect(days.size).to.equal(3);
    requireHomeRouter(home, user, 3n, routers);
    const other = routers.find((router) => router.toLowerCase() !== home) ?? "";
    expect(() => requireHomeRouter(other, user, 3n, routers)).to.throw(WrongRouter);
    expect(() => homeRouterOf(user, 3n, [])).to.throw(InvalidAccessInput);
  });
});
