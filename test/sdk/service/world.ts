import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";
import type { Deployment } from "@yellowstone-compute/sdk";
import { TransportFailed } from "@yellowstone-compute/sdk/errors";
import { signMessage } from "@yellowstone-compute/sdk/messages";
import { memoryNetwork, type ChainView, type MemoryNetwork } from "@yellowstone-compute/sdk/quorum";
import type { Judged, Matched } from "@yellowstone-compute/sdk/router";
import {
  RouterMetrics,
  assumeAlive,
  createLog,
  readConfig,
  routerKeyOf,
  type RouterConfig,
  type RouterTransport,
} from "@yellowstone-compute/sdk/service";
import { unixMillis, type Address } from "@yellowstone-compute/sdk/units";
import { viewOf } from "../../../sdk/dist/service/chainWatch.js";
import { openCore, type RouterCore } from "../../../sdk/dist/service/core.js";
import { PeerDesk } from "../../../sdk/dist/service/peerDesk.js";
import { Proposing, type ProposingOptions } from "../../../sdk/dist/service/proposing.js";
import { Settling } from "../../../sdk/dist/service/settling.js";
import { UserDesk, type DeskOptions } from "../../../sdk/dist/service/userDesk.js";
import { Parties, deployWorld, keyOf, secretOf, usersOf, type World } from "../../scenarios/threeRouters/world.js";
import { startAnvil, type LocalNode } from "../../utils/node.js";

/** Every write is synced to the disk: in memory that takes no time. */
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Milliseconds of an inference block. */
export const BLOCK_MS = 12_000n;

/** What a service logged. */
export class Lines {
  readonly lines: Record<string, unknown>[] = [];
  readonly log = createLog("trace", { write: (line) => void this.lines.push(JSON.parse(line) as never) });

  /** The lines that say this. */
  saying(words: string): Record<string, unknown>[] {
    return this.lines.filter(({ msg }) => msg === words);
  }
}

/** A chain with the suite and a router set of three, and folders for their files. */
export class Ground {
  readonly #folder = mkdtempSync(join(SCRATCH, "service-"));
  #files = 0;

  private constructor(
    readonly node: LocalNode,
    readonly world: World,
    /** Users by the router that is their home. */
    readonly users: ReadonlyMap<string, readonly string[]>,
  ) {}

  static async lay(secondsToBoundary = 6): Promise<Ground> {
    const node = await startAnvil();
    let users = new Map<string, string[]>();
    const world = await deployWorld(
      node.url,
      (start) => [...(users = usersOf(start, 4)).values()].flat(),
      secondsToBoundary,
    );
    return new Ground(node, world, users);
  }

  async clear(): Promise<void> {
    await this.world.close();
    await this.node.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get provider(): JsonRpcProvider {
    return this.world.d.provider as JsonRpcProvider;
  }

  /** A path that no file is at. */
  path(name: string): string {
    return join(this.#folder, `${this.#files++}.${name}`);
  }

  /** Let the chain's clock go on. */
  async pass(ms: bigint): Promise<void> {
    await this.provider.send("evm_increaseTime", [Number(ms / 1_000n)]);
    await this.provider.send("evm_mine", []);
  }

  /** A user of a router. */
  user(router: string, nth = 0): string {
    return this.users.get(router)?.[nth] ?? expect.fail(`no user ${nth} of ${router}`);
  }

  /** A configuration on this chain, as a file would say it. */
  config(change: object = {}): RouterConfig {
    return readConfig(
      JSON.stringify({
        listen: { port: 0 },
        chain: { rpcUrl: this.node.url, pollMs: 100 },
        deployment: this.world.addresses,
        key: { env: "ROUTER_KEY" },
        journal: { path: this.path("journal"), durability: "process" },
        archive: { path: this.path("archive") },
        balancesFromBlock: this.world.fromBlock,
        liveness: { allowPrivate: true, check: false },
        quorum: { cadenceBlocks: 1, turnBlocks: 1, timeoutMs: 2_000, patienceMs: 0 },
        tickMs: 50,
        ...change,
      }),
    );
  }

  /** A router's core as a service opens it. */
  open(name: string, config = this.config(), d: Deployment = this.world.d): Promise<RouterCore> {
    const key = routerKeyOf(secretOf(name));
    return openCore({ config, env: {}, d, key, nowMs: BigInt(Date.now()), pool: undefined });
  }
}

/** A router with its desks, whose moments the test names. */
export class Member {
  readonly said = new Lines();
  readonly metrics = new RouterMetrics();
  readonly core: RouterCore;
  readonly users: UserDesk;
  readonly peers: PeerDesk;
  readonly settling: Settling;
  readonly proposing: Proposing;
  #isGone = false;

  constructor(
    readonly name: string,
    readonly ground: Ground,
    readonly company: Company,
    core: RouterCore,
  ) {
    const transport = company.transportOf(core.self, () => this);
    this.core = { ...core, transport };
    const shared = { core: this.core, timeoutMs: 500, log: this.said.log, metrics: this.metrics };
    this.users = new UserDesk({ ...deskOf(ground), core: this.core });
    const view = (): Promise<ChainView> => this.view();
    this.peers = new PeerDesk({ ...shared, users: this.users, view, maxBytes: 1 << 20, now: () => company.atMs });
    this.settling = new Settling(this.core, this.peers, shared.timeoutMs, this.said.log);
    this.proposing = this.proposingWith({});
  }

  static async join(name: string, ground: Ground, company: Company, config?: RouterConfig): Promise<Member> {
    return new Member(name, ground, company, await ground.open(name, config));
  }

  proposingWith(change: Partial<ProposingOptions>): Proposing {
    const { node, archive, transport, set, self, reader } = this.core;
    const { log } = this.said;
    return new Proposing({
      ...{
        node,
        archive,
        transport,
        set,
        self,
        reader,
        log,
        metrics: this.metrics,
        domain: this.ground.world.d.domain,
      },
      ...{ cadenceBlocks: 1, turnBlocks: 1, timeoutMs: 500, patienceMs: 0, ...change },
    });
  }

  /** The chain as it is now, at the company's moment. */
  async view(): Promise<ChainView> {
    return viewOf(await this.core.watch.state(), this.company.atMs);
  }

  /** Match an RFC of a user at home. */
  async match(nth = 0): Promise<Matched> {
    const rfc = await new Parties(this.ground.world.d).rfc(this.ground.user(this.name, nth), {
      nonce: BigInt(Date.now()) * 1_000n + BigInt(nth),
    });
    const placed = await this.users.admit(rfc, this.company.atMs);
    expect(placed.status, JSON.stringify(placed, jsonSafe)).to.equal("matched");
    return placed as Matched;
  }

  /** Match an RFC and report that it was served. */
  async serve(nth = 0): Promise<Judged> {
    const { match, matchHash } = await this.match(nth);
    const { providerId, matchedAtMs } = match.value;
    const times = { sentAtMs: matchedAtMs, receivedAtMs: unixMillis(matchedAtMs + 20n) };
    const value = { matchHash, providerId, tokens: 777n, passed: true, ...times };
    const signer = keyOf(`query of ${this.ground.user(this.name, nth)}`);
    return this.users.report(
      await signMessage(signer, "InferenceReport", value, this.ground.world.d.domain),
      this.company.atMs,
    );
  }

  /** Close the blocks that are complete, and publish them. */
  async publish(): Promise<string[]> {
    await this.core.router.closeBlocks(this.company.atMs);
    const faults = await this.core.node.publish(this.company.atMs);
    return faults.flatMap(({ findings }) => findings.map(({ what }) => what));
  }

  /** Let go of the files as a crash does. */
  crash(): void {
    if (!this.#isGone) this.core.abandon();
    this.#isGone = true;
  }

  /** Hear what happened on chain. */
  poll(): Promise<void> {
    return this.core.watch.poll(this.settling);
  }
}

/** What a desk for users is made of beside its core: every provider counts as alive. */
export function deskOf({ world }: Ground): Omit<DeskOptions, "core"> {
  const { domain, emissionStart } = world.d;
  return { domain, emissionStart, liveness: assumeAlive, allowPrivate: true };
}

/** Routers that reach each other in this process, and what time it is for all of them. */
export class Company {
  readonly network: MemoryNetwork = memoryNetwork();
  readonly #members = new Map<Address, () => Member>();
  /** In Unix milliseconds. */
  atMs = BigInt(Date.now());

  /** Answer for a router from then on; the transport it reaches the others by. */
  transportOf(self: Address, member: () => Member): RouterTransport {
    this.#members.set(self, member);
    const transport = this.network.join(self, {
      coSign: (proposal) => member().peers.coSign(proposal),
      blocksAfter: (height) => member().peers.blocksAfter(height),
      hear: (from, announcement) => member().peers.hear(from, announcement),
    });
    const archiveOf = (router: Address): RouterCore["archive"] => {
      const other = this.#members.get(router);
      if (other === undefined) throw new TransportFailed(router, "not there");
      return other().core.archive;
    };
    return {
      ...transport,
      fetchProposals: async (router, seq) =>
        Promise.resolve(archiveOf(router).proposals(seq)).then((known) => known.map(({ proposal }) => proposal)),
      fetchAttestation: async (router, seq) => Promise.resolve(archiveOf(router).attestation(seq)),
    };
  }

  /** Take a router away: nobody reaches it any more. */
  lose(router: Address): void {
    this.network.leave(router);
    this.#members.delete(router);
  }
}

/** Let two providers bid to a router, which tells the others. */
export async function postBids([first, ...others]: readonly Member[]): Promise<void> {
  const { world } = first?.ground ?? expect.fail("nobody");
  for (const provider of [0, 1]) {
    const bid = await new Parties(world.d).bid(provider, "http://127.0.0.1:9/", { sequence: BigInt(Date.now()) });
    await first?.users.postBid(bid, first.company.atMs);
    for (const { users, company } of others) await users.hearBid(bid, company.atMs);
  }
}

const jsonSafe = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

/** What a promise is refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it was not refused"),
    (reason: unknown) => reason,
  );
}
