import { expect } from "chai";
import fc from "fast-check";
import * as sdk from "@yellowstone-compute/sdk";

const ROUTER = sdk.address(`0x${"11".repeat(20)}`);
const OTHER = sdk.address(`0x${"22".repeat(20)}`);
const UMOR = 10n ** 12n;
const hashOf = (text: string) => sdk.keccak256Text(text);
let serial = 0;

const report = (provider: number, creditWei: bigint) => ({
  reportHash: hashOf(`report ${serial++}`),
  providerId: sdk.providerId(provider),
  creditWei: sdk.wei(creditWei),
});
type Report = ReturnType<typeof report>;

const block = (router: sdk.Address, height: bigint, reports: readonly Report[]): sdk.ReviewedBlock => ({
  router,
  height,
  hash: hashOf(`block ${router} ${height}`),
  reports,
});

/** The event of an attestation that pays `paid` on top of `line`, made by the code that makes real ones. */
function attestedOf(
  before: sdk.LedgerTree,
  paid: readonly Report[],
  lastBlock: bigint,
  lifetimeWei = new Map<bigint, bigint>(),
) {
  const earned = paid.map((one) => ({ ...one, height: 0n }));
  const fit = sdk.fitAllowance(earned, 2n ** 60n, lifetimeWei as never);
  const update = sdk.buildUpdate(before, fit.deltas);
  const attested: sdk.Attested = {
    seq: 1n,
    newRoot: sdk.hash32(sdk.bytesToHex(update.newRoot)),
    creditedUMor: sdk.uMor(update.creditedUMor),
    attestedUMor: sdk.uMor(update.creditedUMor),
    debitsHash: sdk.ZERO_HASH,
    firstBlock: 5n,
    lastBlock,
    reportsRoot: sdk.reportsRoot(earned),
    activeAt: sdk.unixSeconds(1_000),
    deltas: sdk.unpackDeltas(update.deltas),
  };
  return { attested, after: update.after };
}

const linesOf = ({ findings }: sdk.AttestationReview) => findings.map(sdk.describeFinding);

describe("verifyAttestation", () => {
  it("takes every prefix of what waits, fractions of a uMOR included, and no other choice of reports", () => {
    const credits = fc.array(fc.tuple(fc.nat(5), fc.bigInt(1n, 5n * UMOR)), { minLength: 2, maxLength: 24 });
    fc.assert(
      fc.property(credits, fc.nat(), fc.nat(), (all, cut, left) => {
        const reports = all.map(([provider, creditWei]) => report(provider, creditWei));
        const line = sdk.createLine();
        const half = Math.floor(reports.length / 2);
        const blocks = [block(ROUTER, 7n, reports.slice(0, half)), block(OTHER, 8n, reports.slice(half))];
        for (const one of blocks) sdk.addBlock(line, one);
        const before = sdk.LedgerTree.empty();
        const count = 1 + (cut % reports.length);
        const prefix = attestedOf(before, reports.slice(0, count), 9n);
        if (prefix.attested.creditedUMor === 0n) return;
        const review = sdk.verifyAttestation(prefix.attested, { line, before });
        expect(linesOf(review)).to.deep.equal([]);
        expect(review.paid).to.have.length(count);
        const skipped = reports.slice(0, count).filter((_, i) => i !== left % count);
        if (left % count === count - 1) return;
        const forged = attestedOf(before, skipped, 9n);
        if (forged.attested.creditedUMor === 0n) return;
        // Both blocks were known to its makers: a late block is no excuse.
        const context = { line, before, proposal: { through: blocks } };
        expect(linesOf(sdk.verifyAttestation(forged.attested, context))).to.not.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });

  it("pays nothing twice, and counts fractions from where the last one left them", () => {
    const [first, second] = [report(0, UMOR + 600_000_000_000n), report(0, 400_000_000_000n)];
    const line = sdk.createLine();
    sdk.addBlock(line, block(ROUTER, 7n, [first]));
    sdk.addBlock(line, block(ROUTER, 8n, [second]));
    const { attested, after } = attestedOf(sdk.LedgerTree.empty(), [first], 7n);
    const { paid } = sdk.verifyAttestation(attested, { line, before: sdk.LedgerTree.empty() });
    sdk.payReports(line, { seq: 1n, lastBlock: 7n, reports: paid! });
    const next = attestedOf(after, [second], 8n, new Map([[0n, first.creditWei]]));
    expect(next.attested.creditedUMor).to.equal(1n);
    expect(linesOf(sdk.verifyAttestation(next.attested, { line, before: after }))).to.deep.equal([]);
    const again = attestedOf(after, [first], 8n);
    expect(linesOf(sdk.verifyAttestation(again.attested, { line, before: after }))).to.not.deep.equal([]);
  });

  it("finds a node that lies: roots, sums, the ledger before, debits, block numbers", () => {
    const paid = [report(0, 3n * UMOR), report(6, 2n * UMOR)];
    const line = sdk.createLine();
    sdk.addBlock(line, block(ROUTER, 7n, paid));
    const before = sdk.LedgerTree.empty();
    const { attested } = attestedOf(before, paid, 9n);
    const verify = (change: Partial<sdk.Attested>, context: Partial<sdk.VerifyContext> = {}) =>
      linesOf(sdk.verifyAttestation({ ...attested, ...change }, { line, before, ...context }));
    expect(verify({}, { nextBlock: 5n })).to.deep.equal([]);
    expect(verify({ newRoot: hashOf("x") })[0]).to.match(/^attestation 1: newRoot is 0x.*, recomputed 0x/);
    expect(verify({ creditedUMor: sdk.uMor(9n) })).to.deep.equal(["attestation 1: credited is 9, recomputed 5"]);
    expect(verify({ debitsHash: hashOf("x") })[0]).to.include("debitsHash is");
    const debits = [{ providerId: sdk.providerId(3), amountUMor: sdk.uMor(4n), reasonHash: hashOf("late") }];
    const booked = sdk.debitsHash(sdk.packDebits(debits));
    expect(verify({ debitsHash: booked }, { debits })[0], "nobody approves").to.include("not approved here");
    expect(verify({}, { nextBlock: 4n })).to.deep.equal(["attestation 1: firstBlock is 5, recomputed 4"]);
    const more = verify({}, { before: sdk.LedgerTree.from([0n, 7n]) });
    expect(more).to.include("attestation 1: provider 1 had 7 uMOR before it, recomputed 0 uMOR");
    expect(verify({ reportsRoot: hashOf("x") })[0]).to.include("of no reports that wait");
    expect(verify({ lastBlock: 6n })).to.deep.equal([
      "attestation 1: provider 0 is credited 3 uMOR, its reports earn 0 uMOR",
      "attestation 1: provider 6 is credited 2 uMOR, its reports earn 0 uMOR",
    ]);
    const through = [{ router: ROUTER, height: 6n, hash: hashOf("x") }];
    expect(verify({}, { proposal: { through } }), "the proposal names other blocks").to.have.length(1);
  });
});
