import { expect } from "chai";
import { VetoUnknown } from "@yellowstone-compute/sdk/errors";
import { ZERO_HASH, hash32, address } from "@yellowstone-compute/sdk/units";
import {
  addBlock,
  createLine,
  lanesAfter,
  payReports,
  unpayReports,
  waitingReports,
} from "../../../sdk/dist/quorum/line.js";

/** As many attestations as can be pending on chain. */
const MAX_PENDING = 256;
const ROUTERS = [address(`0x${"11".repeat(20)}`), address(`0x${"22".repeat(20)}`)] as const;
const UMOR = 10n ** 12n;
const hashOf = (n: number) => hash32(`0x${n.toString(16).padStart(64, "0")}`);

type JudgedReport = ReturnType<typeof waitingReports>[number];

/** A report of 1 uMOR and a half for provider 7. */
const reportOf = (n: number): JudgedReport =>
  ({ reportHash: hashOf(n), providerId: 7n, creditWei: (3n * UMOR) / 2n }) as unknown as JudgedReport;

/** Both routers close each height with one report; those of the first are even, of the second odd. */
function lineOf(heights: number): ReturnType<typeof createLine> {
  const line = createLine();
  for (let height = 1; height <= heights; height++) {
    for (const [i, router] of ROUTERS.entries()) {
      const reports = [reportOf(2 * height + i)];
      addBlock(line, { router, height: BigInt(height), hash: ZERO_HASH, reports });
    }
  }
  return line;
}

const throughAll = ROUTERS.map((router) => ({ router, height: 2n ** 64n - 1n, hash: ZERO_HASH }));

describe("line of a co-signer", () => {
  it("pays by height, then by router, and rounds a lifetime down only at the end", () => {
    const line = lineOf(3);
    const waiting = waitingReports(line, throughAll);
    expect(waiting.map(({ reportHash }) => Number(reportHash))).to.deep.equal([2, 3, 4, 5, 6, 7]);
    expect(lanesAfter(line, waiting.slice(0, 1)).get(7n)).to.equal(1n);
    expect(lanesAfter(line, waiting.slice(0, 2)).get(7n), "two halves are one").to.equal(3n);
    payReports(line, { seq: 1n, lastBlock: 1n, reports: waiting.slice(0, 2) });
    expect(waitingReports(line, throughAll)).to.have.length(4);
    unpayReports(line, 1n);
    expect(waitingReports(line, throughAll)).to.deep.equal(waiting);
    expect(() => unpayReports(line, 1n)).to.throw(VetoUnknown);
    const stranger = { router: address(`0x${"33".repeat(20)}`), height: 3n, hash: ZERO_HASH };
    expect(waitingReports(line, [stranger]), "of a router without blocks").to.deep.equal([]);
  });

  it("forgets what no veto can bring back, keeps each router's last block, and goes on as before", () => {
    const heights = MAX_PENDING + 3;
    const line = lineOf(heights);
    for (let seq = 1; seq <= heights; seq++) {
      const reports = waitingReports(line, throughAll).slice(0, 2);
      expect(reports.map(({ reportHash }) => Number(reportHash))).to.deep.equal([2 * seq, 2 * seq + 1]);
      payReports(line, { seq: BigInt(seq), lastBlock: BigInt(seq), reports });
    }
    expect(line.accepted).to.have.length(MAX_PENDING);
    expect(line.accepted[0]?.seq).to.equal(4n);
    for (const blocks of line.blocks.values()) {
      expect(blocks[0]?.height, "those of the oldest three are gone").to.equal(4n);
      expect(blocks.at(-1)?.height).to.equal(BigInt(heights));
    }
    expect(line.paid.has(hashOf(2)), "the paid reports of a forgotten block too").to.equal(false);
    expect(waitingReports(line, throughAll)).to.deep.equal([]);
    expect(lanesAfter(line, []).get(7n)).to.equal(BigInt(heights) * 3n);
    expect(() => unpayReports(line, 3n)).to.throw(VetoUnknown);
    unpayReports(line, 4n);
    expect(waitingReports(line, throughAll), "every attestation that can be vetoed").to.have.length(2 * MAX_PENDING);
    expect(lanesAfter(line, []).get(7n)).to.equal(9n);
  });

  it("keeps a block whose report still waits, however old", () => {
    const line = lineOf(MAX_PENDING + 2);
    const skipped = hashOf(2);
    for (let seq = 1; seq <= MAX_PENDING + 2; seq++) {
      const reports = waitingReports(line, throughAll)
        .filter(({ reportHash }) => reportHash !== skipped)
        .slice(0, 2);
      payReports(line, { seq: BigInt(seq), lastBlock: BigInt(seq), reports });
    }
    expect(waitingReports(line, throughAll)[0]?.reportHash).to.equal(skipped);
  });
});
