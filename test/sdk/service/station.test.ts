import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { postAttestation, readState, type AttestationPost, type Deployment } from "@yellowstone-compute/sdk";
import { hexToBytes } from "@yellowstone-compute/sdk/crypto";
import { TransportFailed } from "@yellowstone-compute/sdk/errors";
import { parseMessage, serializeMessage, signMessage, type Query } from "@yellowstone-compute/sdk/messages";
import { serializeProposal } from "@yellowstone-compute/sdk/quorum";
import { RouterMetrics, requestKeyOf, signRequest } from "@yellowstone-compute/sdk/service";
import { ZERO_HASH, unixMillis } from "@yellowstone-compute/sdk/units";
import type { RouterCore } from "../../../sdk/dist/service/core.js";
import { createApp } from "../../../sdk/dist/service/http/server.js";
import { Poster } from "../../../sdk/dist/service/poster.js";
import { Station } from "../../../sdk/dist/service/station.js";
import { Parties, ROUTERS, keyOf, secretOf } from "../../scenarios/threeRouters/world.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { Clocks } from "../../utils/clocks.js";
import { unsteady } from "../../utils/unsteady.js";
import { door, type Door } from "./door.js";
import { attestationOf, proposalOf } from "./sample.js";
import { BLOCK_MS, Company, Ground, Lines, Member, postBids } from "./world.js";

const [self = "", other = ""] = ROUTERS;

interface Told {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
}

describe("service: a router at work", function () {
  this.timeout(30_000);
  const clocks = new Clocks();
  let ground: Ground;
  let snapshot: unknown;
  let said: Lines;
  let metrics: RouterMetrics;
  let station: Station;
  let app: FastifyInstance;
  const opened: { abandon(): unknown }[] = [];
  const doors: Door[] = [];

  before(async () => (ground = await Ground.lay()));
  after(() => ground.clear());
  beforeEach(async () => {
    snapshot = await ground.provider.send("evm_snapshot", []);
    said = new Lines();
    metrics = new RouterMetrics();
  });
  afterEach(async () => {
    clocks.reset();
    for (const each of opened.splice(0)) await each.abandon();
    for (const each of doors.splice(0)) each.close();
    await app?.close();
    await ground.provider.send("evm_revert", [snapshot]);
  });

  /** Put a router to work, and its routes. */
  async function work(
    change: object = {},
    d: Deployment = ground.world.d,
    over: Partial<RouterCore> = {},
    poster?: Poster,
  ): Promise<void> {
    const config = ground.config(change);
    const core = await ground.open(self, config, d);
    station = new Station({ core: { ...core, ...over }, config, d, log: said.log, metrics, poster });
    opened.push(station);
    const { domain } = d;
    app = await createApp({ config, domain, self: core.self, metrics, log: said.log, station: () => station });
  }
  /** The same, and it has seen its chain. */
  async function serve(change: object = {}): Promise<void> {
    await work(change);
    await station.tick();
  }
  async function ask(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const type = payload === undefined ? {} : { "content-type": "application/json" };
    const response = await app.inject({
      method: payload === undefined ? "GET" : "POST",
      url: path,
      headers: { ...type, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const json = response.body === "" ? {} : (JSON.parse(response.body) as Record<string, unknown>);
    return { status: response.statusCode, json, headers: response.headers };
  }
  /** Ask as another router of the set does. */
  function askAsRouter(path: string, body?: unknown): Promise<Told> {
    const key = requestKeyOf(hexToBytes(secretOf(other)));
    const bytes = new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body));
    const parts = { method: body === undefined ? "GET" : "POST", path, body: bytes, to: keyOf(self).address };
    return ask(path, body, signRequest(key, ground.world.d.domain, parts, BigInt(Date.now())));
  }
  const figure = async (name: string): Promise<number | undefined> => {
    const line = (await metrics.registry.metrics()).split("\n").find((each) => each.startsWith(`yellowstone_${name} `));
    return line === undefined ? undefined : Number(line.split(" ")[1]);
  };
  async function open(): Promise<Door> {
    const at = await door();
    doors.push(at);
    return at;
  }
  const parties = (): Parties => new Parties(ground.world.d);
  const postBid = async (provider: number, url: string, change: object = {}): Promise<void> => {
    const bid = await parties().bid(provider, url, { sequence: BigInt(Date.now()), ...change });
    expect((await ask("/v1/bids", serializeMessage(bid))).status).to.equal(200);
  };
  const rfcOf = async (nth: number) =>
    serializeMessage(await parties().rfc(ground.user(self, nth), { nonce: BigInt(Date.now()) * 8n + BigInt(nth) }));

  it("is not ready before it has seen its chain, and is again when that answers", async () => {
    const node = unsteady(ground.world.d);
    await work({}, node.d);
    node.isDown = true;
    await station.tick();
    expect(await ask("/ready")).to.deep.include({
      status: 503,
      json: { status: "notReady", reasons: ["the chain does not answer"] },
    });
    const refused = await ask("/v1/rfcs", await rfcOf(0));
    expect(refused.json).to.include({ code: "RouterNotReady", retry: "later" });
    expect(refused.headers["retry-after"]).to.equal("2");
    expect(said.saying("failed, is tried again")).to.have.length(1);
    expect(said.saying("failed, is tried again")[0]).to.include({
      what: "chain",
      code: "ChainRequestFailed",
      level: "debug",
    });
    expect([await figure("ready"), await figure("seq")]).to.deep.equal([0, undefined]);
    expect((await ask("/health")).json, "the process is up all the same").to.deep.equal({ status: "up" });

    node.isDown = false;
    await station.tick();
    expect((await ask("/ready")).status).to.equal(200);
    expect([await figure("ready"), await figure("seq")]).to.deep.equal([1, 0]);
    node.isDown = true;
    const [proposal] = [proposalOf()].map(serializeProposal);
    const unsigned = await askAsRouter("/v1/quorum/signatures", proposal);
    expect([unsigned.status, unsigned.json["code"]]).to.deep.equal([503, "RouterNotReady"]);
  });

  it("shows a mistake of its own to nobody but its log", async () => {
    await work();
    station.notReady = () => {
      throw new TypeError("secret is undefined");
    };
    const { status, json } = await ask("/ready");
    expect(status).to.equal(500);
    expect(json["code"]).to.equal("ServiceFailed");
    expect(JSON.stringify(json)).to.not.include("secret");
    const [line] = said.saying("request failed");
    expect(line).to.include({ level: "error", route: "/ready", code: "Unexpected", message: "secret is undefined" });
  });

  it("lets an RFC wait for a free provider, and then looks whether that one is alive", async () => {
    await serve({ policy: { reportSeconds: 1 }, liveness: { allowPrivate: true, cacheMs: 0, timeoutMs: 400 } });
    const at = await open();
    await postBid(0, at.url, { capacity: 1 });
    const first = await ask("/v1/rfcs", await rfcOf(0));
    expect(first.json["status"]).to.equal("matched");
    const again = await ask(`/v1/rfcs/${String(first.json["rfcHash"])}`);
    expect(again.json["match"]).to.deep.equal(first.json["match"]);
    const second = await ask("/v1/rfcs", await rfcOf(1));
    expect(second).to.deep.include({ status: 202, json: { status: "queued", rfcHash: second.json["rfcHash"] } });
    const path = `/v1/rfcs/${String(second.json["rfcHash"])}`;
    expect((await ask(path)).json["code"]).to.equal("RfcUnmatched");
    clocks.ahead(3_000);
    const knocks = at.asked.length;
    await station.tick();
    expect((await ask(path)).json["status"]).to.equal("matched");
    await station.close();
    expect(at.asked).to.have.length(knocks + 1);
    opened.length = 0;
  });

  it("gives an unanswered RFC to the next provider, until nobody is left", async () => {
    await serve({ chain: { rpcUrl: ground.node.url, pollMs: 1_000 } });
    const { domain } = ground.world.d;
    for (const provider of [0, 1]) await postBid(provider, (await open()).url);
    const placed = async (nth: number): Promise<Told["json"]> => (await ask("/v1/rfcs", await rfcOf(nth))).json;
    const unanswered = async (nth: number, { matchHash }: Told["json"]): Promise<Told> => {
      const value = { matchHash, promptHash: ZERO_HASH, sentAtMs: unixMillis(BigInt(Date.now())) };
      const key = keyOf(`query of ${ground.user(self, nth)}`);
      return ask("/v1/unanswered", serializeMessage(await signMessage(key, "Query", value as Query, domain)));
    };
    const providerOf = ({ match }: Told["json"]) => parseMessage("Match", match).value.providerId;
    const late = await placed(1);
    const first = await placed(0);
    expect(providerOf(first)).to.equal(0n);
    const second = await unanswered(0, first);
    expect(providerOf(second.json)).to.equal(1n);
    const { rfcHash } = first;
    expect(await unanswered(0, second.json)).to.deep.include({ status: 202, json: { status: "queued", rfcHash } });

    clocks.ahead(31_000);
    const end = { status: "unserved", rfcHash: late["rfcHash"] };
    expect(await unanswered(1, late), "past its deadline").to.deep.include({ status: 200, json: end });
  });

  it("writes itself down now and then, and leaves its files to the next", async () => {
    await serve({ archive: { path: ground.path("archive"), snapshotSeconds: 5 } });
    const { archive } = station.core;
    expect(archive.states.load("quorum")).to.equal(undefined);
    clocks.ahead(5_001);
    await station.tick();
    expect(archive.states.load("quorum")?.tag).to.equal(String(archive.lastAct()));
  });

  it("says loudly that a block of its own does not hold", async () => {
    await serve();
    await postBid(0, (await open()).url);
    const user = ground.user(self, 0);
    const { json } = await ask("/v1/rfcs", await rfcOf(0));
    const { value } = json["match"] as { value: { providerId: string; matchedAtMs: string } };
    const at = unixMillis(BigInt(value.matchedAtMs));
    const times = { sentAtMs: at, receivedAtMs: unixMillis(at + 10n) };
    const report = { matchHash: json["matchHash"], providerId: 0n, tokens: 7n, passed: true, ...times } as never;
    const signed = await signMessage(keyOf(`query of ${user}`), "InferenceReport", report, ground.world.d.domain);
    expect((await ask("/v1/reports", serializeMessage(signed))).json["status"]).to.equal("served");
    clocks.ahead(Number(2n * BLOCK_MS));
    station.core.days.balanceWei = () => Promise.resolve(0n);
    await station.tick();
    const [line] = said.saying("own block does not hold");
    expect(line?.["level"]).to.equal("error");
    expect(JSON.stringify(line?.["findings"])).to.match(/quota|balance/);
  });

  describe("with others", () => {
    let company: Company;
    let members: Member[];
    /** Where the first of them keeps its files. */
    let files: { readonly journal: object; readonly archive: object };

    /** The routers agree on an attestation, and the first of them comes back as the one under test. @returns what can be posted */
    async function agreed(): Promise<Required<AttestationPost>> {
      company = new Company();
      const configs = ROUTERS.map(() => ground.config());
      members = await Promise.all(ROUTERS.map((name, i) => Member.join(name, ground, company, configs[i])));
      opened.push(...members.map((member) => ({ abandon: () => member.crash() })));
      await postBids(members);
      for (const member of members) await member.serve();
      company.atMs += 2n * BLOCK_MS;
      for (const member of members) await member.publish();
      await ground.pass(2n * BLOCK_MS);
      const view = await members[0]!.view();
      const [proposer = expect.fail("nobody's turn")] = members.filter(
        ({ core, proposing }) => proposing.turnOf(view) === core.self,
      );
      for (const { core } of members) await proposer.peers.follow(core.self);
      await proposer.proposing.take(view);
      const post = proposer.core.archive.attestation(1n) ?? expect.fail("no quorum");
      // The quorum does not wait for the last of them.
      await until("all have signed", 2, () =>
        Promise.resolve(members.every(({ core }) => core.archive.proposals(1n).length === 1)),
      );
      members[0]!.crash();
      const [{ journal, archive } = expect.fail("nobody")] = configs;
      files = { journal: { path: journal.path }, archive: { path: archive.path } };
      return post;
    }

    it("is not ready while an attestation on chain is not settled here", async () => {
      const post = await agreed();
      const { transport } = members[0]!.core;
      await ground.provider.send("anvil_mine", ["0x3"]);
      const chain = { rpcUrl: ground.node.url, pollMs: 50, confirmations: 3 };
      await work({ ...files, chain }, ground.world.d, { transport });
      await postAttestation.sendAndWait(ground.world.d, post);
      await station.tick();
      expect(station.notReady()).to.deep.equal(["attestations on chain are not known here yet"]);
      await ground.provider.send("anvil_mine", ["0x3"]);
      clocks.ahead(1_000);
      await station.tick();
      expect(station.notReady()).to.deep.equal([]);
      expect(station.core.node.acceptedSeq).to.equal(1n);
    });

    it("proves a report in its block alone before an attestation pays it", async () => {
      await agreed();
      await work(files);
      const { archive, self: account } = station.core;
      const { block, reports } = archive.blockAt(account, 0n) ?? expect.fail("no block");
      const [{ reportHash } = expect.fail("no report")] = reports;
      const { status, json } = await ask(`/v1/reports/${reportHash}/proof`);
      expect(status).to.equal(200);
      expect(json).to.have.all.keys("router", "height", "block");
      expect(json["block"]).to.deep.include({ reportsRoot: block.value.reportsRoot });
    });

    it("shows its blocks, what it was asked to sign, and proofs against whoever signed twice", async () => {
      await agreed();
      await work(files);
      const { archive, self: account } = station.core;
      const { block, hash } = archive.blockAt(account, 0n) ?? expect.fail("no block");
      const shown = await ask(`/v1/blocks/${block.value.height}`);
      expect(shown.json).to.deep.equal({ block: serializeMessage(block), hash });
      const { json } = await askAsRouter("/v1/quorum/proposals/1");
      const known = archive.proposals(1n).map(({ proposal }) => serializeProposal(proposal));
      expect(known).to.have.length(1);
      expect(json["proposals"]).to.deep.equal(known);
      const sign = (seq: bigint) => signMessage(keyOf(other), "Attestation", attestationOf(seq), ground.world.d.domain);
      const twice = { kind: "Attestation", first: await sign(1n), second: await sign(2n) } as const;
      await archive.equivocations.add(twice);
      const evidence = {
        kind: twice.kind,
        first: serializeMessage(twice.first),
        second: serializeMessage(twice.second),
      };
      expect((await ask("/v1/evidence")).json).to.deep.equal({ evidence: [evidence] });
      for (const body of [{ kind: "gossip" }, 5]) {
        const refused = await askAsRouter("/v1/quorum/announcements", body);
        expect([refused.status, refused.json["code"]]).to.deep.equal([400, "InvalidField"]);
        expect(refused.json["message"]).to.include("announcement.kind");
      }
    });

    it("posts what any other has collected, asks once at a time, and outlives its own mistakes", async () => {
      const post = await agreed();
      const { transport } = members[0]!.core;
      const asked: string[] = [];
      let answer: () => void = () => undefined;
      const mistaken: typeof transport.fetchAttestation = (router) => {
        asked.push(router);
        return new Promise((_, reject) => (answer = () => reject(new TypeError("a mistake"))));
      };
      const over = { transport: { ...transport, fetchAttestation: mistaken } };
      const poster = new Poster(ground.world.d, said.log, metrics);
      await work(files, ground.world.d, over, poster);
      // Its own copy is what it would post first.
      station.core.archive.attestation = () => undefined;
      clocks.ahead(Number(2n * BLOCK_MS));
      await station.tick();
      await station.tick();
      expect(asked).to.have.length(1);
      answer();
      await until("it is logged", 2, () => Promise.resolve(said.saying("failed, is tried again")[0]));
      const [line] = said.saying("failed, is tried again");
      expect(line).to.include({ what: "post", message: "a mistake", level: "warn" });

      const first = members[1]?.core.self;
      over.transport.fetchAttestation = (router) =>
        router === first ? Promise.reject(new TransportFailed(router, "not there")) : Promise.resolve(post);
      await station.tick();
      await until("it is on chain", 5, async () => (await readState(ground.world.d)).head.lastSeq === 1n);
      await poster.close();
      expect(said.saying("posted")).to.have.length(1);
    });
  });
});
