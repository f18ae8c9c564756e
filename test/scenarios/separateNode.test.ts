import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startAnvil, startHardhatNode, type LocalNode } from "../utils/node.js";
import { refusingProxy } from "../utils/proxy.js";
import { ROOT, runScript } from "../utils/script.js";

const start = (...args: string[]) => runScript("scripts/replay/main.ts", args);

describe("scenario: npm start against a separate node", function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), "rpc-"));
  const json = join(scratch, "figures.json");
  const running: LocalNode[] = [];

  afterEach(async () => {
    while (running.length > 0) await running.pop()?.stop();
    rmSync(json, { force: true });
  });
  const journals = join(ROOT, "ignition", "deployments");
  const journalsOf = () => (existsSync(journals) ? readdirSync(journals) : []);
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const [name, node] of [
    ["hardhat node", startHardhatNode],
    ["anvil", startAnvil],
  ] as const) {
    it(`${name}: replays and reconciles, twice on the same chain`, async () => {
      const { url } = await node().then((one) => (running.push(one), one));
      const before = journalsOf();
      for (const seed of ["1", "2"]) {
        const { code, text } = await start("--rpc", url, "--requests", "120", "--seed", seed, "--json", json);
        expect(code, text).to.equal(0);
        expect(text).to.include(`chain: ${url}`).and.include("reconciled to the uMOR and the wei");
        expect(JSON.parse(readFileSync(json, "utf8"))).to.include({ requests: 120, reconciled: true });
      }
      expect(journalsOf(), "nothing is left behind").to.deep.equal(before);
    });
  }

  it("refuses a node whose time cannot be steered, and one that is not there", async () => {
    const anvil = await startAnvil();
    running.push(anvil);
    const proxy = await refusingProxy(anvil.url, ["evm_setNextBlockTimestamp"]);
    running.push(proxy);
    const unsteerable = await start("--rpc", proxy.url, "--requests", "20", "--json", json);
    expect(unsteerable.code, unsteerable.text).to.equal(2);
    expect(unsteerable.text).to.include(`${proxy.url}: the node's time cannot be steered`);
    await proxy.stop();
    running.pop();
    const gone = await start("--rpc", proxy.url, "--requests", "20", "--json", json);
    expect(gone.code, gone.text).to.equal(2);
    expect(gone.text).to.include(`${proxy.url}: no node answers`);
    expect(existsSync(json)).to.equal(false);
  });
});
