import { createHash } from "node:crypto";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { address, connect } from "@yellowstone-compute/sdk";
import { readParameters } from "../../scripts/operate/parameters.js";
import { differencesOf, readBack } from "../../scripts/operate/readBack.js";
import { hostileProxy, type HostileProxy, type Misdeed } from "../utils/hostileProxy.js";
import { startHardhatNode, type LocalNode } from "../utils/node.js";
import { Bench, DEPLOYER, LOCAL, printed } from "./world.js";

const SEED = process.env["KILL_SEED"] ?? "yellowstone";

/** Transactions of the whole deployment, and those that create a contract. */
const TRANSACTIONS = 18;
const CREATIONS = 6;

describe("a deployment that is killed", function () {
  this.timeout(180_000);
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

    const other = await startHardhatNode();
    const whole = await bench.deploy(["--network", "localhost"], { LOCALHOST_RPC_URL: other.url });
    await other.stop();
    const { deployedInBlock, ...result } = printed(last.text);
    expect(deployedInBlock).to.equal(1);
    expect({ ...result, deployedInBlock: 1 }, `seed ${SEED}`).to.deep.equal(printed(whole.text));

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
    expect(differencesOf(await readBack(d, readParameters(LOCAL)))).to.deep.equal([]);
    provider.destroy();
  });
});
