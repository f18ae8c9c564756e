import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { serializeAttestationPost } from "@yellowstone-compute/sdk/service";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { attestationOf, deployWithProviders, ethers, networkHelpers, ROUTERS } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { callsOf, failureOf, jsonOf, linesOf, runHere, SENDER_KEY, STRANGER_KEY, type Json } from "./yellowstone.js";

describe("command line: what is wrong with what was signed, and what a relayer finds", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-verify-"));
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;
  let router: Server;
  let shown: unknown;
  let url: string;

  before(async () => {
    suite = await deployWithProviders(2);
    node = await serveChain(ethers.provider);
    router = createServer((_, response) => {
      response.writeHead(shown === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(shown ?? {}));
    });
    await new Promise<void>((resolve) => router.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(router.address() as AddressInfo).port}/`;
    const { compute, lens } = suite.d.addresses;
    env = { YELLOWSTONE_RPC: node.url, YELLOWSTONE_COMPUTE: compute, YELLOWSTONE_LENS: lens, POSTER_KEY: SENDER_KEY };
  });
  after(async () => {
    router.close();
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const nextPost = async (change: Partial<sdk.Attestation> = {}) =>
    serializeAttestationPost(
      (await attestationOf(suite.d, sdk.LedgerTree.empty(), new Map([[0, 1_000_000n]]), change)).post,
    );
  /** What verify finds wrong with JSON from standard input. */
  async function wrongWith(json: unknown, at: readonly string[] = []): Promise<string> {
    const found = await runHere(["router", "verify", "--json", ...at], env, { input: JSON.stringify(json) });
    const { messages } = jsonOf(found, EXIT.findings) as unknown as { messages: { findings: string[] }[] };
    return messages.flatMap(({ findings }) => findings).join("\n");
  }
  const bidOf = (change: Partial<sdk.Bid> = {}, key = SENDER_KEY) => {
    const value: sdk.Bid = {
      providerId: sdk.providerId(1),
      modelId: sdk.modelId(sdk.ZERO_HASH),
      unit: sdk.BidUnit.T,
      priceWei: sdk.wei(7),
      capacity: 1,
      sequence: 1n,
      validFromAt: sdk.unixSeconds(1),
      expiresAt: sdk.unixSeconds(9_999_999_999n),
      endpoint: "https://provider.example",
      ...change,
    };
    return sdk.signMessage(sdk.localSigner(key), "Bid", value, suite.d.domain).then((bid) => sdk.serializeMessage(bid));
  };

  it("an attestation with another set, other debits, or no quorum at all", async () => {
    const json = await nextPost();
    expect(await wrongWith({ ...json, debits: "0x12" })).to.match(/its debits hash to 0x\w{64}, it names 0x0/);
    expect(await wrongWith({ ...json, quorum: "0x12" })).to.include("quorum: expected at least 6 bytes");
    const other = await nextPost({ routerSet: sdk.hash32(`0x${"77".repeat(32)}`) });
    expect(await wrongWith(other)).to.match(/its quorum brings set 0x.*, the message names 0x7777/);
    expect(await wrongWith({ ...json, witness: "0x" }), "the contract's word").to.include(
      "packed ranges need 1 more bytes",
    );
    const late = await nextPost({ seq: 9n });
    expect(await wrongWith(late)).to.include("it cannot be posted: seq is 9, the next one on chain is 1");
  });

  it("nothing, by a node that fails while it is asked", async () => {
    const bend = (method: string, params: unknown[]): Promise<unknown> => {
      const [call] = params as [{ data?: string }];
      const isAsked = method === "eth_call" && call.data?.startsWith(asked);
      return isAsked
        ? Promise.reject(Object.assign(new Error("busy"), { code: -32_005 }))
        : ethers.provider.send(method, params);
    };
    const bent = await serveChain({ send: bend });
    const asked = suite.d.compute.interface.getFunction("attest").selector;
    const input = JSON.stringify(await nextPost());
    const found = await runHere(["router", "verify", "--json"], { ...env, YELLOWSTONE_RPC: bent.url }, { input });
    await bent.close();
    expect(failureOf(found, EXIT.chain)).to.include({ code: "ChainRequestFailed", retry: "now" });
  });

  it("a bid of somebody else, of nobody, and one that is over", async () => {
    const strangers = await wrongWith(await bidOf({}, STRANGER_KEY));
    expect(strangers).to.match(/does not own provider 1, 0x\w+ does/);
    expect(await wrongWith(await bidOf({ providerId: sdk.providerId(77) }))).to.include("77");
    expect(await wrongWith(await bidOf(), ["--at", "99999999999"])).to.include("has passed at 99999999999");
  });

  it("takes what is signed one by one, and nothing that is not", async () => {
    const refused = async (input: string, args: readonly string[] = []) =>
      String(failureOf(await runHere(["router", "verify", "--json", ...args], env, { input }), EXIT.usage)["message"]);
    expect(await refused("[]")).to.include("at least one message");
    expect(await refused("5")).to.include("kind");
    expect(await refused("{")).to.include("JSON");
    expect(await refused(" ".repeat(2 ** 26 + 1))).to.include("at most 67108864 bytes");
    const asked = await runHere(["router", "verify"], env, { isTTY: true });
    expect([asked.code, asked.err.includes("name a FILE")]).to.deep.equal([EXIT.usage, true]);
  });

  it("a proof of a model is signed in the registry's domain", async () => {
    const value = { providerId: "1", modelId: sdk.ZERO_HASH };
    const args = ["router", "sign", "--kind", "ModelPossession", "--dry-run", "--json"];
    const { domain } = jsonOf(await runHere(args, env, { input: JSON.stringify({ value }) }));
    expect((domain as { verifyingContract: string }).verifyingContract).to.equal(suite.d.addresses.registry);
  });

  const relay = (source: string, ...more: string[]) => [
    ...["relay", source, "--key-env", "POSTER_KEY", "--confirmations", "1", "--poll", "50", "--yes"],
    ...["--store", join(scratch, "relay.db"), ...more],
  ];

  it("relay: asks a router for the next attestation, and posts it once", async () => {
    shown = undefined;
    const nothing = await runHere(["relay", url, "--dry-run"], env);
    expect(nothing.out).to.include("nothing to post");
    expect((await runHere(relay(url), env)).err).to.include("nothing to post");
    shown = await nextPost();
    const dry = jsonOf(await runHere(["relay", url, "--dry-run", "--json", "--from", suite.sender.address], env));
    expect(callsOf(dry)).to.have.length(1);
    const posted = await runHere(relay(url, "--max-fee", "100000000000"), env);
    expect(posted.out, posted.err).to.match(/attestation 1 is on chain: 0x\w{64}, [\d.]+ ETH/);
    const file = join(scratch, "posted.json");
    writeFileSync(file, JSON.stringify({ kind: "Attestation", value: (shown as Json)["attestation"] }));
    const again = await runHere(["router", "sign", file, "--yes", "--key-env", "ROUTER"], { ...env, ROUTER: "x" });
    expect(again.err).to.include("it is on chain already");
    await networkHelpers.time.increase(601);
    await networkHelpers.mine();
    const verdict = await runHere(["router", "verify"], env, { input: JSON.stringify(shown) });
    expect(verdict.out).to.include("it is on chain and active").and.include(`signed by ${ROUTERS[0]!.address}`);
  });

  it("watch: shows that it is active, and what was claimed from it, in words", async () => {
    const { tree } = await sdk.rebuildLedger(suite.d);
    await sdk.claim.sendAndWait(suite.d, sdk.claimFor(1n, tree, [0]));
    const { code, out } = await runHere(["watch", "--once"], env);
    expect(code, out).to.equal(EXIT.done);
    expect(out).to.match(/attestation 1 not judged: credits 1 MOR, active, signed by 0x/);
    expect(out).to.match(/claim: block \d+: 1 MOR paid to 1 providers, from attestation 1/);
    expect(out).to.include("1 attestations, none does not hold; 1 claims");
    const lines = linesOf((await runHere(["watch", "--once", "--json"], env)).out);
    expect(lines.find(({ kind }) => kind === "claim")).to.deep.include({ paidMor: "1", seq: "1" });
  });

  it("watch: refuses a folder that is none, and a configuration that is none", async () => {
    const { code, out, err } = await runHere(["watch", "--once", "--evidence", join(scratch, "none"), "--json"], env);
    expect(code === EXIT.done, out + err).to.equal(false);
    expect(out + err).to.include("a folder that can be read");
    const missing = await runHere(["watch", "--once", "--config", join(scratch, "none")], env);
    expect([missing.code, missing.err.includes("a file that can be read")]).to.deep.equal([EXIT.configuration, true]);
  });
});
