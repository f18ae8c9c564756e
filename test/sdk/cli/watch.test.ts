import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { ethers, networkHelpers, ROUTERS } from "../actions/fixture.js";
import { busyLedger, chainAtPoint } from "../provider/world.js";
import { WatchWorld } from "../watch/world.js";
import { serveChain, type Served } from "./served.js";
import { failureOf, linesOf, routerKey, runHere, start, startHere, type Json } from "./yellowstone.js";

describe("command line: watch", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-watch-"));
  let node: Served;
  let world: WatchWorld;
  let env: Record<string, string>;

  before(async () => {
    world = await WatchWorld.deploy();
    node = await serveChain(ethers.provider);
    const { compute, lens } = world.d.addresses;
    // Balances and owners are read from the chain: whoever may be a user of this day holds MOR at its first block.
    for (let i = 0; i < 12; i++) {
      await world.suite.token.mint(sdk.localSigner(sdk.keccak256Text(`user ${i}`)).address, 20n * 10n ** 18n);
    }
    const at = `${await ethers.provider.getBlockNumber()}`;
    env = { YELLOWSTONE_RPC: node.url, YELLOWSTONE_COMPUTE: compute, YELLOWSTONE_LENS: lens, FROM: at };
    await world.serve(0, 2);
    await world.publish();
    await world.attest();
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const of = (lines: readonly Json[], kind: string) => lines.filter((line) => line["kind"] === kind);
  /** Write what the routers publish as files. */
  function publish(
    change: (blocks: readonly sdk.BlockEvidence[]) => readonly sdk.BlockEvidence[] = (all) => all,
  ): void {
    for (const [router, blocks] of world.published) {
      writeFileSync(join(scratch, `${router}.json`), JSON.stringify(change(blocks).map(sdk.serializeEvidence)));
    }
  }

  it("shows attestations and alarms without evidence, and judges nothing", async () => {
    const { code, out, err } = await runHere(["watch", "--once", "--json"], env);
    expect(code, err).to.equal(0);
    const lines = linesOf(out);
    expect(of(lines, "attestation")[0]).to.include({ seq: "1", isVerified: false, creditedMor: "0.00016" });
    expect(of(lines, "alarm").map(({ alarm }) => alarm)).to.include("routersChanged");
    expect(lines.at(-1)).to.deep.include({ kind: "end", isGood: true, attestations: 1, wrong: [] });
  });

  it("ends with 7 when a router signed two blocks of one height", async () => {
    const [router] = world.routers;
    const { value } = world.published.get(router!.address)![0]!.block;
    const twin = await sdk.signMessage(
      ROUTERS[0]!,
      "InferenceBlock",
      { ...value, creditWei: sdk.wei(1n) },
      world.d.domain,
    );
    publish((blocks) => {
      const twins = blocks.filter(
        ({ block }) => block.value.router === router!.address && block.value.height === value.height,
      );
      return [...blocks.toReversed(), ...twins.map((evidence) => ({ ...evidence, block: twin }))];
    });
    const args = ["watch", "--once", "--json", "--evidence", scratch, "--from-block", env["FROM"] ?? ""];
    const { code, out } = await runHere(args, env);
    expect(of(linesOf(out), "alarm").map(({ alarm }) => alarm)).to.include("equivocation");
    expect(linesOf(out).at(-1)).to.include({ kind: "end", isGood: false, equivocations: 1 });
    expect(code).to.equal(EXIT.findings);
  });

  it("does the work again with evidence, as it happens; a veto is an alarm; SIGINT ends it with the sum", async () => {
    publish();
    const watching = start(
      ["watch", "--json", "--poll", "100", "--evidence", scratch, "--from-block", env["FROM"] ?? ""],
      env,
    );
    const lines = () => linesOf(whole(watching.out()));
    await until("it is verified", 20, () => Promise.resolve(of(lines(), "caughtUp").length > 0));
    expect(of(lines(), "attestation")[0], JSON.stringify(lines())).to.deep.include({
      seq: "1",
      isVerified: true,
      findings: [],
    });
    await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: 1n });
    await until("the veto is told", 20, () =>
      Promise.resolve(of(lines(), "alarm").some(({ alarm }) => alarm === "vetoed")),
    );
    watching.child.kill("SIGINT");
    const { code, err } = await watching.finished;
    expect(code, err).to.equal(0);
    expect(lines().at(-1)).to.include({ kind: "end", isGood: true });
  });

  it("ends with 7 when an attestation pays what no block shows", async () => {
    publish(() => []);
    const { code, out } = await runHere(
      ["watch", "--once", "--evidence", scratch, "--from-block", env["FROM"] ?? ""],
      env,
    );
    expect(code, out).to.equal(EXIT.findings);
    expect(out).to.include("attestation 1 does not hold").and.include("its reports earn 0 uMOR");
    expect(out).to.include("1 do not hold");
  });

  it("asks the routers themselves under a router's configuration, and not the one whose key it is", async () => {
    const asked: string[] = [];
    const [own, ...others] = world.routers.map(({ address }) => address);
    const peers = createServer((request, response) => {
      const router = others.find((address) => request.url?.startsWith(`/${address}/v1/quorum/blocks?from=`));
      asked.push(router ?? request.url ?? "");
      const blocks = world.published.get(router ?? own!) ?? [];
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ blocks: blocks.map(sdk.serializeEvidence) }));
    });
    await new Promise<void>((resolve) => peers.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(peers.address() as AddressInfo).port}`;
    const { compute, lens } = world.d.addresses;
    const file = join(scratch, "router.json5");
    const config = {
      chain: { rpcUrl: node.url },
      deployment: { compute, lens },
      key: { env: "ROUTER_KEY" },
      journal: { path: "-" },
      archive: { path: "-" },
      balancesFromBlock: Number(env["FROM"]),
      peers: Object.fromEntries(others.map((address) => [address, `${base}/${address}`])),
    };
    writeFileSync(file, JSON.stringify(config));
    const args = ["watch", "--once", "--json", "--config", file, "--from-block", env["FROM"] ?? ""];
    const { out } = await runHere(args, { ...env, ROUTER_KEY: routerKey(own!) });
    peers.close();
    const [attestation] = of(linesOf(out), "attestation");
    expect((attestation?.["findings"] as string[]).join()).to.include(
      "its blocks cannot be asked for with its own key",
    );
    expect(new Set(asked)).to.deep.equal(new Set(others));
  });

  it("refuses evidence that is none", async () => {
    writeFileSync(join(scratch, "bad.json"), JSON.stringify({ block: 1 }));
    const args = ["watch", "--once", "--json", "--evidence", scratch, "--from-block", env["FROM"] ?? ""];
    const { out } = await runHere(args, env);
    const [attestation] = of(linesOf(out), "attestation");
    expect((attestation?.["findings"] as string[]).join()).to.include("cannot be reviewed");
  });

  it("exports the deployment's figures beside the watch", async () => {
    const watching = start(["watch", "--json", "--poll", "100", "--metrics", "0"], env);
    await until("it has caught up", 20, () =>
      Promise.resolve(of(linesOf(whole(watching.out())), "caughtUp").length > 0),
    );
    const url = of(linesOf(whole(watching.out())), "metrics")[0]?.["url"] as string;
    const figures = await (await fetch(url)).text();
    expect(figures).to.match(/^yellowstone_chain_up 1$/m);
    expect(figures).to.match(/^yellowstone_chain_alarms_total\{kind="routersChanged"\} [1-9]/m);
    watching.child.kill("SIGINT");
    expect((await watching.finished).code).to.equal(0);
    const refused = await runHere(["watch", "--once", "--metrics", "0", "--json"], env);
    expect(failureOf(refused, EXIT.usage)).to.include({ code: "CommandLineInvalid" });
  });

  it("status --serve is a page until SIGINT", async () => {
    const serving = start(["status", "--serve", "--listen", "0", "--json"], env);
    await until("it listens", 20, () => Promise.resolve(whole(serving.out()) !== ""));
    const url = linesOf(whole(serving.out()))[0]?.["url"] as string;
    expect(await (await fetch(url)).text()).to.include("<title>");
    serving.child.kill("SIGINT");
    expect((await serving.finished).code).to.equal(0);
    const taken = await runHere(["status", "--serve", "--listen", "127.0.0.1:70000", "--json"], env);
    expect(failureOf(taken, EXIT.usage)).to.include({ code: "InvalidField" });
  });
});

describe("command line: watch of a chain that is not as it was", function () {
  this.timeout(60_000);
  let node: Served;
  let env: Record<string, string>;
  let world: Awaited<ReturnType<typeof busyLedger>>;
  let isForgetful = false;

  before(async () => {
    const send = (method: string, params: unknown[]) =>
      isForgetful && method === "eth_getTransactionByHash"
        ? Promise.resolve(null)
        : ethers.provider.send(method, params);
    node = await serveChain({ send });
  });
  beforeEach(async () => {
    world = await networkHelpers.loadFixture(busyLedger);
    const { compute, lens } = world.addresses;
    env = { YELLOWSTONE_RPC: node.url, YELLOWSTONE_COMPUTE: compute, YELLOWSTONE_LENS: lens };
  });
  after(() => node.close());

  const paidTo = (lines: readonly Json[], id: number) =>
    lines.findIndex(
      ({ kind, payments }) =>
        kind === "claim" && (payments as { id: string }[]).some((payment) => payment.id === id.toString()),
    );

  for (const way of ["shown", "judged"]) {
    it(`says what of it is void, and tells the other chain from there: ${way}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "cli-evidence-"));
      const from = `${await ethers.provider.getBlockNumber()}`;
      const judged = way === "judged" ? ["--evidence", folder, "--from-block", from] : [];
      const goBack = await chainAtPoint();
      await world.claim([1]);
      const watching = startHere(["watch", "--json", "--poll", "50", ...judged], env);
      const lines = () => linesOf(whole(watching.out()));
      await until("a claim is told", 20, () => Promise.resolve(paidTo(lines(), 1) >= 0));
      await goBack();
      await networkHelpers.mine(2, { interval: 5 });
      await world.claim([2]);
      await until("the other claim is told", 20, () => Promise.resolve(paidTo(lines(), 2) >= 0));
      process.emit("SIGINT");
      await watching.finished;
      rmSync(folder, { recursive: true });
      const back = lines().findIndex(({ kind }) => kind === "steppedBack");
      expect(paidTo(lines(), 1) < back && back < paidTo(lines(), 2), JSON.stringify(lines())).to.equal(true);
      expect(Number(lines()[paidTo(lines(), 1)]?.["block"])).to.be.above(Number(lines()[back]?.["block"]));
      expect(paidTo(lines().slice(back), 1), "it never was").to.equal(-1);
    });
  }

  it("names no signers of an attestation whose transaction the node does not show", async () => {
    const attestations = async () =>
      linesOf((await runHere(["watch", "--once", "--json"], env)).out).filter(({ kind }) => kind === "attestation");
    for (const { signers } of await attestations()) expect(signers).to.have.length(2);
    isForgetful = true;
    for (const { signers } of await attestations()) expect(signers).to.equal(null);
    const { out } = await runHere(["watch", "--once"], env);
    isForgetful = false;
    expect(out).to.match(/attestation 1 not judged: credits [\d.]+ MOR, active$/m);
  });
});

/** The lines that are whole. */
function whole(text: string): string {
  return text.replace(/[^\n]*$/, "");
}
