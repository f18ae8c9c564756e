import { expect } from "chai";
import * as errors from "@yellowstone-compute/sdk/errors";
import {
  collectSignatures,
  createCoSigner,
  createSignedSeqs,
  memorySignedSeqs,
  parseEvidence,
  parseProposal,
  serializeEvidence,
  serializeProposal,
  type BlockEvidence,
  type Proposal,
  type Refusal,
} from "@yellowstone-compute/sdk/quorum";
import { ZERO_HASH, dayAt, providerId, uMor, unixSeconds } from "@yellowstone-compute/sdk/units";
import { OwnBids } from "../../../sdk/dist/quorum/ownBids.js";
import { failureOf } from "../actions/fixture.js";
import { EMISSION_START, NOON_MS, bid, domain, keyOf, policyOf } from "../router/world.js";
import { Liar } from "./liar.js";
import { PRICE, keys, nodeOf, publish, serve, set3, show, userOf, viewAt } from "./world.js";

const LATER = NOON_MS + 24_000n;
const view = viewAt(LATER);
const debits = [{ providerId: providerId(0), amountUMor: uMor(5n), reasonHash: ZERO_HASH }];

/** A block with a job, and a proposal that pays it and books a debit. */
async function published(): Promise<{ evidence: BlockEvidence; proposal: Proposal }> {
  const node = await nodeOf(keys[0]!);
  await node.router.postBid(await bid(0, PRICE), keyOf("owner").address, NOON_MS);
  await serve(node, userOf(node));
  const blocks = await publish(node, LATER);
  expect(await show(node, blocks)).to.deep.equal([]);
  return { evidence: blocks[0]!, proposal: node.proposer.propose({ ...view, debits })!.proposal };
}

describe("what routers send each other", () => {
  it("comes back from JSON as it was, and is refused with any part of another type", async () => {
    const { evidence, proposal } = await published();
    const json = JSON.parse(JSON.stringify(serializeProposal(proposal))) as Record<string, unknown>;
    expect(parseProposal(json)).to.deep.equal(proposal);
    const [through] = json["through"] as object[];
    const [debit] = json["debits"] as object[];
    for (const change of [
      { paidCount: -1 },
      { paidCount: 1.5 },
      { paidCount: "3" },
      { through: [{ ...through, router: "0x12" }] },
      { through: [{ ...through, height: "-1" }] },
      { through: [{ ...through, hash: 5 }] },
      { through: "none" },
      { debits: [{ ...debit, amountUMor: 5 }] },
      { debits: [{ ...debit, more: 1 }] },
    ]) {
      expect(() => parseProposal({ ...json, ...change }), JSON.stringify(change)).to.throw(errors.InvalidField);
    }
    const block = JSON.parse(JSON.stringify(serializeEvidence(evidence))) as { steps: object[] };
    expect(parseEvidence(block)).to.deep.equal(evidence);
    expect(() => parseEvidence(block, 1)).to.throw(errors.InvalidField, /at most 1 entries/);
    const match = block.steps[1] as { match: { value: object } };
    const lapsed = (value: boolean) => ({ ...match, match: { lapsed: value, value: match.match.value } });
    expect(parseEvidence({ ...block, steps: [lapsed(true)] }).steps[0]).to.have.nested.property("match.lapsed", true);
    for (const step of [
      { ...block.steps[0], kind: "fly" },
      { ...block.steps[0], atMs: "-1" },
      { kind: "unanswered", atMs: "1", matchHash: 5 },
      lapsed(false),
      null,
    ]) {
      expect(() => parseEvidence({ ...block, steps: [step] })).to.throw(errors.InvalidField);
    }
  });

  it("a proposer is told why others did not sign, whatever they answered", async () => {
    const { proposal } = await published();
    const findings = [{ where: "attestation 1", what: "credited is 2, recomputed 1" }];
    const refusal: Refusal = { status: "refused", seq: 1n, findings };
    const transport = {
      requestSignature: (router: string) =>
        router === keys[0]!.address ? Promise.resolve(refusal) : Promise.reject(new TypeError("broken")),
    };
    const at = unixSeconds(LATER / 1_000n);
    const signal = AbortSignal.timeout(5_000);
    const failure = await failureOf(collectSignatures(proposal, { set: set3, domain, transport, signal, at }));
    expect(failure).to.be.instanceOf(errors.QuorumMissing);
    const { reasons } = (failure as errors.QuorumMissing).data;
    expect(reasons[0]).to.include("credited is 2, recomputed 1");
    expect(reasons.slice(1)).to.deep.equal(Array<string>(2).fill("failed without a typed error"));
  });
});

describe("a co-signer", () => {
  it("is of the set, and hears bids of owners only", async () => {
    const options = {
      signer: keyOf("stranger"),
      set: set3,
      domain,
      policy: policyOf(),
      emissionStart: EMISSION_START,
      balanceWei: () => Promise.resolve(0n),
      isOwner: () => Promise.resolve(false),
      signedSeqs: createSignedSeqs(memorySignedSeqs(), domain),
    };
    expect(await failureOf(createCoSigner(options))).to.be.instanceOf(errors.RouterNotReviewed);
    const coSigner = await createCoSigner({ ...options, signer: keys[0]! });
    expect(await failureOf(coSigner.noteBid(await bid(0, PRICE), NOON_MS))).to.be.instanceOf(errors.SignerMismatch);
  });

  it("does not take as accepted what its own blocks do not make", async () => {
    const { evidence, proposal } = await published();
    const node = await nodeOf(keys[1]!);
    await show(node, [evidence]);
    const forged = { ...proposal, attestation: { ...proposal.attestation, newRoot: ZERO_HASH } };
    expect(() => node.coSigner.accepted(forged)).to.throw(errors.DraftStale, /other reports/);
    node.coSigner.accepted(proposal);
  });

  it("holds nothing against a router when a source of its own fails, and reviews the block when it is back", async () => {
    const { evidence } = await published();
    const lost = new errors.ChainRequestFailed("connection refused", "now");
    let isLost = true;
    const balanceWei = () => (isLost ? Promise.reject(lost) : Promise.resolve(20n * 10n ** 18n));
    const node = await nodeOf(keys[1]!, {}, { balanceWei });
    expect(await failureOf(node.coSigner.takeBlock(evidence))).to.equal(lost);
    expect(node.coSigner.heightOf(keys[0]!.address)).to.equal(-1n);
    isLost = false;
    expect((await node.coSigner.takeBlock(evidence))?.findings).to.deep.equal([]);
    // The same for a wallet that has to be asked about a signature.
    const asking = await nodeOf(keys[1]!, {}, { reader: () => Promise.reject(lost) });
    const other = await new Liar(keys[0]!, userOf(asking)).block();
    const foreign = { ...other, block: { ...other.block, signature: evidence.block.signature } };
    expect(await failureOf(asking.coSigner.takeBlock(foreign))).to.equal(lost);
  });

  it("lets a bid stand when its time comes, and drops one that was overtaken or is over by then", async () => {
    const node = await nodeOf(keys[0]!);
    const later = unixSeconds(NOON_MS / 1_000n + 2n);
    const run = async (act: (liar: Liar) => Promise<void>): Promise<string> => {
      const liar = new Liar(keys[0]!, userOf(node));
      await act(liar);
      return (await show(await nodeOf(keys[0]!), [await liar.block()])).join("\n");
    };
    const replaced = await run(async (liar) => {
      await liar.bid(0, 2n * PRICE, { sequence: 1n });
      const ahead = await liar.bid(0, PRICE, { sequence: 5n, validFromAt: later });
      liar.atMs += 3_000n;
      await liar.report(await liar.match(ahead));
    });
    expect(replaced).to.equal("");
    const overtaken = (choice: "ahead" | "newer") =>
      run(async (liar) => {
        const ahead = await liar.bid(0, PRICE, { sequence: 5n, validFromAt: later });
        const newer = await liar.bid(0, 2n * PRICE, { sequence: 6n });
        liar.atMs += 3_000n;
        await liar.report(await liar.match(choice === "ahead" ? ahead : newer));
      });
    expect(await overtaken("newer")).to.equal("");
    expect(await overtaken("ahead")).to.match(/has no such bid/);
    const free = await run(async (liar) => void (await liar.bid(0, 0n)));
    expect(free).to.match(/cannot be taken: the price is 0/);
  });

  it("does not take a defect for a finding", async () => {
    const { proposal } = await published();
    const { coSigner } = await nodeOf(keys[1]!);
    const broken = { ...proposal, debits: [null as never] };
    expect(await failureOf(coSigner.coSign(broken, view))).to.be.instanceOf(TypeError);
  });

  it("forgets what users had of a day that is over", async () => {
    const node = await nodeOf(keys[0]!);
    await node.router.postBid(await bid(0, PRICE), keyOf("owner").address, NOON_MS);
    const nextDayMs = NOON_MS + 50_000_000n;
    for (const atMs of [NOON_MS + 1_000n, nextDayMs]) {
      await serve(node, userOf(node, 0, atMs), {}, atMs);
      expect(await show(node, await publish(node, atMs + 12_000n))).to.deep.equal([]);
    }
    const [own] = node.coSigner.snapshot().replicas.filter(({ router }) => router === keys[0]!.address);
    const day = dayAt(nextDayMs / 1_000n, EMISSION_START);
    const user = keyOf(userOf(node, 0, nextDayMs)).address.toLowerCase();
    expect([...own!.usedWei]).to.deep.equal([[`${day} ${user}`, 80n * PRICE]]);
  });

  it("knows the newest bid of a provider it heard, for as long as the grace", async () => {
    const [older, newer] = [await bid(0, PRICE, { sequence: 4n }), await bid(0, 2n * PRICE, { sequence: 5n })];
    const bids = new OwnBids(1_000n);
    bids.note({ bid: newer.value, bidHash: ZERO_HASH }, 10n);
    bids.note({ bid: older.value, bidHash: ZERO_HASH }, 20n);
    const { modelId } = newer.value;
    for (const known of [bids, new OwnBids(1_000n, bids.models)]) {
      expect([...known.knownAt(modelId, 1_009n)]).to.deep.equal([]);
      expect([...known.knownAt(modelId, 1_010n)].map((one) => one.bid.sequence)).to.deep.equal([5n]);
    }
    expect([...bids.knownAt(ZERO_HASH, 9_999n)]).to.deep.equal([]);
  });
});
