import { expect } from "chai";
import { network } from "hardhat";
import { readVectorsFile, type EmissionVector } from "../../scripts/checks/vectorsFile.js";

/** The one vector whose parameters the contract refuses. */
const REFUSED = "maxend trunc";

describe("LinearDecreaseSchedule: reference vectors", () => {
  const file = readVectorsFile("test/vectors/emission.json");
  if (file.kind !== "emission") throw new Error("emission.json holds no emission vectors");

  it(`agrees with all ${file.vectors.length} vectors`, async () => {
    const { ethers } = await network.create("l1");
    const factory = await ethers.getContractFactory("LinearDecreaseSchedule");
    let exact = 0;
    for (const vector of file.vectors) {
      const { name, initialWei, decreaseWei, startAt, intervalSeconds } = vector;
      const deployment = factory.deploy(initialWei, decreaseWei, startAt, intervalSeconds);
      if (name === REFUSED) {
        await expect(deployment).to.be.revertedWithCustomError(factory, "ScheduleInitialTooLarge");
        continue;
      }
      const schedule = await deployment;
      const from = await schedule.cumulativeWei(vector.fromAt);
      const to = await schedule.cumulativeWei(vector.toAt);
      if (startsAtPayout(vector)) {
        expect(to, name).to.equal(vector.expectedWei);
        exact++;
      } else {
        const difference = to > from ? to - from : 0n;
        expect(distance(difference, vector.expectedWei) <= 1n, `${name}: ${difference}`).to.equal(true);
      }
    }
    expect(exact).to.be.greaterThan(100);
  });
});

/** From the start of the payout on, and forwards: the cumulative itself is the expected value. */
function startsAtPayout(vector: EmissionVector): boolean {
  return vector.fromAt <= vector.startAt && vector.fromAt <= vector.toAt;
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
