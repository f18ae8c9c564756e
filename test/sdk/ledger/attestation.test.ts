import { expect } from "chai";
import { keccak256, toBeHex, zeroPadValue } from "ethers";
import fc from "fast-check";
import { BlockRangeInvalid, LaneOutsideTree, LedgerBehindHead, UpdateTooLarge } from "@yellowstone-compute/sdk/errors";
import {
  CHAIN_LIMITS,
  LedgerTree,
  buildAttestation,
  fitAllowance,
  reportsRoot,
  type AttestationOptions,
  type EarnedReport,
  type Head,
} from "@yellowstone-compute/sdk/ledger";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import {
  WEI_PER_UMOR,
  ZERO_HASH,
  hash32,
  providerId,
  unixSeconds,
  wei,
  type ProviderId,
  type Wei,
} from "@yellowstone-compute/sdk/units";

const report = (id: number | bigint, creditWei: bigint, at: number): EarnedReport => ({
  reportHash: hash32(keccak256(zeroPadValue(toBeHex(at), 32))),
  providerId: providerId(id),
  creditWei: wei(creditWei),
  height: BigInt(at),
});
const headOf = (tree: LedgerTree): Head => ({
  lastSeq: 4n,
  headRoot: hash32(bytesToHex(tree.root())),
  nextBlock: 10n,
  openBlock: 20n,
  routerSet: ZERO_HASH,
});
const options: AttestationOptions = { deadline: unixSeconds(99), lastBlock: 19n };
const earnedLine = fc
  .array(fc.record({ id: fc.nat(9), credit: fc.bigInt(1n, 3n * WEI_PER_UMOR) }), { maxLength: 60 })
  .map((line) => line.map(({ id, credit }, i) => report(id, credit, i)));
const lifetimes = fc
  .array(fc.bigInt(0n, 5n * WEI_PER_UMOR), { minLength: 10, maxLength: 10 })
  .map((line) => new Map(line.map((amount, id): [ProviderId, Wei] => [providerId(id), wei(amount)])));

/** uMOR that the first `count` reports add, lane by lane from the definition. */
function naiveCredit(earned: readonly EarnedReport[], count: number, before: ReadonlyMap<ProviderId, Wei>): bigint {
  let sum = 0n;
  for (let id = 0; id < 10; id++) {
    const attested = before.get(providerId(id)) ?? 0n;
    const added = earned.slice(0, count).filter((one) => one.providerId === BigInt(id));
    const lifetime = added.reduce((total, one) => total + one.creditWei, attested as bigint);
    sum += lifetime / WEI_PER_UMOR - attested / WEI_PER_UMOR;
  }
  return sum;
}

describe("fitAllowance", () => {
  it("takes the longest prefix, exact to the uMOR", () => {
    fc.assert(
      fc.property(earnedLine, fc.bigInt(0n, 60n), lifetimes, (earned, allowance, before) => {
        const fit = fitAllowance(earned, allowance, before);
        expect(fit.creditedUMor).to.equal(naiveCredit(earned, fit.count, before));
        expect(fit.creditedUMor <= allowance, "within the allowance").to.equal(true);
        if (fit.count < earned.length) {
          expect(naiveCredit(earned, fit.count + 1, before) > allowance, "one more does not fit").to.equal(true);
        }
        expect([...fit.deltas.values()].reduce((sum, delta) => sum + delta, 0n)).to.equal(fit.creditedUMor);
        for (const [id, lifetime] of fit.after) {
          const delta = fit.deltas.get(Number(id)) ?? 0n;
          expect(lifetime / WEI_PER_UMOR - (before.get(id) ?? 0n) / WEI_PER_UMOR).to.equal(delta);
        }
      }),
    );
  });

  it("loses nothing over any sequence of allowances", () => {
    fc.assert(
      fc.property(earnedLine, fc.array(fc.bigInt(4n, 9n), { minLength: 1, maxLength: 5 }), (earned, allowances) => {
        const attested = new Map<ProviderId, Wei>();
        let rest: readonly EarnedReport[] = earned;
        let credited = 0n;
        for (let i = 0; rest.length > 0; i++) {
          const fit = fitAllowance(rest, allowances[i % allowances.length] ?? 4n, attested);
          expect(fit.count, "a report adds at most 3 uMOR and a carry").to.be.above(0);
          for (const [id, lifetime] of fit.after) attested.set(id, lifetime);
          credited += fit.creditedUMor;
          rest = rest.slice(fit.count);
        }
        expect(credited).to.equal(naiveCredit(earned, earned.length, new Map()));
      }),
    );
  });

  it("stops before a word too many, and refuses an id without a lane", () => {
    const earned = [report(0, WEI_PER_UMOR, 0), report(3, WEI_PER_UMOR, 1), report(4, WEI_PER_UMOR, 2)];
    expect(fitAllowance(earned, 9n, new Map(), { maxWords: 1 }).count).to.equal(2);
    expect(() => fitAllowance([report(2n ** 22n, 1n, 0)], 9n, new Map())).to.throw(LaneOutsideTree);
    expect(fitAllowance([report(0, WEI_PER_UMOR << 44n, 0)], 1n << 60n, new Map()).count, "a delta too wide").to.equal(
      0,
    );
  });
});

describe("buildAttestation", () => {
  it("credits the fit, commits to its reports and continues the head", () => {
    const tree = LedgerTree.from([7n, 0n, 5n]);
    const earned = [report(1, 3n * WEI_PER_UMOR, 0), report(2, WEI_PER_UMOR / 2n, 1), report(0, 9n * WEI_PER_UMOR, 2)];
    const draft = buildAttestation(tree, fitAllowance(earned, 5n, new Map()), headOf(tree), options);
    expect(draft?.attestation).to.deep.equal({
      seq: 5n,
      previousRoot: bytesToHex(tree.root()),
      newRoot: bytesToHex(LedgerTree.from([7n, 3n, 5n]).root()),
      credited: 3n,
      debitsHash: ZERO_HASH,
      firstBlock: 10n,
      lastBlock: 19n,
      reportsRoot: reportsRoot(earned.slice(0, 2)),
      routerSet: ZERO_HASH,
      deadline: 99n,
    });
    expect(draft?.paid).to.deep.equal(earned.slice(0, 2));
    expect(tree.lane(1), "the tree given is left as it was").to.equal(0n);
  });

  it("gives nothing when there is nothing to credit, dust included", () => {
    const tree = LedgerTree.empty();
    expect(buildAttestation(tree, fitAllowance([], 9n, new Map()), headOf(tree), options)).to.equal(undefined);
    const dust = fitAllowance([report(0, 1n, 0)], 9n, new Map());
    expect(buildAttestation(tree, dust, headOf(tree), options)).to.equal(undefined);
  });

  it("cuts what a transaction cannot hold, until all is credited", () => {
    let tree = LedgerTree.empty();
    const attested = new Map<ProviderId, Wei>();
    let rest: readonly EarnedReport[] = Array.from({ length: 2_000 }, (_, i) =>
      report(i * 7, 123_456n * WEI_PER_UMOR, i),
    );
    let rounds = 0;
    const limits = { ...CHAIN_LIMITS.nitro, maxBytes: 12_000 };
    for (; rest.length > 0; rounds++) {
      const fit = fitAllowance(rest, 1n << 60n, attested);
      const draft = buildAttestation(tree, fit, headOf(tree), { ...options, limits });
      if (draft === undefined) break;
      expect(draft.deltas.length + draft.witness.length).to.be.below(limits.maxBytes);
      expect(draft.paid).to.deep.equal(rest.slice(0, draft.paid.length));
      for (const [id, lifetime] of draft.fit.after) attested.set(id, lifetime);
      rest = rest.slice(draft.paid.length);
      tree = draft.after;
    }
    expect(rest).to.have.length(0);
    expect(rounds).to.be.within(2, 10);
    expect(tree.lane(7 * 1_999)).to.equal(123_456n);
  });

  it("refuses another head, blocks that are open or closed, and limits below one word", () => {
    const tree = LedgerTree.empty();
    const fit = fitAllowance([report(0, WEI_PER_UMOR, 0)], 9n, new Map());
    const head = headOf(tree);
    const build =
      (change: Partial<Head>, chosen: Partial<AttestationOptions> = {}) =>
      () =>
        buildAttestation(tree, fit, { ...head, ...change }, { ...options, ...chosen });
    expect(build({ headRoot: ZERO_HASH })).to.throw(LedgerBehindHead);
    expect(build({}, { lastBlock: 20n })).to.throw(BlockRangeInvalid);
    expect(build({}, { lastBlock: 8n })).to.throw(BlockRangeInvalid);
    expect(build({}, { lastBlock: 9n })()?.attestation.lastBlock, "no block closed").to.equal(9n);
    expect(build({}, { limits: { maxBytes: 100, maxGas: 1 } })).to.throw(UpdateTooLarge);
  });
});
