import { expect } from "chai";
import { hexlify } from "ethers";
import { postAttestation, vetoAttestation } from "@yellowstone-compute/sdk";
import { ChainRequestFailed, JournalFull, ResourceUnknown } from "@yellowstone-compute/sdk/errors";
import type { ChainView, Refusal } from "@yellowstone-compute/sdk/quorum";
import type { RouterConfig } from "@yellowstone-compute/sdk/service";
import { ZERO_HASH, uMor, type Hex } from "@yellowstone-compute/sdk/units";
import { Archive } from "../../../sdk/dist/service/archive/archive.js";
import { ChainWatch } from "../../../sdk/dist/service/chainWatch.js";
import { Owners } from "../../../sdk/dist/service/chainAccess.js";
import { UserDesk } from "../../../sdk/dist/service/userDesk.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { Clocks } from "../../utils/clocks.js";
import { unsteady } from "../../utils/unsteady.js";
import { Parties, ROUTERS, keyOf } from "../../scenarios/threeRouters/world.js";
import { BLOCK_MS, Company, Ground, Member, deskOf, postBids, refusalOf } from "./world.js";

describe("service: routers of one set", function () {
  this.timeout(30_000);
  const clocks = new Clocks();
  let ground: Ground;
  let snapshot: unknown;
  let company: Company;
  let members: Member[];
  let configs: RouterConfig[];

  before(async () => (ground = await Ground.lay()));
  after(() => ground.clear());
  beforeEach(async () => {
    snapshot = await ground.provider.send("evm_snapshot", []);
    company = new Company();
    configs = ROUTERS.map(() => ground.config());
    members = await Promise.all(ROUTERS.map((name, i) => Member.join(name, ground, company, configs[i])));
    await postBids(members);
  });
  afterEach(async () => {
    clocks.reset();
    for (const member of members) member.crash();
    await ground.provider.send("evm_revert", [snapshot]);
  });

  /** Every router serves one user, and publishes. */
  async function work(): Promise<void> {
    for (const member of members) await member.serve();
    company.atMs += 2n * BLOCK_MS;
    for (const member of members) expect(await member.publish()).to.deep.equal([]);
    await ground.pass(2n * BLOCK_MS);
  }
  const follow = async (member: Member, others = members): Promise<void> => {
    for (const { core } of others) expect(await member.peers.follow(core.self)).to.equal(true);
  };
  /** Whose turn it is, and the others. */
  const turn = (view: ChainView): [Member, ...Member[]] => {
    const [first] = members.filter(({ core, proposing }) => proposing.turnOf(view) === core.self);
    const proposer = first ?? expect.fail("nobody's turn");
    return [proposer, ...members.filter((each) => each !== proposer)];
  };
  /** The one whose turn it is collects a quorum. */
  async function agree(): Promise<[Member, ...Member[]]> {
    const view = await members[0]!.view();
    const [proposer, ...others] = turn(view);
    for (const { core } of others) await proposer.peers.follow(core.self);
    await proposer.proposing.take(view);
    expect(proposer.said.saying("quorum")).to.have.length(1);
    return [proposer, ...others];
  }
  async function post(proposer: Member): Promise<void> {
    await postAttestation.sendAndWait(ground.world.d, proposer.core.archive.attestation(1n)!);
  }
  const backlogOf = ({ core }: Member): [bigint, bigint] => [
    core.router.backlogUMor(),
    core.node.proposer.backlogUMor(),
  ];

  it("credit together, take a veto back, and know both again from their files", async () => {
    await work();
    const before = members.map(backlogOf);
    const [proposer] = await agree();
    await post(proposer);
    for (const member of members) await member.poll();
    for (const { core } of members) {
      expect(core.node.acceptedSeq).to.equal(1n);
      expect(core.archive.paidBy(1n)).to.have.length(3);
      expect([core.router.backlogUMor(), core.node.proposer.backlogUMor()]).to.deep.equal([0n, 0n]);
    }
    await vetoAttestation.sendAndWait(ground.world.d, { seq: 1n });
    for (const member of members) await member.poll();
    expect(backlogOf(proposer)).to.deep.equal([before[0]![0], 23n]);
    for (const { core, said } of members) {
      expect(core.archive.paidBy(1n)).to.equal(undefined);
      expect(said.saying("vetoed")[0]).to.include({ level: "warn", seq: "1", lastDroppedSeq: "1" });
    }

    // All of it a second time, as after a failure in the middle: nothing changes.
    const { address } = keyOf("anyone");
    const blank = await Archive.open(ground.path("archive"), {
      chainId: 1n,
      emissionStart: 0n,
      contract: address,
      router: address,
    });
    const watch = new ChainWatch(ground.world.d, blank, 0);
    await watch.poll(proposer.settling);
    blank.close();
    expect(backlogOf(proposer)).to.deep.equal([before[0]![0], 23n]);
    expect(proposer.said.saying("vetoed")).to.have.length(1);
    expect(proposer.said.saying("accepted on chain")).to.have.length(1);

    const backlogs = members.map(backlogOf);
    for (const member of members) member.crash();
    members = await Promise.all(ROUTERS.map((name, i) => Member.join(name, ground, company, configs[i])));
    expect(members.map(backlogOf)).to.deep.equal(backlogs);
    for (const { core } of members) {
      expect(core.node.acceptedSeq).to.equal(1n);
      expect([...core.archive.actsAfter(0)].map(({ kind }) => kind).slice(-2)).to.deep.equal(["accepted", "vetoed"]);
    }
  });

  it("sign for blocks they first have to fetch, and pass over what they are told too early or too late", async () => {
    await work();
    const [proposer, ...others] = await agree();
    const signers = proposer.said.saying("quorum")[0]?.["signers"] as string[];
    for (const { core, metrics } of others.filter(({ core: { self } }) => signers.includes(self))) {
      expect(core.node.coSigner.heightOf(proposer.core.self)).to.be.greaterThan(0n);
      expect((await metrics.coSigned.get()).values[0]?.value).to.equal(1);
    }
    const [{ proposal } = expect.fail("no proposal")] = proposer.core.archive.proposals(1n);
    const [hearer] = others as [Member];
    const told = { ...proposal, attestation: { ...proposal.attestation, seq: 5n } };
    hearer.peers.hear(proposer.core.self, { kind: "accepted", proposal: told });
    expect(hearer.core.archive.proposals(5n), "five ahead").to.deep.equal([]);
    const near = { ...proposal, attestation: { ...proposal.attestation, seq: 4n } };
    hearer.peers.hear(proposer.core.self, { kind: "accepted", proposal: near });
    expect(hearer.core.archive.proposals(4n)).to.have.length(1);
    expect(await hearer.core.node.boundTo(4n), "it signed none of that seq").to.equal(undefined);
    for (let i = 0n; i < 9n; i++) {
      const each = { ...near, attestation: { ...near.attestation, credited: uMor(i) } };
      hearer.peers.hear(proposer.core.self, { kind: "accepted", proposal: each });
    }
    expect(hearer.core.archive.proposals(4n), "hearsay has a bound").to.have.length(8);
  });

  it("learn from others what was accepted while they were away", async () => {
    await work();
    const [, , away] = turn(await members[0]!.view()) as [Member, Member, Member];
    await follow(away);
    company.lose(away.core.self);
    const [proposer] = await agree();
    await post(proposer);
    const [first, second] = members.filter((each) => each !== away) as [Member, Member];
    expect(away.core.archive.proposals(1n)).to.deep.equal([]);
    company.lose(first.core.self);
    await away.poll();
    expect(away.core.node.acceptedSeq, "the second shows it").to.equal(1n);

    const [late] = (members = [...members, await Member.join(away.name, ground, company)]).slice(-1) as [Member];
    company.lose(second.core.self);
    expect(await refusalOf(late.poll()), "nobody shows it").to.be.instanceOf(ResourceUnknown);
    const [{ proposal } = expect.fail("no proposal")] = proposer.core.archive.proposals(1n);
    const other = { ...proposal, attestation: { ...proposal.attestation, newRoot: ZERO_HASH } };
    late.core.transport.fetchProposals = () => Promise.resolve([other]);
    expect(await refusalOf(late.poll()), "what is shown is another").to.be.instanceOf(ResourceUnknown);
    late.core.transport.fetchProposals = () => Promise.reject(new TypeError("a mistake"));
    expect(await refusalOf(late.poll())).to.be.instanceOf(TypeError);
    expect(late.core.node.acceptedSeq).to.equal(0n);
  });

  it("wait for the blocks of others while there is patience, and propose nothing where nothing is to be paid", async () => {
    company.atMs += 2n * BLOCK_MS;
    await ground.pass(2n * BLOCK_MS);
    const idle = await members[0]!.view();
    const [first] = turn(idle);
    await first.proposing.take(idle);
    expect(first.core.archive.proposals(1n)).to.deep.equal([]);

    company.atMs = BigInt(Date.now());
    await work();
    const view = await members[0]!.view();
    const [proposer] = turn(view);
    const patient = proposer.proposingWith({ patienceMs: 1_000 });
    await patient.take(view);
    await patient.take(view);
    expect(proposer.core.archive.proposals(1n)).to.deep.equal([]);
    clocks.ahead(1_001);
    await patient.take(view);
    const [{ proposal } = expect.fail("no proposal")] = proposer.core.archive.proposals(1n);
    expect(proposal.through.map(({ router }) => router)).to.deep.equal([proposer.core.self]);
  });

  it("take a block once, however often it is shown", async () => {
    await work();
    const [member, other] = members as [Member, Member];
    const blocks = await other.peers.blocksAfter(-1n);
    let shown = 0;
    member.core.transport.fetchBlocks = () => Promise.resolve(shown++ === 0 ? [...blocks, ...blocks] : []);
    await follow(member, [other]);
    expect(member.core.node.coSigner.heightOf(other.core.self)).to.equal(blocks.at(-1)?.block.value.height);
    const kept = member.core.archive.evidenceFrom(other.core.self, 0n, 64, 1 << 20);
    expect(kept).to.have.length(blocks.length);
  });

  it("hear of what one block of the chain holds in the order of attestations", async () => {
    await work();
    const [proposer] = await agree();
    const { attestation, deltas, witness, debits, quorum } = proposer.core.archive.attestation(1n)!;
    const { d } = ground.world;
    await ground.provider.send("evm_setAutomine", [false]);
    const parts = [deltas, witness, debits, quorum].map((part) => hexlify(part)) as [Hex, Hex, Hex, Hex];
    await d.compute.attest(attestation, ...parts, { gasLimit: 3_000_000 });
    await d.compute.veto(1n, { gasLimit: 1_000_000 });
    await ground.provider.send("evm_mine", []);
    await ground.provider.send("evm_setAutomine", [true]);
    const told: string[] = [];
    const note = (word: string) => () => Promise.resolve(void told.push(word));
    await proposer.core.watch.poll({ vetoed: note("vetoed"), attested: note("attested") });
    expect(told).to.deep.equal(["attested", "vetoed"]);
  });

  describe("proposing", () => {
    let view: ChainView;
    let proposer: Member;
    let others: Member[];

    beforeEach(async () => {
      await work();
      view = await members[0]!.view();
      [proposer, ...others] = turn(view);
      await follow(proposer, others);
    });
    const take = (change: Partial<ChainView> = {}, options: Parameters<Member["proposingWith"]>[0] = {}) =>
      proposer.proposingWith(options).take({ ...view, ...change });
    const isCollected = (): boolean => proposer.core.archive.attestation(1n) !== undefined;

    it("says whom it misses, keeps to what it signed, and collects when they are back", async () => {
      for (const { core } of others) company.lose(core.self);
      await take();
      const [missed] = proposer.said.saying("no quorum");
      expect(missed).to.include({ seq: "1", code: "QuorumMissing" });
      expect((await proposer.metrics.missedQuorums.get()).values[0]?.value).to.equal(1);
      const bound = await proposer.core.node.boundTo(1n);
      expect(bound?.attestation.seq).to.equal(1n);
      for (const member of others) company.transportOf(member.core.self, () => member);
      await take({ at: view.at + 2n, chainAt: view.at + 3n });
      expect(proposer.core.archive.attestation(1n)?.attestation, "not another one").to.deep.equal(bound?.attestation);
    });

    it("proposes once, and what is collected waits for whoever posts it", async () => {
      for (let i = 0; i < 2; i++) await take();
      expect(proposer.said.saying("quorum")).to.have.length(1);
      expect(isCollected()).to.equal(true);
    });

    it("does not sign what no longer holds, nor a second one while the first can be posted", async () => {
      for (const { core } of others) company.lose(core.self);
      await take();
      await take({ allowanceUMor: 0n });
      expect(JSON.stringify(proposer.said.saying("own proposal does not hold"))).to.include("the guard allows 0");
      const { deadline } = (await proposer.core.node.boundTo(1n))!.attestation;
      const soon = deadline - 10n;
      await take({ at: soon, chainAt: soon });
      expect(proposer.said.saying("bound to another proposal")).to.have.length(1);
      expect(isCollected()).to.equal(false);
    });

    it("names who was outvoted, and why", async () => {
      const [honest, odd] = others as [Member, Member];
      const findings = [{ where: "attestation", what: "I make it less" }];
      const answers = new Map<unknown, () => Promise<Refusal | Awaited<ReturnType<Member["peers"]["coSign"]>>>>([
        [odd.core.self, () => Promise.resolve({ status: "refused", seq: 1n, findings })],
      ]);
      const { transport } = proposer.core;
      const request: typeof transport.requestSignature = async (router, proposal, signal) => {
        await new Promise((resolve) => setTimeout(resolve, router === honest.core.self ? 50 : 0));
        return answers.get(router)?.() ?? transport.requestSignature(router, proposal, signal);
      };
      // Three signatures are asked for, so that the one who differs is heard before the quorum stands.
      await take({}, { transport: { ...transport, requestSignature: request }, set: proposer.core.set });
      const [outvoted] = proposer.said.saying("outvoted");
      expect(outvoted).to.include({ router: odd.core.self });
      expect(JSON.stringify(outvoted)).to.include("I make it less");
      expect(isCollected()).to.equal(true);
    });

    it("does not take a failure of its own files for a missing quorum", async () => {
      proposer.core.archive.addAttestation = () => {
        throw new JournalFull("archive", new Error("disk full"));
      };
      expect(await refusalOf(take())).to.be.instanceOf(JournalFull);
      expect(proposer.said.saying("no quorum")).to.deep.equal([]);
    });
  });

  it("find a fault in their own blocks before anyone else does, and keep it to themselves", async () => {
    const [member, other] = members as [Member, Member];
    await member.serve();
    member.core.days.balanceWei = () => Promise.resolve(0n);
    company.atMs += 2n * BLOCK_MS;
    expect((await member.publish()).join()).to.match(/quota|balance/);
    expect(member.core.archive.lastHeight(member.core.self)).to.equal(-1n);
    expect(member.peers.evidenceFrom(0n)).to.deep.equal([]);
    expect(await other.peers.follow(member.core.self)).to.equal(true);
    expect(other.core.node.coSigner.heightOf(member.core.self)).to.equal(-1n);
  });

  it("pass over bids that do not hold, and say so when it is their own fault that they took none", async () => {
    const [member] = members as [Member];
    const parties = new Parties(ground.world.d);
    const { core, users, peers, said } = member;
    const bid = await parties.bid(2, "http://127.0.0.1:9/");
    const owners = new Owners(ground.world.d);
    const node = unsteady(ground.world.d);
    const desk = new UserDesk({ ...deskOf(ground), core: { ...core, owners: new Owners(node.d) } });
    await users.hearBid(await parties.bid(77, "http://127.0.0.1:9/"), company.atMs);
    expect(said.lines.filter(({ msg }) => msg === "bid not taken")).to.deep.equal([]);
    node.isDown = true;
    expect(await refusalOf(desk.hearBid(bid, company.atMs))).to.be.instanceOf(ChainRequestFailed);
    core.owners.ownerOf = () => Promise.reject(new TypeError("a mistake"));
    expect(await refusalOf(users.hearBid(bid, company.atMs))).to.be.instanceOf(TypeError);
    peers.hear(members[1]!.core.self, { kind: "bid", bid });
    await until("it is logged", 2, () => Promise.resolve(said.saying("bid not taken")[0]));
    expect(said.saying("bid not taken")[0]).to.include({ from: members[1]!.core.self, message: "a mistake" });
    expect(await owners.ownerOf(bid.value.providerId)).to.equal(keyOf("owner").address);
  });
});
