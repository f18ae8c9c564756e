import { readFileSync } from "node:fs";
import { expect } from "chai";
import { WEI_PER_MOR } from "@yellowstone-compute/sdk";
import { allAttacks } from "../../scripts/attacks/all.js";
import { bidCheap } from "../../scripts/attacks/cheapBid.js";
import { collude } from "../../scripts/attacks/collusion.js";
import { feedGate } from "../../scripts/attacks/gateFeeding.js";
import { stealKeys } from "../../scripts/attacks/stolenKeys.js";
import { splitWeight } from "../../scripts/attacks/sybils.js";
import { percent, renderAttacks, withAttacks } from "../../scripts/attacks/table.js";

const POOL_WEI = 1_000_000n * WEI_PER_MOR;

describe("attacks on the economy", () => {
  it("come to what SECURITY.md says", () => {
    const page = readFileSync("SECURITY.md", "utf8");
    expect(page).to.equal(withAttacks(page, renderAttacks(allAttacks())));
  });

  it("stolen keys: nothing with a veto in time, never more than the guard's bound without", () => {
    for (const veto of [1n, 24n, 47n]) expect(stealKeys(720n, veto).takenWei, `veto after ${veto} h`).to.equal(0n);
    const late = stealKeys(720n, 48n);
    expect(late.takenWei > 0n && late.takenWei < POOL_WEI / 50n, "the moment the first is active").to.equal(true);
    // 30 days touch 31 block-days: 1 - 0.99^31.
    const { lostWei } = stealKeys(720n);
    expect(lostWei * 1_000n < POOL_WEI * 268n && lostWei * 1_000n > POOL_WEI * 267n).to.equal(true);
  });

  it("collusion: the share of the budget, however it is split", () => {
    const balanceWei = 10_000n * WEI_PER_MOR;
    const whole = collude(balanceWei, 1n);
    expect(whole).to.equal(3n * WEI_PER_MOR);
    for (const addresses of [3n, 70n, 10_000n]) expect(collude(balanceWei, addresses) <= whole).to.equal(true);
  });

  it("sybils: no gain while a hundred compete", () => {
    for (const honest of [10, 50, 90]) {
      for (const split of [2, 5, 10]) expect(splitWeight(honest, split) <= splitWeight(honest, 1)).to.equal(true);
    }
    expect(splitWeight(99, 10) > splitWeight(99, 1), "above, what is pushed out").to.equal(true);
    expect(splitWeight(300, 50), "too light for the list").to.equal(0n);
  });

  it("the gate: all honest ones pass where nobody lies, and the cap holds one user back", () => {
    const quiet = feedGate({ percentOfReports: 0, users: 1, msPerToken: 1 });
    expect(quiet.honest[0]).to.equal(quiet.honest[1]);
    const served = (users: number) => {
      const { honest } = feedGate({ percentOfReports: 50, users, msPerToken: 1 });
      return honest[0] / honest[1];
    };
    expect(served(1)).to.be.greaterThan(0.5);
    expect(served(1_000)).to.be.lessThan(0.05);
  });

  it("a bid of 1 wei: passed over soon, whatever it claims to take, and kept out by a least price", () => {
    for (const capacity of [1, 1_000]) {
      const { jobs, lost } = bidCheap({ capacity, leastWei: 1n });
      expect(lost)
        .to.be.greaterThan(5)
        .and.lessThan(jobs / 200);
      expect(bidCheap({ capacity, leastWei: 2n }).lost).to.equal(0);
    }
  });

  it("figures are rounded to the nearest hundredth", () => {
    expect([percent(1n, 3n), percent(2n, 3n), percent(0n, 0n), percent(1n, 1n)]).to.deep.equal([
      "33.33 %",
      "66.67 %",
      "0.00 %",
      "100.00 %",
    ]);
  });
});
