import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { serializeAttestationPost } from "@yellowstone-compute/sdk/service";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { attestationOf, deployWithProviders, ethers, networkHelpers, ROUTERS } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import {
  callsOf,
  failureOf,
  jsonOf,
  linesOf,
  routerKey,
  runHere,
  SENDER_KEY,
  start,
  STRANGER_KEY,
  yellowstone,
  type Json,
} from "./yellowstone.js";

describe("command line: routers and relayers", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-router-"));
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;
  let tree = sdk.LedgerTree.empty();

  before(async () => {
    suite = await deployWithProviders(2);
    node = await serveChain(ethers.provider);
    const { compute, lens } = suite.d.addresses;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      ROUTER_KEY: routerKey(ROUTERS[0]!.address),
      STRANGER_KEY,
      POSTER_KEY: SENDER_KEY,
    };
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  function fileOf(name: string, json: object): string {
    const file = join(scratch, name);
    writeFileSync(file, JSON.stringify(json));
    return file;
  }
  /** A signed attestation on top of the ledger, which is `tree` after it is posted. */
  async function nextPost(change: Partial<sdk.Attestation> = {}) {
    const made = await attestationOf(suite.d, tree, new Map([[0, 1_000_000n]]), change);
    return { ...made, json: serializeAttestationPost(made.post) };
  }
  const wrongOf = (json: Json): string[] =>
    (json["messages"] as { findings: string[] }[]).flatMap(({ findings }) => findings);

  it("sign: a proposal from standard input, and verify says who it was", async () => {
    const { post } = await nextPost();
    const proposal = sdk.serializeProposal({ attestation: post.attestation, through: [], paidCount: 0, debits: [] });
    const text = JSON.stringify(proposal);
    const sign = ["router", "sign", "--key-env", "ROUTER_KEY", "--json"];
    expect((await runHere(sign, env, { input: text })).code, "nobody agreed").to.equal(EXIT.usage);
    const signed = await yellowstone([...sign, "--yes"], env, text);
    const message = sdk.parseMessage("Attestation", jsonOf(signed));
    expect(message.signer).to.equal(ROUTERS[0]!.address);
    expect(await sdk.verifyMessage(message, suite.d.domain, sdk.unixSeconds(0))).to.equal(message.signer);
    const verdict = jsonOf(await runHere(["router", "verify", "--json"], env, { input: signed.out }));
    expect(verdict).to.include({ isGood: true });
    expect((verdict["messages"] as Json[])[0]).to.deep.include({ kind: "Attestation", signers: [message.signer] });
  });

  it("sign: by an external signer, whose account is a provider's owner", async () => {
    const { domain } = suite.d;
    const value = {
      providerId: "1",
      modelId: sdk.ZERO_HASH,
      unit: 0,
      priceWei: "7",
      capacity: 1,
      sequence: "1",
      validFromAt: "1",
      expiresAt: "9999999999",
      endpoint: "https://provider.example",
    };
    const args = ["router", "sign", "--kind", "Bid", "--signer", node.url, "--from", suite.sender.address, "--json"];
    const signed = await runHere(args, env, { input: JSON.stringify(value) });
    const bid = sdk.parseMessage("Bid", jsonOf(signed));
    expect(await sdk.verifyMessage(bid, domain, sdk.unixSeconds(1))).to.equal(suite.sender.address);
    expect(node.methods).to.include("eth_signTypedData_v4");
    const verdict = await runHere(["router", "verify"], env, { input: signed.out });
    expect(verdict.code, verdict.out).to.equal(0);
    const other = JSON.stringify({ ...(JSON.parse(signed.out) as object), value: { ...value, priceWei: "8" } });
    expect((await runHere(["router", "verify"], env, { input: other })).code).to.equal(EXIT.findings);
  });

  it("sign: refuses an attestation that the chain would not take, and shows what it would sign", async () => {
    const { post } = await nextPost({ seq: 9n });
    const file = fileOf("late.json", {
      kind: "Attestation",
      value: sdk.serializeValue("Attestation", post.attestation),
    });
    const refused = failureOf(
      await runHere(["router", "sign", file, "--json", "--yes", "--key-env", "ROUTER_KEY"], env),
      2,
    );
    expect(refused["message"]).to.include("seq is 9");
    const good = fileOf("good.json", sdk.serializeValue("Attestation", (await nextPost()).post.attestation));
    const dry = jsonOf(await runHere(["router", "sign", good, "--kind", "Attestation", "--dry-run", "--json"], env));
    expect(dry["hash"]).to.equal(sdk.hashMessage("Attestation", (await nextPost()).post.attestation, suite.d.domain));
    expect((await runHere(["router", "sign", good], env)).code, "no kind").to.equal(EXIT.usage);
  });

  it("verify: says what is wrong with a message, whoever signed it", async () => {
    const stranger = sdk.localSigner(STRANGER_KEY);
    const { attestation } = (await nextPost()).post;
    const byStranger = await sdk.signMessage(stranger, "Attestation", attestation, suite.d.domain);
    const foreign = await sdk.signMessage(
      ROUTERS[1]!,
      "Attestation",
      attestation,
      sdk.createDomain(1, suite.d.addresses.compute),
    );
    const list = fileOf("list.json", [sdk.serializeMessage(byStranger), sdk.serializeMessage(foreign)]);
    const found = wrongOf(jsonOf(await yellowstone(["router", "verify", list, "--json"], env), EXIT.findings));
    expect(found.join("\n")).to.include(`${stranger.address} is not in the router set`);
    expect(found.join("\n")).to.include(`expected signer ${ROUTERS[1]!.address}`);
    const block: sdk.InferenceBlock = {
      router: ROUTERS[1]!.address,
      height: 5n,
      previousHash: sdk.ZERO_HASH,
      reportsRoot: sdk.ZERO_HASH,
      reportCount: 0n,
      creditWei: sdk.wei(0),
    };
    const signed = await sdk.signMessage(ROUTERS[1]!, "InferenceBlock", block, suite.d.domain);
    // As a router answers for a block.
    const answer = fileOf("block.json", { block: sdk.serializeMessage(signed), hash: sdk.ZERO_HASH });
    expect((await runHere(["router", "verify", answer], env)).out).to.include(`signed by ${ROUTERS[1]!.address}`);
    const none = await runHere(["router", "verify", fileOf("none.json", { kind: "Nothing" }), "--json"], env);
    expect(failureOf(none, EXIT.usage)["code"]).to.equal("InvalidField");
  });

  it("relay: shows, posts once, knows what is there, and verify sees it on chain", async () => {
    const { json, after } = await nextPost();
    const file = fileOf("post.json", json);
    const good = await runHere(["router", "verify", file], env);
    expect(good.code, good.out).to.equal(0);
    expect(good.out).to.include("the contract would take it now").and.include(`signed by ${ROUTERS[0]!.address}`);
    const common = [
      "--key-env",
      "POSTER_KEY",
      "--store",
      join(scratch, "relay.db"),
      "--confirmations",
      "1",
      "--poll",
      "50",
      "--json",
    ];
    const nonce = await ethers.provider.getTransactionCount(suite.sender.address);
    const dry = jsonOf(await runHere(["relay", file, "--dry-run", "--json", "--from", suite.sender.address], env));
    expect(callsOf(dry)[0]).to.include({ contract: "compute", failure: null });
    expect((await runHere(["relay", file, ...common], env)).code, "nobody agreed").to.equal(EXIT.unconfirmed);
    expect(await ethers.provider.getTransactionCount(suite.sender.address)).to.equal(nonce);
    const [posted] = linesOf((await yellowstone(["relay", file, ...common, "--yes"], env)).out);
    expect(posted).to.include({ phase: "done", by: "us", seq: json.attestation.seq });
    tree = after;
    expect((await sdk.readState(suite.d)).head.headRoot).to.equal(json.attestation.newRoot);
    const again = await runHere(["relay", file, ...common, "--yes"], env);
    expect([again.code, again.out], again.err).to.deep.equal([0, ""]);
    expect(await ethers.provider.getTransactionCount(suite.sender.address)).to.equal(nonce + 1);
    const verdict = await runHere(["router", "verify", file], env);
    expect(verdict.out).to.include("it is on chain, and can still be vetoed");
    const changed = { ...json, attestation: { ...json.attestation, credited: "77" } };
    const wrong = jsonOf(
      await runHere(["router", "verify", fileOf("changed.json", changed), "--json"], env),
      EXIT.findings,
    );
    expect(wrongOf(wrong).join("\n")).to.include("its deltas add up to 1000000 uMOR, it credits 77");
  });

  it("relay --follow: a folder, until SIGINT", async () => {
    const folder = join(scratch, "folder");
    mkdirSync(folder);
    const common = [
      "--key-env",
      "POSTER_KEY",
      "--store",
      join(scratch, "relay.db"),
      "--confirmations",
      "1",
      "--poll",
      "50",
    ];
    const relay = start(["relay", folder, "--follow", "--json", "--yes", ...common], env);
    writeFileSync(join(folder, "0.json"), "{ half a file");
    const { json } = await nextPost();
    writeFileSync(join(folder, "1.json"), JSON.stringify(json));
    await until("it is posted", 20, () => Promise.resolve(relay.out().includes("done")));
    expect((await sdk.readState(suite.d)).head.lastSeq.toString()).to.equal(json.attestation.seq);
    relay.child.kill("SIGINT");
    const { code, err } = await relay.finished;
    expect(code, err).to.equal(0);
    expect(err).to.include("0.json is passed over");
  });

  it("relay: an attestation that can never be posted ends with 6", async () => {
    const file = fileOf("dead.json", (await nextPost({ deadline: sdk.unixSeconds(1) })).json);
    await networkHelpers.mine();
    const common = [
      "--key-env",
      "POSTER_KEY",
      "--store",
      join(scratch, "dead.db"),
      "--confirmations",
      "1",
      "--poll",
      "50",
    ];
    const { code, out } = await runHere(["relay", file, "--yes", "--json", ...common], env);
    expect(code, out).to.equal(EXIT.refused);
    expect(linesOf(out)[0]).to.include({ phase: "failed" });
  });
});
