import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  hash32,
  hashMessage,
  parseMessage,
  readState,
  rebuildLedger,
  removeRouter,
  serializeMessage,
  serializeValue,
  signMessage,
  uMor,
  unixMillis,
  unixSeconds,
  verifyMessage,
  verifyReportProof,
  ZERO_HASH,
  type Hash32,
  type InferenceReport,
  type Match,
  type Signed,
} from "@yellowstone-compute/sdk";
import { freePort, startAnvil, type LocalNode } from "../utils/node.js";
import { ROOT } from "../utils/script.js";
import { RouterProcess, until } from "./threeRouters/process.js";
import { MODEL, Parties, ROUTERS, deployWorld, keyOf, secretOf, usersOf, type World } from "./threeRouters/world.js";

const PROMPT = "what the user asks is nobody's business";

interface Placed {
  readonly match: Signed<"Match">;
  readonly matchHash: Hash32;
}

describe("scenario: three routers in processes of their own", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "routers-"));
  const routers = new Map<string, RouterProcess>();
  const endpoints: Server[] = [];
  let node: LocalNode;
  let world: World;
  let parties: Parties;
  let users: Map<string, string[]>;
  let liar: ChildProcess | undefined;
  let heard = "";
  /** What every router said it credits, in wei, by provider. */
  const creditWei = new Map<number, bigint>();
  const reports: { hash: string; router: string }[] = [];
  const [first = "", second = "", third = ""] = ROUTERS;
  const routerOf = (name: string): RouterProcess => routers.get(name) ?? expect.fail(`no ${name}`);

  before(async () => {
    node = await startAnvil();
    world = await deployWorld(node.url, (start) => [...(users = usersOf(start, 3)).values()].flat(), 13);
    parties = new Parties(world.d);
    await world.mineEverySecond();
    const ports = await Promise.all(ROUTERS.map(() => freePort()));
    const urlOf = (i: number) => `http://127.0.0.1:${ports[i]}`;
    for (const [i, name] of ROUTERS.entries()) {
      const peers = Object.fromEntries<string>(
        ROUTERS.map((each, j) => [keyOf(each).address, urlOf(j)] as const).filter((_, j) => j !== i),
      );
      const config = {
        listen: { port: ports[i] },
        chain: { rpcUrlEnv: "NODE_URL", pollMs: 500 },
        deployment: world.addresses,
        key: { env: "ROUTER_KEY" },
        // Only one of the three pays for transactions; it posts what the others have collected too.
        ...(name === first ? { poster: { env: "POSTER_KEY" } } : {}),
        journal: { path: join(folder, `${i}.journal`) },
        archive: { path: join(folder, `${i}.archive`) },
        balancesFromBlock: world.fromBlock,
        peers,
        quorum: { cadenceBlocks: 1, turnBlocks: 1, timeoutMs: 2_000, patienceMs: 2_500 },
        liveness: { allowPrivate: true },
        tickMs: 200,
        log: { level: "debug" },
      };
      const env = { ROUTER_KEY: secretOf(name), POSTER_KEY: secretOf("poster"), NODE_URL: node.url };
      routers.set(name, new RouterProcess(name, urlOf(i), join(folder, `${i}.json5`), config, env));
    }
    await Promise.all([...routers.values()].map((router) => router.start()));
  });

  after(async () => {
    liar?.kill("SIGKILL");
    await Promise.all([...routers.values()].map((router) => router.stop()));
    for (const server of endpoints) server.close();
    await world?.close();
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A provider's door: something answers there. */
  async function endpoint(): Promise<string> {
    const server = createServer((_, response) => response.writeHead(404).end());
    endpoints.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  async function matched(router: string, user: string): Promise<Placed> {
    const { status, json } = await routerOf(router).ask("/v1/rfcs", serializeMessage(await parties.rfc(user)));
    expect(status, JSON.stringify(json)).to.equal(200);
    expect(json["status"]).to.equal("matched");
    const match = parseMessage("Match", json["match"]);
    return { match, matchHash: hash32(String(json["matchHash"])) };
  }

  async function report(router: string, user: string, { match, matchHash }: Placed): Promise<void> {
    const { providerId, matchedAtMs }: Match = match.value;
    const value: InferenceReport = {
      matchHash,
      providerId,
      tokens: 777n,
      passed: true,
      sentAtMs: matchedAtMs,
      receivedAtMs: unixMillis(matchedAtMs + 20n),
    };
    const signed = await signMessage(keyOf(`query of ${user}`), "InferenceReport", value, world.d.domain);
    const { status, json } = await routerOf(router).ask("/v1/reports", serializeMessage(signed));
    expect(status, JSON.stringify(json)).to.equal(200);
    expect(json["status"]).to.equal("served");
    const id = Number(providerId);
    creditWei.set(id, (creditWei.get(id) ?? 0n) + BigInt(String(json["creditWei"])));
    reports.push({ hash: String(json["reportHash"]), router });
    expect(json["reportHash"]).to.equal(hashMessage("InferenceReport", value, world.d.domain));
  }

  async function serve(router: string, user: string): Promise<void> {
    await report(router, user, await matched(router, user));
  }

  const seqOnChain = async () => (await readState(world.d)).head.lastSeq;
  /** Everything that was credited and that the ledger can hold, on chain. */
  async function isPaid(): Promise<boolean> {
    const { tree } = await rebuildLedger(world.d);
    return [...creditWei].every(([id, wei]) => tree.lane(id) === wei / 10n ** 12n);
  }

  it("takes bids and passes over a provider that does not answer", async () => {
    const [open, dead] = [await endpoint(), `http://127.0.0.1:${await freePort()}/`];
    const bids = [
      await parties.bid(0, open),
      await parties.bid(1, open),
      await parties.bid(2, dead, { priceWei: 1n as never }),
    ];
    for (const bid of bids) {
      const { status, json } = await routerOf(first).ask("/v1/bids", serializeMessage(bid));
      expect(status, JSON.stringify(json)).to.equal(200);
    }
    // The others hear of them from the first.
    for (const name of [second, third]) {
      const user = users.get(name)?.[0] ?? "";
      await until(`${name} knows the bids`, 5, async () => {
        const { status, json } = await routerOf(name).ask(`/v1/users/${keyOf(user).address}/quota?model=${MODEL}`);
        return status === 200 && json["userMaxT"] !== undefined;
      });
    }
    const { match } = await matched(first, users.get(first)?.[2] ?? "");
    expect(match.value.providerId, "the cheapest is dead").to.equal(0n);
    expect(await verifyMessage(match, world.d.domain, match.value.reportDeadlineAt)).to.equal(keyOf(first).address);
    expect(JSON.stringify(serializeMessage(match)).toLowerCase()).to.not.include(
      keyOf(users.get(first)?.[2] ?? "")
        .address.slice(2)
        .toLowerCase(),
    );
  });

  it("puts what all three judged on chain, by a poster's key", async () => {
    for (const name of ROUTERS) for (const nth of [0, 1]) await serve(name, users.get(name)?.[nth] ?? "");
    await until("everything is paid on chain", 30, isPaid);
    expect(await seqOnChain()).to.be.at.least(1n);
    expect(await world.d.provider.getTransactionCount(keyOf("poster").address)).to.be.at.least(1);
    for (const name of ROUTERS)
      expect(await world.d.provider.getTransactionCount(keyOf(name).address), name).to.equal(0);
  });

  it("proves a report in its block and in the attestation", async () => {
    const { hash, router } = reports[0] ?? expect.fail("no report");
    const { json } = await until("the router has seen it on chain", 5, async () => {
      const answer = await routerOf(router).ask(`/v1/reports/${hash}/proof`);
      return answer.json["attestation"] === undefined ? undefined : answer;
    });
    type Json = {
      reportsRoot: `0x${string}`;
      proof: {
        index: number;
        count: number;
        report: Record<string, string>;
        siblings: { hash: string; sumWei: string }[];
      };
    };
    const { reportsRoot, proof } = json["block"] as Json;
    const { reportHash, providerId, creditWei: credit } = proof.report;
    const read = {
      ...proof,
      report: { reportHash, providerId: BigInt(providerId ?? 0), creditWei: BigInt(credit ?? 0) },
      siblings: proof.siblings.map((each) => ({ hash: each.hash, sumWei: BigInt(each.sumWei) })),
    };
    expect(verifyReportProof(reportsRoot as never, read as never).totalWei).to.be.at.least(777n);
  });

  it("goes on with two when the third lies, and one of the two is killed and comes back", async () => {
    expect((await routerOf(third).stop()).code, "stops in order").to.equal(0);
    const { port } = new URL(routerOf(third).url);
    const honest = [first, second].map((name) => routerOf(name).url);
    const args = [String(world.d.chainId), world.addresses.compute, port, ...honest];
    liar = spawn(
      process.execPath,
      ["--import", "tsx", join(ROOT, "test", "scenarios", "threeRouters", "liar.ts"), ...args],
      {
        cwd: ROOT,
        env: { PATH: process.env["PATH"] ?? "", LIAR_KEY: secretOf(third) },
      },
    );
    liar.stdout?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    liar.stderr?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    await until("the liar is up", 10, () => Promise.resolve(heard.includes("lies")));

    const [early = "", late = ""] = users.get(second) ?? [];
    const before = await seqOnChain();
    await serve(second, early);
    const open = await matched(second, late);
    expect((await routerOf(second).stop("SIGKILL")).signal).to.equal("SIGKILL");
    await serve(first, users.get(first)?.[0] ?? "");
    await routerOf(second).start();
    // What was promised before the crash holds after it.
    await report(second, late, open);

    const { head } = await readState(world.d);
    const truth = {
      seq: head.lastSeq + 1n,
      previousRoot: head.headRoot,
      newRoot: hash32(`0x${"77".repeat(32)}`),
      credited: uMor(1_000_000n),
      debitsHash: ZERO_HASH,
      firstBlock: head.nextBlock,
      lastBlock: head.openBlock - 1n,
      reportsRoot: hash32(`0x${"88".repeat(32)}`),
      routerSet: head.routerSet,
      deadline: unixSeconds(head.timestamp + 600n),
    };
    const asked = {
      routers: [first, second].map((name) => keyOf(name).address),
      attestation: serializeValue("Attestation", truth),
    };
    liar.stdin?.write(JSON.stringify(asked));
    await until("both refuse the liar", 10, () =>
      Promise.resolve(/answer 0 .*refused[^]*answer 1 |answer 1 .*refused[^]*answer 0 /.test(heard)),
    );
    for (const line of heard.split("\n").filter((each) => each.startsWith("answer"))) {
      expect(line).to.include('"status":"refused"').and.include("recomputed");
    }
    await until("everything is paid on chain again", 40, isPaid);
    expect(await seqOnChain()).to.be.greaterThan(before);
    await until(
      "the lie was seen",
      10,
      async () => (await routerOf(first).metric("yellowstone_refused_blocks_total")) >= 1,
    );
    const { tree } = await rebuildLedger(world.d);
    expect(tree.lane(2), "nothing for the liar's friend").to.equal(0n);
  });

  it("reconciles with the chain", async () => {
    const { head, pool } = await readState(world.d);
    const sum = [...creditWei.values()].reduce((total, wei) => total + wei / 10n ** 12n, 0n);
    expect(head.attestedUMor).to.equal(sum);
    expect(pool.owedWei).to.equal(sum * 10n ** 12n);
    await until(
      "the first router has seen it",
      5,
      async () => (await routerOf(first).metric("yellowstone_seq")) === Number(head.lastSeq),
    );
    expect(await routerOf(first).metric("yellowstone_attested_umor")).to.equal(Number(sum));
  });

  it("goes on when the liar is removed from the set, and after a stop in order", async () => {
    await removeRouter.sendAndWait(world.d, { account: keyOf(third).address });
    for (const name of [first, second]) {
      await until(
        `${name} goes by the new set`,
        10,
        async () => (await routerOf(name).metric("yellowstone_routers")) === 2,
      );
      expect(routerOf(name).log).to.include("the router set changed");
      expect((await routerOf(name).ask("/ready")).status).to.equal(200);
    }
    expect((await routerOf(second).stop()).code).to.equal(0);
    // It is ready only when it knows every attestation that is on chain.
    await routerOf(second).start();
    const { json } = await routerOf(second).ask(`/v1/reports/${reports.at(-1)?.hash}/proof`);
    expect(json["attestation"]).to.not.equal(undefined);
  });

  it("refuses a second process on one journal, and keeps keys and addresses to itself", async () => {
    const twin = routerOf(first).spawn("--dry-run");
    expect((await twin.exited).code).to.equal(4);
    const metrics = await (await fetch(`${routerOf(first).url}/metrics`)).text();
    const stopped = await Promise.all([first, second].map((name) => routerOf(name).stop()));
    for (const { code } of stopped) expect(code).to.equal(0);
    const written = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString("latin1"));
    const said = [...routers.values()].map(({ log, output }) => log + output);
    for (const text of [...written, ...said, metrics]) {
      for (const name of [...ROUTERS, "poster"]) {
        expect(text).to.not.include(secretOf(name).slice(2));
        expect(text).to.not.include(Buffer.from(secretOf(name).slice(2), "hex").toString("latin1"));
      }
      expect(text).to.not.include(PROMPT);
    }
    for (const user of [...users.values()].flat()) {
      const plain = keyOf(user).address.slice(2).toLowerCase();
      for (const text of [...said, metrics]) expect(text.toLowerCase()).to.not.include(plain);
    }
  });
});
