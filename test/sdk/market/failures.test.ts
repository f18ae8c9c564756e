import { expect } from "chai";
import fc from "fast-check";
import { InvalidMarketParameter } from "../../../sdk/src/errors/market.js";
import {
  afterJob,
  createFailureRecord,
  DEFAULT_FAILURE_PARAMS,
  GOOD_STANDING,
  type JobOutcome,
} from "../../../sdk/src/market/index.js";

const OUTCOMES: JobOutcome[] = ["served", "failed", "tooSlow", "empty", "unanswered"];

describe("createFailureRecord", () => {
  it("forgives 5 failures of the last 20 jobs, whatever their kind, and passes over at the sixth", () => {
    const record = createFailureRecord();
    for (const outcome of ["failed", "tooSlow", "empty", "unanswered", "failed"] as const)
      record.record("m", 1n, outcome, 100n);
    expect(record.isPassedOver("m", 1n, 100n)).to.equal(false);
    record.record("m", 1n, "failed", 100n);
    expect(record.isPassedOver("m", 1n, 109n)).to.equal(true);
    expect(record.isPassedOver("m", 1n, 110n)).to.equal(false);
    expect(record.isPassedOver("n", 1n, 100n), "per model").to.equal(false);
    expect(record.isPassedOver("m", 2n, 100n), "per provider").to.equal(false);
  });

  it("does not pass over 5 failures in every 20 jobs", () => {
    const record = createFailureRecord();
    for (let i = 0; i < 400; i++) record.record("m", 1n, i % 20 < 5 ? "failed" : "served", 1n);
    expect(record.isPassedOver("m", 1n, 1n)).to.equal(false);
  });

  it("doubles each cool-down up to the limit and starts small after a full good window", () => {
    const record = createFailureRecord({ maxCoolDownBlocks: 60n });
    const rests: bigint[] = [];
    const failSix = (): void => {
      for (let i = 0; i < 6; i++) record.record("m", 1n, "failed", 1_000n * BigInt(rests.length));
      rests.push(record.standingOf("m", 1n).passedOverUntil - 1_000n * BigInt(rests.length));
    };
    for (let i = 0; i < 5; i++) failSix();
    expect(rests).to.deep.equal([10n, 20n, 40n, 60n, 60n]);
    for (let i = 0; i < 20; i++) record.record("m", 1n, "served", 5_000n);
    for (let i = 0; i < 14; i++) record.record("m", 1n, "served", 5_000n);
    failSix();
    expect(rests[5]).to.equal(10n);
  });

  it("is a fold of the outcomes: a co-signer that replays them stands where the router stands", () => {
    const job = fc.record({ outcome: fc.constantFrom(...OUTCOMES), pause: fc.bigInt(0n, 30n) });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 200 }), (jobs) => {
        const record = createFailureRecord();
        let standing = GOOD_STANDING;
        let height = 0n;
        for (const { outcome, pause } of jobs) {
          height += pause;
          standing = afterJob(standing, outcome, height, DEFAULT_FAILURE_PARAMS);
          expect(record.record("m", 1n, outcome, height)).to.deep.equal(standing);
          expect(standing.recent.filter((failed) => failed).length).to.be.at.most(5);
          expect(standing.passedOverUntil <= height + 7_200n).to.equal(true);
        }
      }),
    );
  });

  it("refuses parameters that could never or always pass over", () => {
    expect(() => createFailureRecord({ forgiven: 20 })).to.throw(InvalidMarketParameter);
    expect(() => createFailureRecord({ window: 0 })).to.throw(InvalidMarketParameter);
    expect(() => createFailureRecord({ coolDownBlocks: 0n })).to.throw(InvalidMarketParameter);
    expect(() => createFailureRecord({ maxCoolDownBlocks: 9n })).to.throw(InvalidMarketParameter);
  });
});
