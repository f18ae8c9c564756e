import { expect } from "chai";
import { AbiCoder, concat, keccak256, solidityPacked } from "ethers";
import fc from "fast-check";
import { InvalidField, ReportOutsideTree, ReportProofInvalid } from "@yellowstone-compute/sdk/errors";
import {
  proveReport,
  reportAt,
  reportsRoot,
  totalWei,
  verifyReportProof,
  type ReportEntry,
  type ReportProof,
} from "@yellowstone-compute/sdk/ledger";
import { ZERO_HASH, hash32, providerId, wei, type Hash32 } from "@yellowstone-compute/sdk/units";

const entry = fc
  .record({ digest: fc.bigInt(0n, 2n ** 256n - 1n), id: fc.bigInt(0n, 4_000_000n), credit: fc.bigInt(0n, 10n ** 21n) })
  .map(({ digest, id, credit }): ReportEntry => ({
    reportHash: hash32(`0x${digest.toString(16).padStart(64, "0")}`),
    providerId: providerId(id),
    creditWei: wei(credit),
  }));
const entries = fc.array(entry, { minLength: 1, maxLength: 40 });

describe("report tree", () => {
  it("has no leaf for what is no hash", () => {
    const report: ReportEntry = { reportHash: ZERO_HASH, providerId: providerId(1), creditWei: wei(1n) };
    for (const reportHash of ["0x12", `${ZERO_HASH}00`] as Hash32[]) {
      expect(() => reportsRoot([{ ...report, reportHash }])).to.throw(InvalidField, "report.hash");
    }
  });

  it("has the documented bytes", () => {
    const reports = [5n, 0n, 7n].map((creditWei, i): ReportEntry => {
      const reportHash = hash32(keccak256(Uint8Array.of(i)));
      return { reportHash, providerId: providerId(i), creditWei: wei(creditWei) };
    });
    const leaf = ({ reportHash, providerId: id, creditWei }: ReportEntry) =>
      keccak256(solidityPacked(["uint8", "bytes32", "uint64", "uint256"], [0, reportHash, id, creditWei]));
    const node = (left: string, leftWei: bigint, right: string, rightWei: bigint) =>
      keccak256(
        concat([
          "0x01",
          AbiCoder.defaultAbiCoder().encode(
            ["bytes32", "uint256", "bytes32", "uint256"],
            [left, leftWei, right, rightWei],
          ),
        ]),
      );
    const [a, b, c] = reports.map(leaf) as [string, string, string];
    const top = node(node(a, 5n, b, 0n), 5n, c, 7n);
    const root = keccak256(solidityPacked(["uint8", "uint64", "uint256", "bytes32"], [2, 3, 12, top]));
    expect(reportsRoot(reports)).to.equal(root);
    expect(reportsRoot([])).to.equal(ZERO_HASH);
  });

  it("proves every report, and draws by value", () => {
    fc.assert(
      fc.property(entries, fc.bigInt(0n, 10n ** 30n), (reports, draw) => {
        const root = reportsRoot(reports);
        const total = totalWei(reports);
        let offset = 0n;
        for (const [i, { creditWei }] of reports.entries()) {
          expect(verifyReportProof(root, proveReport(reports, i))).to.deep.equal({
            offsetWei: offset,
            totalWei: total,
          });
          offset += creditWei;
        }
        if (total === 0n) return;
        const drawn = reportAt(reports, draw % total);
        const { offsetWei } = verifyReportProof(root, proveReport(reports, drawn));
        const credit = reports[drawn]?.creditWei ?? 0n;
        expect(offsetWei <= draw % total && draw % total < offsetWei + credit).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses every mutation of a proof", () => {
    fc.assert(
      fc.property(entries, fc.nat(), (reports, pick) => {
        const root = reportsRoot(reports);
        const index = pick % reports.length;
        const proof = proveReport(reports, index);
        for (const mutated of mutationsOf(proof)) {
          expect(() => verifyReportProof(root, mutated)).to.throw(ReportProofInvalid);
        }
        const other = hash32(keccak256(root));
        expect(() => verifyReportProof(other, proof)).to.throw(ReportProofInvalid);
      }),
      { numRuns: 60 },
    );
  });

  it("has no report outside", () => {
    const report = { reportHash: ZERO_HASH, providerId: providerId(0), creditWei: wei(3) };
    for (const index of [-1, 1, 0.5, NaN]) expect(() => proveReport([report], index)).to.throw(ReportOutsideTree);
    for (const position of [-1n, 3n]) expect(() => reportAt([report], position)).to.throw(ReportOutsideTree);
    expect(reportAt([report], 2n)).to.equal(0);
  });
});

function mutationsOf(proof: ReportProof): ReportProof[] {
  const { report, siblings } = proof;
  const other = (hash: Hash32): Hash32 => hash32(keccak256(hash));
  const mutated: ReportProof[] = [
    { ...proof, report: { ...report, reportHash: other(report.reportHash) } },
    { ...proof, report: { ...report, providerId: providerId(report.providerId + 1n) } },
    { ...proof, report: { ...report, creditWei: wei(report.creditWei + 1n) } },
    { ...proof, report: { ...report, creditWei: -1n as typeof report.creditWei } },
    { ...proof, count: proof.count + 1 },
    { ...proof, index: proof.count },
    { ...proof, index: -1 },
    { ...proof, siblings: [...siblings, { hash: ZERO_HASH, sumWei: 0n }] },
  ];
  siblings.forEach((sibling, at) => {
    const replaced = (change: Partial<typeof sibling>) =>
      siblings.map((one, i) => (i === at ? { ...one, ...change } : one));
    mutated.push({ ...proof, siblings: siblings.filter((_, i) => i !== at) });
    mutated.push({ ...proof, siblings: replaced({ hash: other(sibling.hash) }) });
    mutated.push({ ...proof, siblings: replaced({ sumWei: sibling.sumWei + 1n }) });
    mutated.push({ ...proof, siblings: replaced({ sumWei: 2n ** 256n }) });
  });
  return mutated;
}
