import { deserialize, serialize } from "node:v8";
import { expect } from "chai";
import {
  DraftStale,
  QuorumMissing,
  RouterNotReviewed,
  SeqAlreadySigned,
  TransportFailed,
  VetoUnknown,
} from "@yellowstone-compute/sdk/errors";
import { hashMessage, signMessage, verifyMessage, type Attestation } from "@yellowstone-compute/sdk/messages";
import {
  collectSignatures,
  memoryNetwork,
  parseProposal,
  proposerOf,
  serializeProposal,
  syncBlocks,
  type BlockEvidence,
  type ChainView,
  type CoSignerSnapshot,
  type CollectOptions,
  type MemoryNetwork,
  type Proposal,
  type QuorumPeer,
  type Refusal,
  type Transport,
} from "@yellowstone-compute/sdk/quorum";
import { packQuorum } from "@yellowstone-compute/sdk/router";
import {
  ZERO_HASH,
  address,
  hash32,
  providerId,
  uMor,
  unixSeconds,
  type Address,
} from "@yellowstone-compute/sdk/units";
import { NOON_MS, domain, keyOf } from "../router/world.js";
import {
  PRICE,
  START_HEIGHT,
  keys,
  nodeOf,
  post,
  publish,
  serve,
  set3,
  show,
  threeNodes,
  userOf,
  viewAt,
  type Node,
} from "./world.js";

const LATER = NOON_MS + 24_000n;
const at = unixSeconds(LATER / 1_000n);
const view: ChainView = viewAt(LATER);

/** What a transport does: send, and parse what arrives. */
const sent = (proposal: Proposal): Proposal =>
  parseProposal(JSON.parse(JSON.stringify(serializeProposal(proposal))) as unknown);

describe("several routers", () => {
  let nodes: Node[];
  let proposal: Proposal;
  let network: MemoryNetwork;
  let transports: Transport[];

  const peerOf = (node: Node): QuorumPeer => ({
    coSign: (asked) => node.coSigner.coSign(sent(asked), view),
    blocksAfter: () => Promise.resolve([]),
    hear: () => undefined,
  });
  const collect = (change: Partial<CollectOptions> = {}, asked = proposal) => {
    const signal = AbortSignal.timeout(5_000);
    return collectSignatures(asked, { set: set3, domain, transport: transports[0]!, signal, at, ...change });
  };
  const refusal = async (
    change: Partial<Attestation>,
    other: Partial<Proposal> = {},
    seen: Partial<ChainView> = {},
  ) => {
    const asked = { ...proposal, ...other, attestation: { ...proposal.attestation, ...change } };
    const answer = (await nodes[1]!.coSigner.coSign(asked, { ...view, ...seen })) as Refusal;
    expect(answer.status).to.equal("refused");
    return answer.findings.map(({ where, what }) => `${where}: ${what}`).join("\n");
  };

  beforeEach(async () => {
    nodes = await threeNodes();
    const blocks = [];
    for (const node of nodes) {
      await post(node, 1, 2n * PRICE);
      await post(node, 0, PRICE);
      for (const nth of [0, 1]) await serve(node, userOf(node, nth));
      blocks.push(...(await publish(node, LATER)));
    }
    for (const node of nodes) expect(await show(node, blocks)).to.deep.equal([]);
    network = memoryNetwork();
    transports = nodes.map((node) => network.join(node.key.address, peerOf(node)));
    proposal = nodes[0]!.proposer.propose(view)!.proposal;
  });

  it("merge their blocks, agree on one attestation and collect a quorum", async () => {
    expect(proposal.paidCount).to.equal(6);
    expect(proposal.attestation).to.include({ credited: 6n * 80n, seq: 1n, lastBlock: START_HEIGHT + 1n });
    const { signatures, attestation } = await collect();
    expect(signatures.size).to.be.at.least(2);
    expect(packQuorum(set3, signatures).length).to.be.at.least(2 + 3 * 21 + 4 + 2 * 67);
    for (const [signer, signature] of signatures) {
      const signed = { kind: "Attestation", value: attestation, signer, signature } as const;
      expect(await verifyMessage(signed, domain, at)).to.equal(signer);
    }
    for (const node of nodes) {
      node.coSigner.accepted(proposal);
      const paid = node.proposer.accepted(proposal);
      const own = node.router.paid(paid);
      expect([paid.length, own.length]).to.deep.equal([6, 2]);
      expect([node.proposer.backlogUMor(), node.router.backlogUMor()]).to.deep.equal([0n, 0n]);
      expect(() => node.coSigner.accepted(proposal)).to.throw(DraftStale);
      expect(() => node.proposer.accepted(proposal)).to.throw(DraftStale);
      node.router.unpaid(own);
      expect(node.router.backlogUMor()).to.equal(160n);
    }
  });

  it("propose alike, whoever does, and go on after a veto from what waits again", async () => {
    for (const node of nodes) expect(node.proposer.propose(view)?.proposal).to.deep.equal(proposal);
    const [first, second] = nodes as [Node, Node];
    const small = first.proposer.propose({ ...view, allowanceUMor: 200n })!.proposal;
    expect(small).to.deep.include({ paidCount: 2 });
    expect(await second.coSigner.coSign(small, { ...view, allowanceUMor: 200n })).to.have.property("signature");
    for (const node of [first, second]) {
      node.coSigner.accepted(small);
      expect(node.proposer.accepted(small)).to.have.length(2);
      expect(node.proposer.backlogUMor()).to.equal(320n);
    }
    const head = { ...view.head, lastSeq: 1n, headRoot: small.attestation.newRoot, nextBlock: START_HEIGHT + 2n };
    const rest = second.proposer.propose({ ...view, head })!.proposal;
    expect(rest).to.deep.include({ paidCount: 4 });
    expect(await first.coSigner.coSign(rest, { ...view, head })).to.have.property("signature");
    for (const node of [first, second]) {
      node.coSigner.accepted(rest);
      node.proposer.accepted(rest);
      node.coSigner.vetoed(1n);
      expect(node.proposer.vetoed(1n)).to.have.length(6);
      expect(() => node.proposer.vetoed(1n)).to.throw(VetoUnknown);
      expect(() => node.coSigner.vetoed(1n)).to.throw(VetoUnknown);
      expect(node.proposer.backlogUMor()).to.equal(480n);
    }
    const again = { ...view, head: { ...view.head, lastSeq: 2n } };
    const all = first.proposer.propose(again)!.proposal;
    expect(all.paidCount).to.equal(6);
    expect(await second.coSigner.coSign(all, again)).to.have.property("signature");
  });

  it("outvote one that lies, and say why it is missing", async () => {
    const liar = await nodeOf(keys[2]!);
    network.leave(liar.key.address);
    network.join(liar.key.address, {
      ...peerOf(liar),
      // A signature over a message of its own instead of the one asked for.
      coSign: async ({ attestation }) =>
        signMessage(liar.key, "Attestation", { ...attestation, credited: uMor(1n) }, domain),
    });
    const { signatures } = await collect();
    expect([...signatures.keys()].sort()).to.deep.equal([keys[0]!.address, keys[1]!.address].sort());
    network.leave(keys[1]!.address);
    const error = await collect().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(QuorumMissing);
    const { data } = error as QuorumMissing;
    expect(data).to.include({ given: 1, threshold: 2 });
    expect(data.missing).to.deep.equal([keys[1]!.address, keys[2]!.address]);
    expect(data.reasons[0]).to.match(/did not answer: not there/);
    expect(data.reasons[1]).to.match(/expected signer/);
  });

  it("do not wait for one that never answers, and name it in time", async () => {
    const silent: Transport = {
      ...transports[0]!,
      requestSignature: (router, asked, signal) =>
        router === keys[0]!.address
          ? transports[1]!.requestSignature(router, asked, signal)
          : new Promise<never>(() => undefined),
    };
    const error = await collect({ transport: silent, signal: AbortSignal.timeout(50) }).catch(
      (reason: unknown) => reason,
    );
    expect((error as QuorumMissing).data.reasons).to.deep.equal(["no answer in time", "no answer in time"]);
    const aborted = await collect({ signal: AbortSignal.abort() }).catch((reason: unknown) => reason);
    expect((error as QuorumMissing).data.given).to.equal(1);
    expect((aborted as QuorumMissing).data.given).to.equal(0);
    const own = await signMessage(keys[0]!, "Attestation", proposal.attestation, domain);
    const { signatures } = await collect({ own });
    expect(signatures.get(keys[0]!.address)).to.equal(own.signature);
  });

  it("refuse every changed field of a proposal, in words", async () => {
    const other = hash32(`0x${"77".repeat(32)}`);
    const cases: [RegExp, Partial<Attestation>, Partial<Proposal>?, Partial<ChainView>?][] = [
      [/seq is 2, recomputed 1/, { seq: 2n }],
      [/previousRoot is 0x77/, { previousRoot: other }],
      [/newRoot is 0x77/, { newRoot: other }],
      [/credited is 481, recomputed 480/, { credited: uMor(481n) }],
      [/debitsHash is 0x77/, { debitsHash: other }],
      [/firstBlock is/, { firstBlock: START_HEIGHT + 1n }],
      [/while \d+ is open/, { lastBlock: START_HEIGHT + 2n }],
      [/is after its last one/, { lastBlock: START_HEIGHT }],
      [/reportsRoot is 0x77/, { reportsRoot: other }],
      [/routerSet is 0x77/, { routerSet: other }],
      [/deadline \d+, expected from/, { deadline: unixSeconds(at - 1n) }],
      [/deadline \d+, expected from/, { deadline: unixSeconds(at + 3_603n) }],
      [/pays 7 reports, 6 wait/, {}, { paidCount: 7 }],
      [/reportsRoot is/, {}, { paidCount: 5 }],
      [
        /is not known, or did not hold/,
        {},
        { through: proposal.through.map((one) => ({ ...one, height: one.height - 9n })) },
      ],
      [/known as 0x/, {}, { through: proposal.through.map((one) => ({ ...one, hash: other })) }],
      [/names 0x\w+ twice/, {}, { through: [...proposal.through, proposal.through[0]!] }],
      [/newRoot is/, {}, { through: proposal.through.slice(1) }],
      [/the guard allows 479/, {}, {}, { allowanceUMor: 479n }],
      [/provider 0 is not registered/, {}, {}, { providerCount: 0n }],
      [/on chain is/, {}, {}, { head: { ...view.head, headRoot: other } }],
      [/routerSet on chain/, {}, {}, { head: { ...view.head, routerSet: other } }],
      [/seq is 1, recomputed 9/, {}, {}, { head: { ...view.head, lastSeq: 8n } }],
    ];
    for (const [expected, ...change] of cases) expect(await refusal(...change)).to.match(expected);
    const debit = { providerId: providerId(0), amountUMor: uMor(5n), reasonHash: ZERO_HASH };
    expect(await refusal({}, { debits: [debit] })).to.match(/debit of 5 uMOR from provider 0 is not approved here/);
    expect(await refusal({}, { debits: [{ ...debit, amountUMor: uMor(0n) }] })).to.match(/debit/i);
    expect(await refusal({ credited: uMor(0n) }, { paidCount: 0 })).to.match(/credits and debits nothing/);
  });

  it("sign an approved debit", async () => {
    const debits = [{ providerId: providerId(0), amountUMor: uMor(5n), reasonHash: ZERO_HASH }];
    const approving = await nodeOf(keys[1]!, {}, { approvesDebit: ({ amountUMor }) => amountUMor === 5n });
    const alone = approving.proposer.propose({ ...view, debits })!.proposal;
    expect(await approving.coSigner.coSign(alone, view)).to.have.property("signature");
  });

  it("never sign two attestations of one seq that could both be posted", async () => {
    const { coSigner } = nodes[1]!;
    expect(await coSigner.coSign(proposal, view)).to.have.property("signature");
    expect(await coSigner.coSign(proposal, view), "the same again").to.have.property("signature");
    const other = nodes[0]!.proposer.propose({ ...view, allowanceUMor: 100n })!.proposal;
    const both = await Promise.allSettled([other, other].map((one) => coSigner.coSign(one, view)));
    for (const one of both) expect(one.status === "rejected" && one.reason).to.be.instanceOf(SeqAlreadySigned);
    const { deadline } = proposal.attestation;
    const soon = viewAt((deadline + 1n) * 1_000n);
    const late = nodes[0]!.proposer.propose(soon)!.proposal;
    const early = { ...soon, chainAt: deadline };
    expect(await coSigner.coSign(late, early).catch((reason: unknown) => reason)).to.be.instanceOf(SeqAlreadySigned);
    expect(await coSigner.coSign(late, soon), "the chain refuses the first by now").to.have.property("signature");
    expect(hashMessage("Attestation", late.attestation, domain)).to.not.equal(
      hashMessage("Attestation", proposal.attestation, domain),
    );
    expect(await nodes[1]!.evidence.all(), "no evidence against itself").to.deep.equal([]);
  });

  it("review routers of the set only, and know a block that comes twice", async () => {
    const stranger: Address = address(`0x${"99".repeat(20)}`);
    expect(() => nodes[0]!.coSigner.heightOf(stranger)).to.throw(RouterNotReviewed);
    expect(await nodeOf(keyOf("stranger")).catch((reason: unknown) => (reason as Error).name)).to.match(/Router/);
    const more = await publish(nodes[0]!, LATER + 12_000n);
    expect(await show(nodes[1]!, [...more, ...more])).to.deep.equal([]);
    expect(await nodes[1]!.coSigner.takeBlock(more[0]!)).to.equal(undefined);
  });

  it("fetch what they have not seen, until one does not hold", async () => {
    const [first, second, third] = nodes as [Node, Node, Node];
    const published: BlockEvidence[] = [];
    for (const i of [1n, 2n, 3n, 4n]) {
      await serve(third, userOf(third, Number(i) + 1), {}, LATER + (i - 1n) * 12_000n + 1_000n);
      published.push(...(await publish(third, LATER + i * 12_000n)));
    }
    let asked = 0;
    const blocksAfter = (height: bigint) => {
      asked++;
      const next = published.filter(({ block }) => block.value.height > height);
      return Promise.resolve(next.slice(0, 2));
    };
    network.join(third.key.address, { ...peerOf(third), blocksAfter });
    const take = async (node: Node) => {
      const taken = [];
      const signal = AbortSignal.timeout(5_000);
      for await (const one of syncBlocks(node.coSigner, transports[0]!, third.key.address, signal))
        taken.push(one.review);
      return taken;
    };
    expect((await take(first)).map(({ reports }) => reports.length)).to.deep.equal([1, 1, 1, 1]);
    expect([asked, await take(first)]).to.deep.equal([3, []]);
    const third4 = published[2]!;
    published[2] = { ...third4, steps: [] };
    const reviews = await take(second);
    expect(reviews.map(({ findings }) => findings.length > 0)).to.deep.equal([false, false, true]);
    published[2] = third4;
    expect(await take(second), "it shows what holds, and goes on").to.have.length(2);
    await serve(second, userOf(second, 2), {}, LATER + 1_000n);
    const foreignBlocks = await publish(second, LATER + 12_000n);
    network.join(third.key.address, { ...peerOf(third), blocksAfter: () => Promise.resolve(foreignBlocks) });
    const foreign = syncBlocks(first.coSigner, transports[0]!, third.key.address, AbortSignal.timeout(5_000));
    expect((await foreign.next()).done, "blocks of another router").to.equal(true);
    expect(await first.coSigner.takeBlock(published[0]!), "long known").to.equal(undefined);
    network.join(third.key.address, { ...peerOf(third), blocksAfter: () => Promise.resolve(published) });
    expect(await take(first), "all of it again").to.deep.equal([]);
    await serve(third, userOf(third, 6), {}, LATER + 49_000n);
    published.push(...(await publish(third, LATER + 60_000n)));
    expect(await take(first), "and what is new behind it").to.have.length(1);
    network.leave(third.key.address);
    const gone = syncBlocks(first.coSigner, transports[0]!, third.key.address, AbortSignal.timeout(5_000)).next();
    expect(await gone.catch((reason: unknown) => reason)).to.be.instanceOf(TransportFailed);
  });

  it("tell all others what they have to tell, and not themselves", () => {
    const heard: unknown[] = [];
    const [first, second, third] = nodes as [Node, Node, Node];
    for (const node of nodes) {
      const hear: QuorumPeer["hear"] = (from, { kind }) => heard.push([node.key.address, from, kind]);
      network.join(node.key.address, { ...peerOf(node), hear });
    }
    transports[0]!.announce({ kind: "accepted", proposal });
    expect(heard).to.deep.equal([second, third].map((node) => [node.key.address, first.key.address, "accepted"]));
  });

  it("come back where they stood, from a snapshot that was written and read", async () => {
    const [first, second] = nodes as [Node, Node];
    const from = deserialize(serialize(second.coSigner.snapshot())) as CoSignerSnapshot;
    const back = await nodeOf(second.key, {}, { from });
    const early = await nodeOf(second.key);
    await serve(first, userOf(first, 2), {}, LATER + 1_000n);
    const blocks = await publish(first, LATER + 12_000n);
    expect(await show(back, blocks)).to.deep.equal([]);
    expect((await show(early, blocks)).join("\n"), "without it the links do not hold").to.match(/names 0x/);
    expect(await back.coSigner.coSign(proposal, view)).to.have.property("signature");
    back.coSigner.accepted(proposal);
    expect(second.coSigner.heightOf(first.key.address), "the snapshot is a copy").to.equal(START_HEIGHT + 1n);
    second.coSigner.accepted(proposal);
  });

  it("take turns to propose", () => {
    const turns = [1n, 2n, 3n, 4n].map((seq) => proposerOf(set3, seq));
    expect(new Set(turns).size).to.equal(3);
    expect(proposerOf(set3, 1n, 1n)).to.equal(proposerOf(set3, 2n));
  });

  it("leave out the blocks of a router that does not hold, and pay the others", async () => {
    const [first, second, third] = nodes as [Node, Node, Node];
    await serve(third, userOf(third, 2), {}, LATER + 1_000n);
    const [good] = await publish(third, LATER + 12_000n);
    const steps = good!.steps.filter(({ kind }) => kind !== "report");
    expect(await show(first, [{ ...good!, steps }])).to.not.deep.equal([]);
    await serve(first, userOf(first, 2), {}, LATER + 1_000n);
    const blocks = await publish(first, LATER + 12_000n);
    for (const node of [first, second]) expect(await show(node, blocks)).to.deep.equal([]);
    const next = viewAt(LATER + 12_000n);
    const asked = first.proposer.propose(next)!.proposal;
    expect(asked.paidCount).to.equal(7);
    expect(await second.coSigner.coSign(asked, next)).to.have.property("signature");
  });
});
