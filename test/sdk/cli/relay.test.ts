import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { serializeAttestationPost } from "@yellowstone-compute/sdk/service";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { busy } from "../../utils/bentNode.js";
import { attestationOf, deployWithProviders, ethers } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { callsOf, jsonOf, linesOf, runHere, startHere, STRANGER_KEY } from "./yellowstone.js";

describe("command line: relay, whatever comes between", function () {
  this.timeout(60_000);
  const poster = new Wallet(STRANGER_KEY);
  const scratch = mkdtempSync(join(tmpdir(), "cli-relay-"));
  const empty = join(scratch, "empty");
  let chain: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;
  let tree = sdk.LedgerTree.empty();
  /** Requests that the node is still too busy for. */
  let refusals = 0;
  let router: Server;
  let answer: { readonly status: number; readonly body: unknown };

  before(async () => {
    mkdirSync(empty);
    suite = await deployWithProviders(2);
    chain = await serveChain({
      send: async (method, params) => {
        if (method === "eth_accounts") return [poster.address];
        if (method === "eth_signTransaction") return signed(params[0] as Record<string, string>);
        if (method === "eth_getTransactionCount" && refusals-- > 0) return busy();
        return (await ethers.provider.send(method, params)) as unknown;
      },
    });
    router = createServer((_, response) => {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => router.listen(0, "127.0.0.1", resolve));
    const { compute, lens } = suite.d.addresses;
    env = { YELLOWSTONE_RPC: chain.url, YELLOWSTONE_COMPUTE: compute, YELLOWSTONE_LENS: lens, POSTER: STRANGER_KEY };
  });
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));
  after(async () => {
    router.close();
    await chain.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const signed = ({ from, gas, ...rest }: Record<string, string>) => {
    expect(from).to.equal(poster.address);
    return poster.signTransaction({ ...rest, type: 2, gasLimit: gas ?? null });
  };
  const common = ["--confirmations", "1", "--poll", "50", "--yes", "--store", join(scratch, "relay.db")];
  const relay = (source: string, ...more: string[]) => ["relay", source, "--key-env", "POSTER", ...common, ...more];
  const routerUrl = () => `http://127.0.0.1:${(router.address() as AddressInfo).port}`;
  const waiting = async () =>
    ((await ethers.provider.send("eth_pendingTransactions", [])) as { hash: string }[]).map(({ hash }) => hash);
  /** The next attestation; the ledger is the one behind it from now on. */
  async function next() {
    const { post, after } = await attestationOf(suite.d, tree, new Map([[0, 1_000_000n]]));
    tree = after;
    return { post, json: serializeAttestationPost(post), seq: post.attestation.seq };
  }
  function fileOf(name: string, json: unknown): string {
    const file = join(scratch, name);
    writeFileSync(file, JSON.stringify(json));
    return file;
  }
  /** Send the next attestation, and be told to end before any block takes it. */
  async function leftUnderWay() {
    const { post, json, seq } = await next();
    await ethers.provider.send("evm_setAutomine", [false]);
    const running = startHere(relay(fileOf(`${seq}.json`, json)), env);
    const [hash] = await until("it waits for a block", 20, async () => {
      const hashes = await waiting();
      return hashes.length > 0 && hashes;
    });
    process.emit("SIGTERM");
    const { code, err, out } = await running.finished;
    expect([code, out], err).to.deep.equal([EXIT.done, ""]);
    expect(err).to.include("1 under way: they go on when the relayer runs again");
    return { post, seq, hash };
  }

  it("tells in the next run what became of what was under way", async () => {
    const { seq, hash } = await leftUnderWay();
    await ethers.provider.send("evm_setAutomine", [true]);
    await ethers.provider.send("evm_mine", []);
    const { out, err } = await runHere(relay(empty), env);
    expect(out, err).to.match(new RegExp(`attestation ${seq} is on chain: ${hash}`));
    expect((await runHere(relay(empty), env)).err).to.include("nothing to post");
  });

  it("tells that somebody else has posted it meanwhile", async () => {
    const { post, seq, hash } = await leftUnderWay();
    await ethers.provider.send("hardhat_dropTransaction", [hash]);
    await ethers.provider.send("evm_setAutomine", [true]);
    await sdk.postAttestation.sendAndWait(suite.d, post);
    const { out, err } = await runHere(relay(empty), env);
    expect(out, err).to.include(`attestation ${seq} was posted already`);
  });

  it("outlives a router that is away when it follows, and says so; not one that refuses", async () => {
    answer = { status: 503, body: {} };
    const running = startHere(relay(routerUrl(), "--follow"), env);
    await until("it says so", 20, () => Promise.resolve(running.err().includes("router: status 503")));
    const { json, seq } = await next();
    answer = { status: 200, body: json };
    await until("it is posted", 20, () => Promise.resolve(running.out().includes(`attestation ${seq} is on chain`)));
    answer = { status: 400, body: { message: "no such relayer" } };
    const { code, err } = await running.finished;
    expect([code, err.includes("no such relayer")]).to.deep.equal([EXIT.failed, true]);
    answer = { status: 503, body: {} };
    expect((await runHere(relay(routerUrl()), env)).code, "who does not follow ends").to.equal(EXIT.failed);
  });

  it("says what a node answers that is too busy, and goes on", async () => {
    const { json, seq } = await next();
    refusals = 2;
    const { code, out, err } = await runHere(relay(fileOf("busy.json", json)), env);
    expect([code, out.includes(`attestation ${seq} is on chain`)], err).to.deep.equal([EXIT.done, true]);
    expect(err).to.include("request to the chain failed");
    expect(refusals).to.be.below(0);
  });

  it("posts what a signer outside of this process signs", async () => {
    const { json, seq } = await next();
    const file = fileOf("signer.json", json);
    const { code, out, err } = await runHere(["relay", file, "--signer", chain.url, ...common, "--json"], env);
    expect(code, err).to.equal(EXIT.done);
    const [posted] = linesOf(out);
    expect(posted).to.include({ phase: "done", by: "us", seq: seq.toString() });
    const sent = await ethers.provider.getTransaction(String(posted?.["hash"]));
    expect(sent?.from).to.equal(poster.address);
  });

  it("shows what a folder has, lowest first, and what of it cannot be read", async () => {
    const folder = join(scratch, "folder");
    mkdirSync(folder);
    const [first, second] = [await next(), await next()];
    const late = { ...second.json, attestation: { ...second.json.attestation, seq: `${second.seq + 1n}` } };
    for (const [name, json] of [
      ["a", late],
      ["b", first.json],
    ] as const) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(json));
    }
    writeFileSync(join(folder, "c.json"), "{ half a file");
    mkdirSync(join(folder, "d.json"));
    const shown = await runHere(["relay", folder, "--dry-run", "--json"], env);
    const seqs = callsOf(jsonOf(shown)).map(({ args }) => (args["attestation"] as { seq: string }).seq);
    expect(seqs).to.deep.equal([first.seq.toString(), (first.seq + 1n).toString()]);
    for (const name of ["c", "d"]) expect(shown.err).to.include(`${name}.json is passed over`);
    expect(await sdk.readState(suite.d).then(({ head }) => head.lastSeq)).to.equal(first.seq - 1n);
  });

  it("keeps what it must not forget beside where it runs, unless told where", async () => {
    const here = process.cwd();
    process.chdir(scratch);
    try {
      const { code, err } = await runHere(["relay", empty, "--key-env", "POSTER", "--yes"], env);
      expect([code, err.includes("nothing to post")], err).to.deep.equal([EXIT.done, true]);
    } finally {
      process.chdir(here);
    }
    expect(existsSync(join(scratch, "yellowstone-relay.db"))).to.equal(true);
  });
});
