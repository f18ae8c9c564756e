import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import ts from "typescript";
import { address, InvalidField, morAddressOf, type connect } from "@yellowstone-compute/sdk";
import { DEPLOY_HELP, readDeployOptions } from "../../scripts/operate/deployOptions.js";
import { LocalNotExported, VariableMissing } from "../../scripts/operate/errors.js";
import { networkOf, NETWORK_NAMES, requireVariables } from "../../scripts/operate/networks.js";
import { readParameters } from "../../scripts/operate/parameters.js";
import { requirePublic } from "../../scripts/operate/publish.js";
import { checkSuiteCode, namedAddresses } from "../../scripts/operate/suiteCode.js";
import { startAnvil, startHardhatNode, type LocalNode } from "../utils/node.js";
import { refusingProxy } from "../utils/proxy.js";
import { ROOT, runScript } from "../utils/script.js";
import { Bench, DEPLOYER, KEY, namedParameters, placeMor, printed } from "./world.js";

/** What a node is never asked for by a command that only reads. */
const SENDING = ["eth_sendTransaction", "eth_sendRawTransaction"];

describe("npm run deploy", function () {
  this.timeout(300_000);
  const bench = new Bench();
  let node: LocalNode | undefined;

  afterEach(async () => {
    await node?.stop();
    node = undefined;
  });
  after(() => bench.clear());

  it("rehearses without a key and sends nothing, then deploys to an OP-stack chain as to Base Sepolia", async () => {
    node = await startHardhatNode("--chain-type", "op", "--chain-id", "84532");
    await placeMor(node.url, 84_532, "hardhat_setCode");
    const file = bench.fileOf("baseSepolia.json5", namedParameters("baseSepolia"));
    const args = ["--network", "baseSepolia", "--parameters", file];
    const readOnly = await refusingProxy(node.url, SENDING);
    const rehearsed = await bench.deploy([...args, "--dry-run", "--from", DEPLOYER], {
      BASE_SEPOLIA_RPC_URL: readOnly.url,
    });
    await readOnly.stop();
    expect(rehearsed.code, rehearsed.text).to.equal(0);
    for (const word of ["17 transactions", "Yellowstone#ComputeContract", "Schedule.initialWei", "ETH", "30 of 30"]) {
      expect(rehearsed.text).to.include(word);
    }
    const plan = printed(rehearsed.text) as unknown as { gas: string; addresses: { compute: string } };
    expect(Number(plan.gas)).to.be.within(10_000_000, 20_000_000);
    const provider = new JsonRpcProvider(node.url);
    expect(await provider.getTransactionCount(DEPLOYER)).to.equal(0);

    const env = { BASE_SEPOLIA_RPC_URL: node.url, BASE_SEPOLIA_KEY: KEY };
    const published = join(bench.scratch, "published.ts");
    const deployed = await bench.deploy([...args, "--yes", "--json", "--export-to", published], env);
    expect(deployed.code, deployed.text).to.equal(0);
    expect(deployed.text).to.not.include(KEY.slice(2));
    const result = printed(deployed.text);
    expect(result).to.include({ chainId: 84_532, token: morAddressOf(84_532), compute: plan.addresses.compute });
    await knows(published, node.url, result);

    const addresses = await namedAddresses(provider, address(result.compute), address(result.lens));
    const rows = await checkSuiteCode({ provider, addresses, parameters: readParameters(file) });
    expect(rows.map(({ contract, difference }) => [contract, difference])).to.deep.equal(
      ["compute", "bootstrap", "registry", "routers", "lens", "schedule", "authority"].map((name) => [name, undefined]),
    );
    // Nobody answers there: as without a network.
    const offline = { ...env, HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };
    const verified = await runScript("scripts/operate/verify.ts", args, offline);
    expect(verified.code).to.equal(1);
    for (const words of ["7 contracts on the chain are what was built", "AccessManager of 0x", "npm run verify-code"]) {
      expect(verified.text).to.include(words);
    }
    await provider.send("hardhat_setCode", [result.lens, `${await provider.getCode(result.lens)}00`]);
    const parts = ["--compute", result.compute, "--lens", result.lens, "--rpc", node.url];
    const tampered = await runScript("scripts/operate/verifyCode.ts", parts);
    expect(tampered.text).to.match(/DIFFERS lens .+: byte \d+ is 0x00, the artefact has missing/);
    expect(tampered.text).to.include("6 of 7 contracts are what was built here");
    expect(tampered.code).to.equal(1);
    provider.destroy();
  });

  /** The SDK, built with what was exported, connects by the chain alone. */
  async function knows(published: string, url: string, result: object): Promise<void> {
    mkdirSync(join(ROOT, "cache"), { recursive: true });
    const copy = mkdtempSync(join(ROOT, "cache", "sdk-"));
    try {
      cpSync(join(ROOT, "sdk", "dist"), copy, { recursive: true });
      const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
      const { outputText } = ts.transpileModule(readFileSync(published, "utf8"), { compilerOptions: options });
      writeFileSync(join(copy, "deployment", "published.js"), outputText);
      const sdk = (await import(pathToFileURL(join(copy, "deployment", "index.js")).href)) as {
        connect: typeof connect;
        addressesOf: (chainId: number) => object;
      };
      const runner = new JsonRpcProvider(url);
      const d = await sdk.connect({ runner });
      const { codeHash, deployedInBlock } = d;
      expect({ ...d.addresses, codeHash, deployedInBlock }).to.deep.include(
        Object.fromEntries(Object.entries(result).filter(([name]) => name in d.addresses || name === "codeHash")),
      );
      expect(deployedInBlock).to.be.greaterThan(0);
      expect(sdk.addressesOf(84_532)).to.have.property("deployedAt", new Date().toISOString().slice(0, 10));
      runner.destroy();
    } finally {
      rmSync(copy, { recursive: true });
    }
  }

  it("rehearses as to Arbitrum Sepolia; asks before it sends, and gives up where nobody can answer", async () => {
    node = await startAnvil("--chain-id", "421614");
    await placeMor(node.url, 421_614, "anvil_setCode");
    const file = bench.fileOf("arbitrumSepolia.json5", namedParameters("arbitrumSepolia"));
    const args = ["--network", "arbitrumSepolia", "--parameters", file];
    const env = { ARBITRUM_SEPOLIA_RPC_URL: node.url, ARBITRUM_SEPOLIA_KEY: KEY };
    const rehearsed = await bench.deploy([...args, "--dry-run", "--json"], env);
    expect(rehearsed.code, rehearsed.text).to.equal(0);
    expect(printed(rehearsed.text)).to.include({ status: "rehearsed", chainId: 421_614 });
    const unasked = await bench.deploy(args, env);
    expect(unasked.code).to.equal(1);
    expect(unasked.text).to.include("not confirmed, nothing was sent");
    for (const { text } of [rehearsed, unasked]) expect(text).to.not.include(KEY.slice(2));
    const provider = new JsonRpcProvider(node.url);
    expect(await provider.getTransactionCount(DEPLOYER)).to.equal(0);
    provider.destroy();
  });

  it("exports no local chain, and no development node that passes for a real one", () => {
    expect(() => requirePublic(31_337n, "anvil/v1.7.1", true)).to.throw(LocalNotExported);
    expect(() => requirePublic(84_532n, "HardhatNetwork/3.18.0", false)).to.throw(LocalNotExported);
    expect(() => requirePublic(84_532n, "Geth/v1.101602.0-stable", false)).to.not.throw();
    expect(() => readDeployOptions(["--network", "localhost", "--export"])).to.throw(InvalidField, "--export");
  });

  it("refuses options that do not fit", () => {
    const cases: [string[], string][] = [
      [["--network", "mainnet"], "--network"],
      [[], "--network"],
      [["--network", "baseSepolia", "--from", DEPLOYER], "--from"],
      [["--network", "baseSepolia", "--dry-run", "--from", "0x12"], "--from"],
      [["--network", "baseSepolia", "--dry-run", "--export"], "--export"],
      [["--network", "baseSepolia", "--key", KEY], "command line"],
    ];
    for (const [args, field] of cases) expect(() => readDeployOptions(args)).to.throw(InvalidField, field);
    expect(readDeployOptions(["--network", "baseSepolia", "-h"])).to.equal("help");
    for (const name of NETWORK_NAMES) expect(DEPLOY_HELP).to.include(name);
  });

  it("says which variable is missing or malformed, and never repeats a key", async () => {
    const file = bench.fileOf("arbitrumSepolia.json5", namedParameters("arbitrumSepolia"));
    const args = ["--network", "arbitrumSepolia", "--parameters", file];
    const env = { ARBITRUM_SEPOLIA_RPC_URL: "http://127.0.0.1:9", ARBITRUM_SEPOLIA_KEY: `${KEY}ff` };
    const { code, text } = await bench.deploy(args, env);
    expect(code).to.equal(1);
    expect(text).to.include("ARBITRUM_SEPOLIA_KEY: not set, or no private key");
    expect(text).to.include("npx hardhat keystore set ARBITRUM_SEPOLIA_KEY");
    expect(text).to.not.include(KEY.slice(2));
    const nothing = await requireVariables(networkOf("baseSepolia"), true).catch((error: unknown) => error);
    expect(nothing)
      .to.be.instanceOf(VariableMissing)
      .and.have.property("message")
      .that.includes("BASE_SEPOLIA_RPC_URL");
  });
});
