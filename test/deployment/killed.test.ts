import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { address, connect } from "@yellowstone-compute/sdk";
import { readParameters } from "../../scripts/operate/parameters.js";
import { differencesOf, readBack } from "../../scripts/operate/readBack.js";
import { hostileProxy, type HostileProxy, type Misdeed } from "../utils/hostileProxy.js";
import { startAnvil, startHardhatNode, type LocalNode } from "../utils/node.js";
import { Bench, DEPLOYER, LOCAL, printed } from "./world.js";

const SEED = process.env["KILL_SEED"] ?? "yellowstone";

/** Transactions of the whole deployment, and those that create a contract. */
const TRANSACTIONS = 18;
const CREATIONS = 6;

describe("a deployment that is killed", function () {
  this.timeout(300_000);
  const bench = new Bench();
  let node: LocalNode;
  let proxy: HostileProxy;

  before(async () => {
    node = await startHardhatNode();
    proxy = await hostileProxy(node.url);
  });
  after(async () => {
    await proxy.stop();
    await node.stop();
    bench.clear();
  });

  /** Deploy, and kill the process with its `sends`-th transaction: unread by the node, or sent and not noted. */
  async function killedAt(sends: number, misdeed: Misdeed): Promise<void> {
    const { child, finished } = bench.start(["--network", "localhost"], { LOCALHOST_RPC_URL: proxy.url });
    let seen = 0;
    proxy.plan = ({ method }) => {
      if (method !== "eth_sendTransaction" || ++seen !== sends) return undefined;
      child.kill("SIGKILL");
      return misdeed;
    };
    const { code, text } = await finished;
    proxy.plan = () => undefined;
    expect(code, text).to.equal(null);
  }

  it("ends with the addresses of one that was not, and sends nothing twice", async () => {
    const random = createHash("sha256").update(SEED).digest();
    const near = (i: number, range: number) => 1 + (random[i]! % range);
    // Up to five of eighteen in each run: the last has something left to do.
    const kills: [number, Misdeed][] = [
      [near(0, 5), "drop"],
      [near(1, 5), "dropAnswer"],
      [near(2, 5), "dropAnswer"],
    ];
    for (const [sends, misdeed] of kills) await killedAt(sends, misdeed);
    const last = await bench.deploy(["--network", "localhost"], { LOCALHOST_RPC_URL: proxy.url });
    expect(last.code, `seed ${SEED}\n${last.text}`).to.equal(0);

    const other = await startAnvil();
    const whole = await bench.deploy(["--network", "localhost"], { LOCALHOST_RPC_URL: other.url });
    await other.stop();
    expect(last.text).to.include("read back: 30 of 30 values as in the file");
    const result = printed(last.text);
    expect(result, `seed ${SEED}`).to.deep.equal(printed(whole.text));
    expect(result.deployedInBlock).to.equal(1);

    const provider = new JsonRpcProvider(node.url);
    expect(await provider.getTransactionCount(DEPLOYER)).to.equal(TRANSACTIONS);
    let creations = 0;
    for (let number = await provider.getBlockNumber(); number > 0; number--) {
      const block = await provider.getBlock(number, true);
      creations += block!.prefetchedTransactions.filter(({ to }) => to === null).length;
    }
    expect(creations).to.equal(CREATIONS);
    const addresses = { compute: address(result.compute), lens: address(result.lens) };
    const d = await connect({ runner: provider, addresses });
    const parameters = readParameters(LOCAL);
    expect(differencesOf(await readBack(d, parameters))).to.deep.equal([]);
    const changed = { ...parameters, Yellowstone: { ...parameters.Yellowstone, minBondWei: 1n, bootstrapEndAt: 7n } };
    expect(differencesOf(await readBack(d, changed)).map(({ value }) => value)).to.deep.equal([
      "Yellowstone.minBondWei",
      "Yellowstone.bootstrapEndAt",
    ]);
    expect(await d.token.symbol()).to.equal("tMOR");

    // What is begun with some values goes on with no others; what is complete stays as it is.
    const file = bench.fileOf("changed.json5", readFileSync(LOCAL, "utf8").replace('"600n"', '"601n"'));
    const env = { LOCALHOST_RPC_URL: node.url };
    const otherwise = await bench.deploy(["--network", "localhost", "--parameters", file, "--json"], env);
    expect(otherwise.code).to.equal(1);
    expect(otherwise.text).to.include("Yellowstone.activationDelaySeconds: begun with 600, now 601");
    expect(printed(otherwise.text)).to.include({ status: "failed", code: "DeploymentChanged" });
    const again = await bench.deploy(["--network", "localhost"], env);
    expect(again.text).to.include("nothing was left to send");
    expect(printed(again.text)).to.deep.equal(printed(last.text));
    expect(await provider.getTransactionCount(DEPLOYER)).to.equal(TRANSACTIONS);
    provider.destroy();
  });
});
