import { expect } from "chai";
import { AccessUnknown, DayNotBegun } from "@yellowstone-compute/sdk/errors";
import { Days, type DaySources } from "@yellowstone-compute/sdk/service";
import { address, wei, type Address } from "@yellowstone-compute/sdk/units";
import { refusalOf } from "./world.js";

const user = address(`0x${"11".repeat(20)}`);
const amountOf = (amountWei: bigint) => Promise.resolve({ amountWei: wei(amountWei), blocks: [] });

/** Days whose figures are the day's number, and what was asked of their sources. */
function daysWith(change: Partial<DaySources> = {}): { days: Days; asked: (bigint | Address)[] } {
  const asked: (bigint | Address)[] = [];
  const days = new Days({
    balances: {
      supplyOf: (day) => amountOf(day * 100n),
      balanceOf: (each, day) => (asked.push(each), amountOf(day)),
    },
    budgetOf: (day) => (asked.push(day), Promise.resolve(day * 10n)),
    ...change,
  });
  return { days, asked };
}

describe("service: figures of days", () => {
  it("are asked for once, and given out at once from then on", async () => {
    const { days, asked } = daysWith();
    expect(() => days.accessOf(3n)).to.throw(AccessUnknown);
    const access = { budgetWei: 30n, supplyWei: 300n };
    expect(await Promise.all([days.prepare(3n), days.prepare(3n)])).to.deep.equal([access, access]);
    expect(days.accessOf(3n)).to.deep.equal(access);
    expect(asked).to.deep.equal([3n]);
  });

  it("are asked for again when they could not be had", async () => {
    let tries = 0;
    const budgetOf = (day: bigint): Promise<bigint> =>
      tries++ === 0 ? Promise.reject(new DayNotBegun(1n, day, 0n, 0n)) : Promise.resolve(7n);
    const { days } = daysWith({ budgetOf });
    expect(await refusalOf(days.prepare(3n))).to.be.instanceOf(DayNotBegun);
    expect(() => days.accessOf(3n)).to.throw(AccessUnknown);
    expect((await days.prepare(3n)).budgetWei).to.equal(7n);
  });

  it("hold a bound on the budget where one is below it", async () => {
    for (const [maxBudgetWei, expected] of [
      [29n, 29n],
      [30n, 30n],
      [31n, 30n],
    ] as const) {
      expect((await daysWith({ maxBudgetWei }).days.prepare(3n)).budgetWei).to.equal(expected);
    }
  });

  it("are forgotten when they are over, and whose balance was read too", async () => {
    const { days } = daysWith();
    await days.prepare(3n);
    expect(days.isRead(user, 3n)).to.equal(false);
    expect(await days.balanceWei(user, 3n)).to.equal(3n);
    await days.prepare(7n);
    expect([days.isRead(user, 3n), days.accessOf(3n).budgetWei]).to.deep.equal([true, 30n]);
    await days.prepare(8n);
    expect(() => days.accessOf(3n)).to.throw(AccessUnknown);
    expect([days.isRead(user, 3n), days.accessOf(7n).budgetWei]).to.deep.equal([false, 70n]);
  });
});
