import { expect } from "chai";
import fc from "fast-check";
import { cumulativeWei, linearDecrease, scheduledWei, type LinearDecrease } from "@yellowstone-compute/sdk/emission";
import { InvalidSchedule } from "@yellowstone-compute/sdk/errors";
import { DAY_SECONDS, EMISSION_START } from "@yellowstone-compute/sdk/units";

const compute = linearDecrease({
  initialWei: 3456n * 10n ** 18n,
  decreaseWei: 592_558_728_240_000_000n,
  startAt: BigInt(EMISSION_START),
  intervalSeconds: BigInt(DAY_SECONDS),
});

const anySchedule: fc.Arbitrary<LinearDecrease> = fc.record({
  initialWei: fc.bigInt({ min: 0n, max: 10_000n }),
  decreaseWei: fc.bigInt({ min: 0n, max: 3_000n }),
  startAt: fc.bigInt({ min: 0n, max: 1_000n }),
  intervalSeconds: fc.bigInt({ min: 1n, max: 100n }),
});

/** The definition, interval by interval: what the closed form must equal. */
function sumByInterval(s: LinearDecrease, t: bigint): bigint {
  let sum = 0n;
  for (let from = s.startAt, rate = s.initialWei; from < t && rate > 0n; from += s.intervalSeconds) {
    const inside = t - from < s.intervalSeconds ? t - from : s.intervalSeconds;
    sum += (rate * inside) / s.intervalSeconds;
    rate -= s.decreaseWei;
  }
  return sum;
}

describe("emission: linear decrease", () => {
  it("equals the sum interval by interval", () => {
    const property = fc.property(anySchedule, fc.bigInt({ min: 0n, max: 5_000n }), (schedule, t) => {
      expect(cumulativeWei(schedule, t)).to.equal(sumByInterval(schedule, t));
    });
    fc.assert(property, { numRuns: 400 });
  });

  it("never falls, and a day's schedule is the difference of its ends", () => {
    const property = fc.property(fc.nat(6_000), fc.nat(DAY_SECONDS), (day, second) => {
      const start = EMISSION_START + day * DAY_SECONDS;
      const emitted = cumulativeWei(compute, start + second) - cumulativeWei(compute, start);
      expect(emitted >= 0n && emitted <= scheduledWei(compute, day)).to.equal(true);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("gives the real compute bucket's first, second and last days", () => {
    expect(cumulativeWei(compute, EMISSION_START - 1)).to.equal(0n);
    expect(scheduledWei(compute, 0)).to.equal(compute.initialWei);
    expect(scheduledWei(compute, 1)).to.equal(compute.initialWei - compute.decreaseWei);
    expect(scheduledWei(compute, 5_832) > 0n).to.equal(true);
    expect(scheduledWei(compute, 5_833)).to.equal(0n);
  });

  it("refuses parameters that describe no schedule", () => {
    const wrong: Partial<LinearDecrease>[] = [
      { initialWei: 1n << 128n },
      { initialWei: -1n },
      { decreaseWei: 1n << 200n },
      { startAt: -1n },
      { intervalSeconds: 0n },
    ];
    for (const change of wrong) {
      const [field = ""] = Object.keys(change);
      expect(() => linearDecrease({ ...compute, ...change }))
        .to.throw(InvalidSchedule)
        .with.nested.property("data.field", field);
    }
  });
});
