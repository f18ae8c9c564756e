import { expect } from "chai";
import fc from "fast-check";
import { homeRouterOf } from "../../../sdk/src/access/index.js";
import { bytesToHex, keccak256Text } from "../../../sdk/src/crypto/index.js";
import { LedgerTree, reportsRoot, type ReportEntry } from "../../../sdk/src/ledger/index.js";
import { GOOD_STANDING, afterJob, tieKey, type Standing } from "../../../sdk/src/market/index.js";
import { createQualityGate } from "../../../sdk/src/quality/index.js";
import { judgeJob, noteJob } from "../../../sdk/src/quorum/judgement.js";
import { createReplica, workKey } from "../../../sdk/src/quorum/replica.js";
import { drawOf, homeOf } from "../../../sdk/src/quorum/rules.js";
import { ledgerRoot, sumRoot } from "../../../sdk/src/quorum/sums.js";
import { createPolicy } from "../../../sdk/src/router/index.js";
import { address, providerId, wei } from "../../../sdk/src/units/index.js";

const router = address(`0x${"11".repeat(20)}`);
const small = fc.integer({ min: 1, max: 12 });

describe("a co-signer's own code, and the router's", () => {
  it("judge alike, whatever the gate and the reports", () => {
    const job = fc.record({
      latencyMs: fc.bigInt(0n, 4_000n),
      tokens: fc.bigInt(0n, 50n),
      passed: fc.boolean(),
      user: fc.constantFrom("0xa", "0xb", "0xc"),
    });
    const settings = fc.record({
      size: small,
      least: small,
      cap: small,
      tolerance: fc.nat(40),
      multiple: fc.integer({ min: 2, max: 4 }),
    });
    fc.assert(
      fc.property(settings, fc.array(job, { maxLength: 80 }), ({ size, least, cap, tolerance, multiple }, jobs) => {
        const params = {
          window: size,
          minimumSamples: Math.min(least, size),
          perUserCap: Math.min(cap, size),
          tolerancePercent: tolerance,
          capMultiple: multiple,
        };
        const gate = createQualityGate(params);
        const replica = createReplica(router);
        for (const one of jobs) {
          expect(judgeJob(replica, { ...one, modelId: "m" }, params)).to.equal(gate.judge(one));
          expect(replica.samples.get("m") ?? []).to.deep.equal(gate.samples());
        }
      }),
      { numRuns: 200 },
    );
    const defaults = createQualityGate();
    const replica = createReplica(router);
    for (let i = 0; i < 120; i++) {
      const one = { latencyMs: BigInt((i * 7_919) % 3_000), tokens: 10n, passed: true, user: `${i % 3}` };
      expect(judgeJob(replica, { ...one, modelId: "m" }, {})).to.equal(defaults.judge(one));
    }
  });

  it("pass the same providers over for as long", () => {
    const params = fc.record({
      window: small,
      forgiven: fc.nat(11),
      cool: fc.bigInt(1n, 9n),
      most: fc.bigInt(9n, 60n),
    });
    const jobs = fc.array(fc.tuple(fc.constantFrom("served", "failed", "unanswered"), fc.nat(5)), { maxLength: 90 });
    fc.assert(
      fc.property(params, jobs, ({ window, forgiven, cool, most }, list) => {
        const chosen = {
          window,
          forgiven: Math.min(forgiven, window - 1),
          coolDownBlocks: cool,
          maxCoolDownBlocks: most,
        };
        const replica = createReplica(router);
        let standing: Standing = GOOD_STANDING;
        let height = 1n;
        for (const [outcome, blocks] of list) {
          height += BigInt(blocks);
          standing = afterJob(standing, outcome, height, chosen);
          noteJob(replica, { modelId: "m", providerId: 4n, height }, outcome, chosen);
          expect(replica.standings.get(workKey("m", 4n))).to.deep.equal(standing);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("commit to the same reports and the same ledger", () => {
    const entry = fc
      .record({ id: fc.bigInt(0n, 9_000n), credit: fc.bigInt(0n, 10n ** 22n), seed: fc.nat() })
      .map(({ id, credit, seed }): ReportEntry => ({
        reportHash: keccak256Text(`${seed}`),
        providerId: providerId(id),
        creditWei: wei(credit),
      }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 70 }), (reports) => {
        expect(sumRoot(reports)).to.equal(reportsRoot(reports));
        const lanes = new Map(reports.map((one) => [one.providerId as bigint, one.creditWei % 2n ** 62n]));
        const tree = LedgerTree.empty();
        for (const [id, lane] of lanes) tree.apply(new Map([[Number(id), lane]]));
        expect(ledgerRoot(lanes)).to.equal(bytesToHex(tree.root()));
      }),
      { numRuns: 60 },
    );
  });

  it("draw the same home routers and the same winner of a tie", () => {
    const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => address(bytesToHex(bytes)));
    fc.assert(
      fc.property(
        fc.uniqueArray(account, { minLength: 1, maxLength: 5 }),
        account,
        fc.bigInt(0n, 2n ** 40n),
        (routers, user, day) => {
          const rules = {
            routers,
            emissionStart: 0n,
            policy: createPolicy({ accessOf: () => ({ budgetWei: 1n, supplyWei: 1n }) }),
          };
          expect(homeOf(rules, user, day)).to.equal(homeRouterOf(user, day, routers));
          const rfcHash = keccak256Text(`${user}${day}`);
          expect(drawOf(rfcHash, day)).to.equal(BigInt(tieKey(rfcHash, day)));
        },
      ),
    );
  });
});
