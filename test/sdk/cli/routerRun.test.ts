import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { ROUTERS } from "../actions/fixture.js";
import { deployAnywhere } from "../relayer/suite.js";
import { serveChain, type Served } from "./served.js";
import { jsonOf, routerKey, runHere, startHere } from "./yellowstone.js";

describe("command line: router run", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-run-"));
  const [router] = ROUTERS.map(({ address }) => address) as [sdk.Address];
  const env = { ROUTER_KEY: routerKey(router) };
  let node: Served;
  let d: sdk.Deployment;
  let balancesFromBlock: number;

  before(async () => {
    const { ethers, networkHelpers } = await network.create("l1");
    const [signer] = await ethers.getSigners();
    ({ d } = await deployAnywhere(signer!, [], (seconds) =>
      networkHelpers.time.increase(seconds).then(() => undefined),
    ));
    balancesFromBlock = await ethers.provider.getBlockNumber();
    node = await serveChain(ethers.provider);
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** A configuration with files of its own. */
  function configured(name: string): string[] {
    const { compute, lens } = d.addresses;
    const config = {
      listen: { port: 0 },
      chain: { rpcUrl: node.url, pollMs: 100 },
      deployment: { compute, lens },
      key: { env: "ROUTER_KEY" },
      journal: { path: join(scratch, `${name}.journal`) },
      archive: { path: join(scratch, `${name}.archive`) },
      balancesFromBlock,
      verifiers: 0,
      tickMs: 50,
      log: { level: "silent" },
    };
    const file = join(scratch, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    return ["router", "run", "--config", file];
  }
  async function serving(name: string) {
    const running = startHere([...configured(name), "--json"], env);
    const url = await until("it serves", 20, () => {
      const said = running.out().includes("\n") && (JSON.parse(running.out()) as { url: string }).url;
      return Promise.resolve(said);
    });
    expect((await fetch(`${url}/health`)).status).to.equal(200);
    return { ...running, url };
  }

  it("a dry run opens everything, serves nobody, and leaves all of it to the next run", async () => {
    const dry = [...configured("dry"), "--dry-run"];
    const { code, out, err } = await runHere(dry, env);
    expect([code, out], err).to.deep.equal([
      EXIT.done,
      `ok: router ${router}, chainId 31337, threshold 2, routers 3\n`,
    ]);
    const json = jsonOf(await runHere([...dry, "--json"], env));
    expect(json).to.deep.equal({ status: "ok", router, chainId: "31337", threshold: 2, routers: 3 });
    const stranger = await runHere(dry, { ROUTER_KEY: sdk.keccak256Text("no router") });
    expect(stranger.code).to.not.equal(EXIT.done);
  });

  it("serves until the first signal; a second one ends the process at once", async () => {
    const running = await serving("signals");
    const exit = process.exit.bind(process);
    const codes: unknown[] = [];
    process.exit = ((code: unknown) => void codes.push(code)) as typeof process.exit;
    try {
      process.emit("SIGTERM");
      expect(codes).to.deep.equal([]);
      process.emit("SIGINT");
      expect(codes).to.deep.equal([EXIT.failed]);
    } finally {
      process.exit = exit;
    }
    expect((await running.finished).code).to.equal(EXIT.done);
    expect(await fetch(running.url).catch(() => "gone")).to.equal("gone");
  });

  it("ends with its reason when it is no router any more", async () => {
    const running = await serving("removed");
    await sdk.removeRouter.sendAndWait(d, { account: router });
    const { code, err } = await running.finished;
    expect(code).to.not.equal(EXIT.done);
    expect(err.trim().split("\n"), "what happened, and what to do").to.have.length(2);
    expect(err).to.include(router);
  });
});
