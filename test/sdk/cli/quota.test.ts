import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { id } from "ethers";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { AUTH_HEADERS, createRequestVerifier } from "@yellowstone-compute/sdk/service";
import { address } from "@yellowstone-compute/sdk/units";
import { deployWithProviders, ethers } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { failureOf as failureIn, jsonOf, runHere, SENDER_KEY } from "./yellowstone.js";

const MODEL = id("a model");
const OTHER = address(`0x${"5a".repeat(20)}`);

describe("command line: quota of a router", function () {
  this.timeout(60_000);
  const asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  let reply: { readonly status: number; readonly body: unknown };
  let server: Server;
  let router: string;
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;

  before(async () => {
    suite = await deployWithProviders(1);
    node = await serveChain(ethers.provider);
    const { compute, lens } = suite.d.addresses;
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? "", headers: request.headers });
      response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    router = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      YELLOWSTONE_ROUTER: router,
    };
  });
  beforeEach(() => {
    asked.splice(0);
    reply = { status: 200, body: { userMaxT: "7", steps: ["seven", "of ten"] } };
  });
  after(async () => {
    server.close();
    await node.close();
  });
  const quota = (more: readonly string[], where = env) => runHere(["quota", "--model", MODEL, ...more], where);

  it("is told as the router tells it, without a key to anyone", async () => {
    const json = jsonOf(await quota(["--user", OTHER, "--json"]));
    expect(json).to.deep.equal({
      user: OTHER,
      model: MODEL,
      source: "router",
      userMaxT: "7",
      steps: ["seven", "of ten"],
    });
    expect(asked.map(({ path }) => path)).to.deep.equal([`/base/v1/users/${OTHER}/quota?model=${MODEL}`]);
    expect(asked[0]?.headers).to.not.have.property(AUTH_HEADERS.signature);
    expect((await quota(["--user", OTHER])).out).to.equal("seven\nof ten\n");
  });

  it("is asked under the user's own signature, to the router that is home today", async () => {
    const keyed = { ...env, YELLOWSTONE_KEY: SENDER_KEY };
    jsonOf(await quota(["--json"], keyed));
    const [{ path, headers } = { path: "", headers: {} }] = asked;
    const { routers } = await suite.d.routers
      .routers()
      .then((list) => ({ routers: list.map(({ account }) => account) }));
    const { domain } = suite.d;
    const holds = routers.filter((to) => {
      try {
        const parts = { method: "GET", path, body: new Uint8Array(), to: address(to) };
        const verifier = createRequestVerifier({ domain, windowMs: 60_000 });
        return verifier.verify(parts, headers, BigInt(Date.now()), () => true) === suite.sender.address;
      } catch {
        return false;
      }
    });
    expect(holds, "one router of the set, and no other").to.have.length(1);
    jsonOf(await quota(["--user", OTHER, "--json"], keyed));
    expect(asked[1]?.headers, "nobody signs for another").to.not.have.property(AUTH_HEADERS.signature);
    const external = await quota(["--json"], { ...env, YELLOWSTONE_SIGNER: node.url });
    expect(external.code).to.equal(EXIT.usage);
    expect(external.err).to.include("external signer cannot sign requests");
  });

  it("fails with the router's own reason, or with what is wrong with its answer", async () => {
    for (const [given, said] of [
      [{ status: 403, body: { message: "no MOR is held", next: "Buy some." } }, /403: no MOR is held Buy some\./],
      [{ status: 400, body: null }, /gives no reason/],
      [{ status: 404, body: {} }, /no quota/],
      [{ status: 200, body: { steps: "none" } }, /no quota/],
    ] as const) {
      reply = given;
      const { code, out, err } = await quota(["--user", OTHER]);
      expect(err).to.match(said);
      expect([code === EXIT.done, out]).to.deep.equal([false, ""]);
    }
    for (const [status, retry] of [
      [429, "later"],
      [503, "later"],
      [403, "no"],
    ] as const) {
      reply = { status, body: {} };
      expect(failureIn(await quota(["--user", OTHER, "--json"]), EXIT.failed)).to.include({ retry });
    }
    const silent = await runHere(["quota", "--model", MODEL, "--user", OTHER, "--router", "http://127.0.0.1:1"], env);
    expect(silent.code).to.not.equal(EXIT.done);
  });
});
