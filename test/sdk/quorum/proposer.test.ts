import { expect } from "chai";
import { bytesToHex } from "@yellowstone-compute/sdk/crypto";
import { DraftStale, LaneOverflow, RouterSetStale, UpdateTooLarge, VetoUnknown } from "@yellowstone-compute/sdk/errors";
import { CHAIN_LIMITS, LedgerTree, type ClosedBlock, type Head } from "@yellowstone-compute/sdk/ledger";
import { createProposer, type Proposal, type ProposalInput, type Proposer } from "@yellowstone-compute/sdk/quorum";
import { routerSetDigest } from "@yellowstone-compute/sdk/router";
import { ZERO_HASH, hash32, providerId, unixSeconds, wei } from "@yellowstone-compute/sdk/units";
import { policyOf } from "../router/world.js";
import { keys, set3 } from "./world.js";

/** As many attestations as can be pending on chain. */
const MAX_PENDING = 256;
const UMOR = 10n ** 12n;
const basis = { set: set3, policy: policyOf() };
const router = keys[0]!.address;
const hashOf = (n: bigint) => hash32(`0x${n.toString(16).padStart(64, "0")}`);

/** A block with one report of 2 uMOR. */
function blockAt(height: bigint, provider = 3, by = router): ClosedBlock {
  const report = { reportHash: hashOf(height), providerId: providerId(provider), creditWei: wei(2n * UMOR) };
  const block = { signed: { value: { router: by, height } }, hash: hashOf(height + 10_000n), reports: [report] };
  return block as unknown as ClosedBlock;
}

/** A proposer and the chain that follows it. */
class Line {
  proposer: Proposer;
  head: Head;

  constructor(tree = LedgerTree.empty()) {
    this.proposer = createProposer({ ...basis, tree });
    const headRoot = hash32(bytesToHex(tree.root()));
    this.head = { lastSeq: 0n, headRoot, nextBlock: 1n, openBlock: 1n, routerSet: routerSetDigest(set3) };
  }

  propose(change: Partial<Head> = {}, input: Partial<ProposalInput> = {}): Proposal | undefined {
    const head = { ...this.head, ...change };
    return this.proposer.propose({ head, allowanceUMor: 10n ** 9n, at: unixSeconds(1_000), ...input })?.proposal;
  }

  /** Take the block of a height, propose it, and accept what was proposed. */
  step(height: bigint, provider = 3): Proposal {
    this.proposer.take(blockAt(height, provider));
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

  it("adds to the ledger it is given, within the limits of the chain", () => {
    const line = new Line(LedgerTree.from([0n, 0n, 0n, 5n]));
    line.proposer.take(blockAt(1n));
    expect(() => line.propose({ openBlock: 2n }, { limits: { maxBytes: 9, maxGas: 9 } })).to.throw(UpdateTooLarge);
    const { attestation } = line.propose({ openBlock: 2n }, { limits: CHAIN_LIMITS.geth })!;
    expect(attestation.newRoot).to.equal(bytesToHex(LedgerTree.from([0n, 0n, 0n, 7n]).root()));
    const next = line.propose({ openBlock: 2n });
    line.proposer = createProposer({ ...basis, from: line.proposer.snapshot() });
    expect(line.propose({ openBlock: 2n }), "from its snapshot").to.deep.equal(next);
  });

  it("leaves a router out whose blocks the chain does not take for complete", () => {
    const line = new Line();
    line.proposer.take(blockAt(1n));
    line.proposer.take(blockAt(2n, 4, keys[1]!.address));
    const { through, paidCount } = line.propose({ openBlock: 2n })!;
    expect([through.map((one) => one.router), paidCount]).to.deep.equal([[router], 1]);
    expect(line.propose({ openBlock: 3n })!.paidCount).to.equal(2);
  });

  it("goes on from a snapshot, whatever the order in which providers were paid", () => {
    const line = new Line();
    line.step(1n, 9);
    line.step(2n, 4);
    line.proposer.take(blockAt(3n));
    const next = line.propose({ openBlock: 4n });
    const from = line.proposer.snapshot();
    line.proposer = createProposer({ ...basis, from });
    expect(line.propose({ openBlock: 4n })).to.deep.equal(next);
    expect(line.proposer.vetoed(1n)).to.have.length(2);
    const lost = { ...from, attestedWei: new Map() };
    expect(() => createProposer({ ...basis, from: lost }), "credits that it does not hold").to.throw(LaneOverflow);
  });

  it("has nothing to propose where no block was closed", () => {
    const line = new Line();
    expect(line.propose()).to.equal(undefined);
    expect(line.proposer.backlogUMor()).to.equal(0n);
  });
});
