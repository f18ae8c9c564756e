import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { artifacts } from "hardhat";
import { address, connect, morAddressOf, type Deployment } from "@yellowstone-compute/sdk";
import { readParameters } from "../../scripts/operate/parameters.js";
import { differencesOf, readBack } from "../../scripts/operate/readBack.js";
import { startAnvil, startHardhatNode, type LocalNode } from "../utils/node.js";
import { ROOT, runScript } from "../utils/script.js";

const LOCAL = join(ROOT, "ignition", "parameters", "local.json5");
const DEPLOYMENTS = join(ROOT, "ignition", "deployments");
/** First account of the well-known test mnemonic, which every local node funds. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const runDeploy = (args: readonly string[], env: Record<string, string>) =>
  runScript("scripts/operate/deploy.ts", args, env);
const journals = () => new Set(existsSync(DEPLOYMENTS) ? readdirSync(DEPLOYMENTS) : []);
const printed = (text: string) => {
  const line = text.split("\n").findLast((each) => each.startsWith("{")) ?? "{}";
  return JSON.parse(line) as Record<"compute" | "lens" | "token", string> & { chainId: number };
};

async function connected(url: string, text: string): Promise<{ d: Deployment; provider: JsonRpcProvider }> {
  const provider = new JsonRpcProvider(url);
  const { compute, lens } = printed(text);
  return {
    d: await connect({ runner: provider, addresses: { compute: address(compute), lens: address(lens) } }),
    provider,
  };
}

describe("npm run deploy", function () {
  this.timeout(180_000);
  const made: string[] = [];
  const scratch = mkdtempSync(join(tmpdir(), "deploy-"));
  let node: LocalNode | undefined;

  afterEach(async () => {
    await node?.stop();
    node = undefined;
  });
  after(() => {
    for (const path of [...made, scratch]) rmSync(path, { recursive: true, force: true });
  });

  /** Runs the script and notes which journals it left, to take them away again. */
  async function deploy(args: string[], env: Record<string, string>) {
    const before = journals();
    const finished = await runDeploy(args, env);
    for (const name of journals()) if (!before.has(name)) made.push(join(DEPLOYMENTS, name));
    return finished;
  }
  for (const [name, start] of [
    ["hardhat node", startHardhatNode],
    ["anvil", startAnvil],
  ] as const) {
    it(`deploys to ${name} over a test token, reads back, and a second run keeps what is there`, async () => {
      node = await start();
      const env = { LOCALHOST_RPC_URL: node.url };
      const first = await deploy(["--network", "localhost"], env);
      expect(first.text).to.include("read back: 30 of 30 values");
      expect(first.code, first.text).to.equal(0);
      const { d, provider } = await connected(node.url, first.text);
      expect(await d.token.symbol()).to.equal("tMOR");
      const parameters = readParameters(LOCAL);
      expect(differencesOf(await readBack(d, parameters))).to.deep.equal([]);
      const changed = { ...parameters, Yellowstone: { ...parameters.Yellowstone, minBondWei: 1n, bootstrapEndAt: 7n } };
      expect(differencesOf(await readBack(d, changed)).map(({ value }) => value)).to.deep.equal([
        "Yellowstone.minBondWei",
        "Yellowstone.bootstrapEndAt",
      ]);
      provider.destroy();
      if (name === "anvil") {
        const second = await deploy(["--network", "localhost"], env);
        expect(printed(second.text)).to.deep.equal(printed(first.text));
        const file = join(scratch, "changed.json5");
        writeFileSync(file, readFileSync(LOCAL, "utf8").replace('"600n"', '"601n"'));
        expect((await deploy(["--network", "localhost", "--parameters", file], env)).code).to.equal(1);
      }
    });
  }

  it("deploys as to Base Sepolia: its chain id, its MOR, a key of one's own", async () => {
    node = await startAnvil("--chain-id", "84532", "--optimism");
    const provider = new JsonRpcProvider(node.url);
    const mor = morAddressOf(84_532);
    await provider.send("anvil_setCode", [mor, (await artifacts.readArtifact("TestMor")).deployedBytecode]);
    const file = join(scratch, "baseSepolia.json5");
    const text = readFileSync(join(ROOT, "ignition", "parameters", "baseSepolia.json5"), "utf8");
    const router = '{ account: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", isContract: false }';
    const named = text
      .replace('guardian: ""', 'guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906"')
      .replace('governance: ""', 'governance: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"');
    writeFileSync(file, named.replace("routers: []", `routers: [${router}]`).replace("threshold: 0", "threshold: 1"));
    const env = { BASE_SEPOLIA_RPC_URL: node.url, BASE_SEPOLIA_KEY: KEY };
    const { code, text: output } = await deploy(["--network", "baseSepolia", "--parameters", file], env);
    expect(code, output).to.equal(0);
    expect(printed(output)).to.include({ chainId: 84_532, token: mor });
    expect(output).to.not.include(KEY.slice(2));
    provider.destroy();
  });

  it("refuses an unknown network and a file without routers before anything is sent", async () => {
    const unknown = await runDeploy(["--network", "mainnet"], {});
    expect(unknown.code).to.equal(1);
    expect(unknown.text).to.include("--network");
    const empty = await runDeploy(["--network", "arbitrumSepolia"], {});
    expect(empty.code).to.equal(1);
    expect(empty.text).to.include("arbitrumSepolia.json5: Routers.routers");
  });
});
