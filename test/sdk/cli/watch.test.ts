import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { ethers } from "../actions/fixture.js";
import { WatchWorld } from "../watch/world.js";
import { serveChain, type Served } from "./served.js";
import { failureOf, linesOf, runHere, start, type Json } from "./yellowstone.js";

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

/** The lines that are whole. */
function whole(text: string): string {
  return text.replace(/[^\n]*$/, "");
}
