import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { attestationOf, CHANGE_DELAY, deployWithProviders, ethers, networkHelpers } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { callsOf, failureOf, jsonOf, outcomesOf, runHere, SENDER_KEY } from "./yellowstone.js";

const PAYOUT = sdk.address(`0x${"5a".repeat(20)}`);
const OTHER = sdk.address(`0x${"5b".repeat(20)}`);

describe("command line: what an owner does, and what stands meanwhile", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-owner-"));
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;
  let keyed: Record<string, string>;

  before(async () => {
    suite = await deployWithProviders(12);
    node = await serveChain(ethers.provider);
    const { compute, lens } = suite.d.addresses;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      YELLOWSTONE_SNAPSHOT: join(scratch, "ledger.json"),
    };
    keyed = { ...env, YELLOWSTONE_KEY: SENDER_KEY };
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  it("register: the least bond, the hash of a document, another owner; no approval where there is one", async () => {
    const metadata = join(scratch, "about.json");
    writeFileSync(metadata, "{}");
    const register = ["provider", "register", "--payout", PAYOUT, "--owner", OTHER, "--metadata", metadata, "--json"];
    const dry = jsonOf(await runHere([...register, "--dry-run"], env));
    expect(dry["from"], "nobody else is there to pay").to.equal(OTHER);
    await sdk.approveBond.sendAndWait(suite.d, { bondWei: sdk.wei(10n ** 20n) });
    const json = jsonOf(await runHere([...register, "--yes"], keyed));
    const [registered, ...more] = outcomesOf(json);
    expect(more, "one transaction is enough").to.deep.equal([]);
    expect(registered).to.include({ owner: OTHER, bondWei: (10n ** 18n).toString() });
    expect(registered?.["metadata"]).to.deep.equal({ uri: "", contentHash: sdk.keccak256Text("{}") });
  });

  it("bond add: as of the owner without a key", async () => {
    const args = ["provider", "bond", "add", "--id", "0", "--amount", "1", "--dry-run", "--json"];
    expect(jsonOf(await runHere(args, env))["from"]).to.equal(suite.sender.address);
  });

  it("payout: shown while it waits, taken back, and nothing to apply then", async () => {
    const propose = ["provider", "payout", "propose", "--id", "1", "--yes"];
    jsonOf(await runHere([...propose, "--to", PAYOUT, "--json"], keyed));
    const credit = await runHere(["provider", "credit", "--id", "1"], env);
    expect(credit.out).to.match(new RegExp(`proposed +payout ${PAYOUT} from .* UTC on`));
    const dry = await runHere(["provider", "payout", "apply", "--id", "1", "--dry-run"], env);
    expect(dry.out).to.include(`pay provider 1 at ${PAYOUT}`);
    const cancelled = await runHere([...propose, "--cancel"], keyed);
    expect(cancelled.out).to.include("the proposal of provider 1 is taken back");
    await networkHelpers.time.increase(CHANGE_DELAY);
    const apply = await runHere(["provider", "payout", "apply", "--id", "1", "--dry-run"], env);
    expect(apply.code).to.equal(EXIT.refused);
    expect(apply.out).to.include("at the proposed address").and.include("would fail");
  });

  it("exit: the credit command says from when on the bond comes back, and that it is withdrawn", async () => {
    jsonOf(await runHere(["provider", "exit", "announce", "--id", "2", "--yes", "--json"], keyed));
    const credit = () => runHere(["provider", "credit", "--id", "2"], env);
    expect((await credit()).out).to.match(/exit +the bond can be withdrawn from .* UTC on/);
    await networkHelpers.time.increase(7_200);
    const withdrawn = await runHere(["provider", "exit", "withdraw", "--id", "2", "--yes"], keyed);
    expect(withdrawn.out).to.include("1 MOR").and.not.include("covered its debt");
    const { out } = await credit();
    expect(out)
      .to.match(/bond +withdrawn/)
      .and.not.match(/^exit /m);
  });

  it("claim: cut by another chain's limits, for many, and only what the chain knows", async () => {
    const ids = Array.from({ length: 12 }, (_, id) => id);
    const deltas = new Map(ids.map((id) => [id, 1_000_000n] as const));
    const { post } = await attestationOf(suite.d, sdk.LedgerTree.empty(), deltas);
    await sdk.postAttestation.sendAndWait(suite.d, post);
    await networkHelpers.time.increase(601);
    await networkHelpers.mine();
    const claim = ["provider", "claim", "--dry-run", "--id", ids.join(",")];
    const words = await runHere([...claim, "--chain", "geth", "--mor-per-ether", "1"], env);
    expect(words.out)
      .to.include("provider 0, 1, 2, 3, 4, 5, 6, 7 and 4 more")
      .and.match(/due 12 MOR, expected fee [\d.]+ MOR, net [\d.]+ MOR/);
    const some = await runHere(["provider", "claim", "--dry-run", "--id", "0,3"], env);
    expect(some.out).to.match(/claim [\d.]+ MOR for provider 0, 3/);
    const refused = failureOf(await runHere([...claim, "--chain", "solana", "--json"], env), EXIT.usage);
    expect(refused["message"]).to.include("geth or nitro");
  });

  it("exit: a debt is taken from the bond, by no attestation of its own", async () => {
    const id = sdk.providerId(3);
    const debits = [{ providerId: id, amountUMor: sdk.uMor(250_000), reasonHash: sdk.keccak256Text("late") }];
    const packed = sdk.packDebits(debits);
    const { tree } = await sdk.rebuildLedger(suite.d);
    const { post } = await attestationOf(suite.d, tree, new Map(), { debitsHash: sdk.debitsHash(packed) });
    const { outcome } = await sdk.postAttestation.sendAndWait(suite.d, { ...post, debits: packed });
    await networkHelpers.time.increase(601);
    await sdk.bookDebits.sendAndWait(suite.d, { seq: outcome.seq, debits });
    jsonOf(await runHere(["provider", "exit", "announce", "--id", "3", "--yes", "--json"], keyed));
    await networkHelpers.time.increase(7_200);
    const { out } = await runHere(["provider", "exit", "withdraw", "--id", "3", "--yes"], keyed);
    expect(out).to.match(/0\.75 MOR went back to 0x\w{40}; 0\.25 MOR covered its debt/);
    const credit = ["provider", "credit", "--id", "3"];
    const entries = jsonOf(await runHere([...credit, "--json"], env))["entries"] as { kind: string; seq: unknown }[];
    expect(entries.find(({ kind }) => kind === "covered")).to.deep.include({ seq: null, amountMor: "0.25" });
    expect((await runHere(credit, env)).out).to.match(/covered +0\.25 +0x/);
  });

  it("claim: waits as long as it is told for something to claim", async () => {
    const unknown = await runHere(["provider", "claim", "--id", "13", "--dry-run", "--wait", "2"], env);
    expect(unknown.code, "who is not there is not waited for").to.equal(EXIT.refused);
    const before = performance.now();
    const { out } = await runHere(["provider", "claim", "--id", "12", "--dry-run", "--wait", "2"], env);
    expect(out).to.include("nothing to claim").and.include("provider 12: nothing is due");
    expect(performance.now() - before).to.be.within(1_000, 10_000);
    expect((await sdk.readProvider(suite.d, 12)).owner).to.equal(OTHER);
  });

  it("credit: as many entries as are asked for, from a ledger that is kept, not kept, or cannot be", async () => {
    const credit = ["provider", "credit", "--id", "0"];
    const homeless = { ...env, YELLOWSTONE_SNAPSHOT: "" };
    expect((await runHere([...credit, "--last", "0"], env)).out).to.include("1 older entries: --last 1");
    const cache = join(scratch, "cache");
    for (const [where, folder] of [
      [{ XDG_CACHE_HOME: cache }, cache],
      [{ HOME: join(scratch, "home") }, join(scratch, "home", ".cache")],
    ] as const) {
      expect((await runHere(credit, { ...homeless, ...where })).code).to.equal(EXIT.done);
      expect(readdirSync(join(folder, "yellowstone"))).to.deep.equal([
        `31337-${suite.d.addresses.compute.toLowerCase()}.json`,
      ]);
    }
    const ownHome = process.env["HOME"];
    process.env["HOME"] = join(scratch, "own");
    try {
      expect((await runHere(credit, homeless)).code).to.equal(EXIT.done);
    } finally {
      process.env["HOME"] = ownHome;
    }
    expect(readdirSync(join(scratch, "own", ".cache", "yellowstone")), "the process's own").to.have.length(1);
    const unkept = await runHere([...credit, "--no-snapshot"], { ...homeless, HOME: join(scratch, "nobody") });
    expect([unkept.code, existsSync(join(scratch, "nobody"))]).to.deep.equal([EXIT.done, false]);
    const barred = await runHere([...credit, "--snapshot", join(scratch, "ledger.json", "x")], env);
    expect(barred.code).to.equal(EXIT.done);
    expect(barred.err).to.include("not kept: ");
    const odd = join(scratch, "odd.json");
    writeFileSync(odd, JSON.stringify({ ids: "all" }));
    expect((await runHere([...credit, "--snapshot", odd], env)).code).to.equal(EXIT.done);
  });

  it("credit: a node that goes away is no reason to read everything again", async () => {
    const gone = await serveChain({
      send: (method, params) =>
        method === "eth_getLogs"
          ? Promise.reject(Object.assign(new Error("no such method"), { code: -32_601 }))
          : ethers.provider.send(method, params),
    });
    await networkHelpers.mine();
    const { code, err } = await runHere(["provider", "credit", "--id", "0"], { ...env, YELLOWSTONE_RPC: gone.url });
    await gone.close();
    expect(code).to.equal(EXIT.chain);
    expect(err).to.not.include("does not hold");
  });

  it("says nothing of a call that a later one only makes possible", async () => {
    const dry = jsonOf(
      await runHere(
        ["provider", "bond", "add", "--id", "0", "--amount", "900", "--dry-run", "--json", "--from", PAYOUT],
        env,
      ),
    );
    expect(callsOf(dry).map(({ feeWei, failure }) => [feeWei === null, failure])).to.deep.equal([
      [false, null],
      [true, null],
    ]);
  });
});
