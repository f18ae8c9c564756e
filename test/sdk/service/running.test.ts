import { request, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { removeRouter, setRouters } from "@yellowstone-compute/sdk";
import * as errors from "@yellowstone-compute/sdk/errors";
import { serializeMessage } from "@yellowstone-compute/sdk/messages";
import { startRouter, type Environment, type RouterConfig, type RouterService } from "@yellowstone-compute/sdk/service";
import { MODEL, Parties, ROUTERS, keyOf, secretOf } from "../../scenarios/threeRouters/world.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { failingDisk } from "../../utils/disk.js";
import { hostileProxy } from "../../utils/hostileProxy.js";
import { Ground, Lines, refusalOf } from "./world.js";

const [self = "", other = ""] = ROUTERS;

describe("service: a router that runs", function () {
  this.timeout(30_000);
  let ground: Ground;
  let snapshot: unknown;
  let said: Lines;
  const running: RouterService[] = [];

  before(async () => (ground = await Ground.lay()));
  after(() => ground.clear());
  beforeEach(async () => {
    snapshot = await ground.provider.send("evm_snapshot", []);
    said = new Lines();
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
    await ground.provider.send("evm_revert", [snapshot]);
  });

  async function start(config: RouterConfig = ground.config(), env: Environment = {}): Promise<RouterService> {
    const all = Object.defineProperties({ ROUTER_KEY: secretOf(self) }, Object.getOwnPropertyDescriptors(env));
    const service = await startRouter({ config, env: all, log: said.log });
    running.push(service);
    return service;
  }
  /** A chain on which MOR is held too: here the same once more. */
  const otherChain = (): object => ({
    rpcUrlEnv: "OTHER_RPC",
    token: ground.world.d.addresses.token,
    fromBlock: ground.world.fromBlock,
  });
  const readyOf = async ({ url }: RouterService): Promise<string> => (await fetch(`${url}/ready`)).text();
  const isGone = async ({ url }: RouterService): Promise<boolean> =>
    fetch(`${url}/health`).then(
      () => false,
      () => true,
    );

  it("does not start with a key for two purposes, nor on a port that is taken, and leaves nothing open", async () => {
    const twice = start(ground.config({ poster: { env: "ROUTER_KEY" } }));
    expect(await refusalOf(twice)).to.be.instanceOf(errors.KeyUnavailable);
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const port = (blocker.address() as { port: number }).port;
    const config = ground.config({ listen: { port } });
    expect(await refusalOf(start(config))).to.include({ code: "EADDRINUSE" });
    expect(said.saying("stopped")).to.have.length(1);
    await new Promise((resolve) => blocker.close(resolve));
    expect(await readyOf(await start(config))).to.include('"ready"');
  });

  it("verifies in threads beside its own, and counts what is held on other chains", async () => {
    const balances = [otherChain()];
    const service = await start(ground.config({ verifiers: 1, balances, budgetWei: "1000000000000000000" }), {
      OTHER_RPC: ground.node.url,
    });
    const bid = serializeMessage(await new Parties(ground.world.d).bid(0, "http://127.0.0.1:9/"));
    const send = (body: object) =>
      fetch(`${service.url}/v1/bids`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const forged = { ...bid, value: { ...bid.value, capacity: 9 } };
    expect((await send(forged)).status).to.equal(401);
    expect((await send(bid)).status).to.equal(200);
    const user = keyOf(ground.user(self)).address;
    const answer = await fetch(`${service.url}/v1/users/${user}/quota?model=${MODEL}`);
    const { steps } = (await answer.json()) as { steps: string[] };
    expect(steps.join(), "20 MOR here and there").to.include("a balance of 40000000000000000000 wei");
    expect(steps.join()).to.include("budget of 1000000000000000000 wei");
  });

  it("goes by the set in force: out of it between two, and at its end when it is in none", async () => {
    const proxy = await hostileProxy(ground.node.url);
    try {
      const service = await start(ground.config({ chain: { rpcUrl: proxy.url, pollMs: 50 }, tickMs: 20 }));
      proxy.plan = (call) => (JSON.stringify(call).includes("eth_getBlockByNumber") ? "failBefore" : undefined);
      await removeRouter.sendAndWait(ground.world.d, { account: keyOf(other).address });
      await until("it waits for its chain", 5, () => Promise.resolve(said.saying("a turn of the loop failed")[0]));
      expect(said.saying("a turn of the loop failed")[0]).to.include({ code: "ChainRequestFailed", level: "warn" });
      expect(await readyOf(service)).to.include("it changes to another router set");
      proxy.plan = () => undefined;
      await until("it is ready", 5, async () => (await readyOf(service)).includes('"ready"'));

      const routers = ROUTERS.filter((name) => name !== self).map((name) => ({
        account: keyOf(name).address,
        isContract: false,
      }));
      await setRouters.sendAndWait(ground.world.d, { routers, threshold: 2 });
      expect(await service.stopped).to.be.instanceOf(errors.RouterUnknown);
      expect(said.saying("cannot go on")[0]).to.include({ level: "fatal" });
      expect(await isGone(service)).to.equal(true);
    } finally {
      await proxy.stop();
    }
  });

  it("ends when its files fail beneath it, and says by what", async () => {
    const config = ground.config();
    const service = await start(config);
    const mend = failingDisk();
    try {
      expect(await service.stopped).to.be.instanceOf(errors.JournalFailed);
    } finally {
      mend();
    }
    expect(said.saying("cannot go on")[0]).to.include({ level: "fatal", code: "JournalFailed" });
    expect(await isGone(service)).to.equal(true);
    expect(await readyOf(await start(config)), "its files are let go").to.include('"ready"');
  });

  it("finishes what it was asked before it stops, and takes nothing any more", async () => {
    const service = await start();
    const body = JSON.stringify(serializeMessage(await new Parties(ground.world.d).bid(0, "http://127.0.0.1:9/")));
    const headers = { "content-type": "application/json", "content-length": body.length, connection: "close" };
    const asking = request(`${service.url}/v1/bids`, { method: "POST", headers });
    const answered = new Promise<IncomingMessage>((resolve) => asking.once("response", resolve));
    asking.write(body.slice(0, 100));
    await sleep(100);
    const stopping = service.stop();
    asking.end(body.slice(100));
    const answer = await answered;
    const told = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as object;
    expect(answer.statusCode).to.equal(503);
    expect(told).to.include({ code: "RouterNotReady", retry: "later" });
    expect(JSON.stringify(told)).to.include("it stops");
    await stopping;
    expect(await isGone(service)).to.equal(true);
  });

  it("stops all its other parts when one does not close", async () => {
    const service = await start(ground.config({ tickMs: 10_000, verifiers: 1 }));
    const mend = failingDisk();
    try {
      await service.stop();
    } finally {
      mend();
    }
    expect(said.saying("did not close")[0]).to.include({ part: "router", code: "JournalFailed", level: "error" });
    expect(await service.stopped, "it was told to").to.equal(undefined);
    expect(await isGone(service)).to.equal(true);
  });

  it("says nothing of a mistake of its own that ends it between two sets", async () => {
    let asked = 0;
    const env = {
      get OTHER_RPC(): string {
        if (asked++ > 0) throw new TypeError("secret");
        return ground.node.url;
      },
    };
    const balances = [otherChain()];
    const service = await start(ground.config({ balances }), env);
    await removeRouter.sendAndWait(ground.world.d, { account: keyOf(other).address });
    const failure = await service.stopped;
    expect(failure).to.be.instanceOf(errors.RouterNotReady);
    expect(JSON.stringify(failure)).to.include("it failed").and.not.include("secret");
  });
});
