import { expect } from "chai";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { DraftStale, RouterSetStale, VetoUnknown } from "@yellowstone-compute/sdk/errors";
import { LedgerTree, type ClosedBlock, type Head } from "@yellowstone-compute/sdk/ledger";
import { createProposer, type Proposal, type Proposer } from "@yellowstone-compute/sdk/quorum";
import { routerSetDigest } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, hash32, providerId, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { policyOf } from "../router/world.js";
import { keys, set3 } from "./world.js";

/** As many attestations as can be pending on chain. */
const MAX_PENDING = 256;
const UMOR = 10n ** 12n;
const router = keys[0]!.address;
const hashOf = (n: bigint) => hash32(`0x${n.toString(16).padStart(64, "0")}`);

/** A block with one report of 2 uMOR for provider 3, or with none. */
function blockAt(height: bigint, credited = true): ClosedBlock {
  const report = { reportHash: hashOf(height), providerId: providerId(3), creditWei: wei(2n * UMOR) };
  return {
    signed: { value: { router, height } },
    hash: hashOf(height + 10_000n),
    reports: credited ? [report] : [],
  } as unknown as ClosedBlock;
}

/** A proposer and the chain that follows it. */
class Line {
  readonly proposer: Proposer = createProposer({ set: set3, policy: policyOf() });
  head: Head = {
    lastSeq: 0n,
    headRoot: hash32(bytesToHex(LedgerTree.empty().root())),
    nextBlock: 1n,
    openBlock: 1n,
    routerSet: routerSetDigest(set3),
  };

  propose(change: Partial<Head> = {}): Proposal | undefined {
    const head = { ...this.head, ...change };
    return this.proposer.propose({ head, allowanceUMor: 10n ** 9n, at: unixSeconds(1_000) })?.proposal;
  }

  /** Take the block of a height, propose it, and accept what was proposed. */
  step(height: bigint): Proposal {
    this.proposer.take(blockAt(height));
    const proposal = this.propose({ openBlock: height + 1n })!;
    expect(this.proposer.accepted(proposal).map(({ reportHash }) => reportHash)).to.deep.equal([hashOf(height)]);
    const { seq, newRoot, lastBlock } = proposal.attestation;
    this.head = { ...this.head, lastSeq: seq, headRoot: newRoot, nextBlock: lastBlock + 1n, openBlock: height + 1n };
    return proposal;
  }
}

describe("proposer", () => {
  it("forgets what no veto can bring back, and its blocks with it", () => {
    const line = new Line();
    const heights = BigInt(MAX_PENDING + 2);
    for (let height = 1n; height <= heights; height++) line.step(height);
    const kept = line.proposer.snapshot();
    expect(kept.accepted.map(({ seq }) => seq))
      .to.have.length(MAX_PENDING)
      .and.include(3n)
      .and.not.include(2n);
    expect(kept.blocks.map(({ signed }) => signed.value.height)[0]).to.equal(3n);
    expect(kept.attested.has(hashOf(2n))).to.equal(false);
    expect(kept.attestedWei.get(providerId(3))).to.equal(heights * 2n * UMOR);
    expect(() => line.proposer.vetoed(2n)).to.throw(VetoUnknown);
    expect(line.proposer.vetoed(3n)).to.have.length(MAX_PENDING);
    expect(line.proposer.backlogUMor()).to.equal(BigInt(MAX_PENDING) * 2n);
  });

  it("proposes nothing under another router set, and accepts nothing it cannot make again", () => {
    const line = new Line();
    const first = line.step(1n);
    expect(() => line.propose({ routerSet: ZERO_HASH })).to.throw(RouterSetStale);
    expect(() => line.proposer.accepted(first), "twice").to.throw(DraftStale, /another root/);
    line.proposer.take(blockAt(2n));
    const next = line.propose({ openBlock: 3n })!;
    const forged = { ...next, attestation: { ...next.attestation, newRoot: ZERO_HASH } };
    expect(() => line.proposer.accepted(forged)).to.throw(DraftStale, /other reports/);
    expect(line.proposer.accepted(next), "and nothing changed").to.have.length(1);
  });

  it("has nothing to propose where no block was closed", () => {
    const line = new Line();
    expect(line.propose()).to.equal(undefined);
    expect(line.proposer.backlogUMor()).to.equal(0n);
  });
});
