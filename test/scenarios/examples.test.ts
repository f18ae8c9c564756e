import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { readState, rebuildLedger } from "@yellowstone-compute/sdk";
import { installTarball, packSdk } from "../../scripts/checks/consumer.js";
import { freePort, startAnvil, type LocalNode } from "../utils/node.js";
import { ROOT } from "../utils/script.js";
import { Example, until } from "./examples/example.js";
import { deployForExamples, keysOf, MODEL, PRICE_WEI, type Market } from "./examples/market.js";

const PROMPT = "one two three four five six seven eight nine ten";
const SERVICES = ["router", "coSigner", "provider", "relayer", "watcher"] as const;

describe("scenario: the examples, from the packed tarball in an empty folder", function () {
  this.timeout(120_000);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "examples-")));
  const running = new Map<string, Example>();
  let node: LocalNode;
  let market: Market;

  before(async () => {
    const packed = await packSdk(folder);
    const how = await installTarball(folder, packed, ["@types/node"]);
    if (how === "copied") console.log("      npm's cache is not there: the dependencies were copied");
    cpSync(join(ROOT, "sdk", "examples"), folder, { recursive: true });
    expect(packed.files.filter((file) => /^(examples|src|test)\//.test(file))).to.deep.equal([]);
  });

  after(async () => {
    await Promise.all([...running.values()].map((example) => example.stop()));
    await market?.close();
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("compile strictly against the types that are in it", async () => {
    const files = [...SERVICES, "user"].map((name) => join(folder, name, `${name}.ts`));
    const options = [
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--lib",
      "es2022",
      "--types",
      "node",
      "--noEmit",
    ];
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    // The compiler says what is wrong on its standard output.
    const failed = await promisify(execFile)(process.execPath, [tsc, ...options, ...files], { cwd: folder }).then(
      () => "",
      (error: unknown) => String((error as { stdout?: unknown }).stdout),
    );
    expect(failed).to.equal("");
  });

  it("take the reports of a user to a paid claim, as five processes", async () => {
    node = await startAnvil();
    market = await deployForExamples(node.url);
    const keys = keysOf();
    const ports = await Promise.all(SERVICES.map(() => freePort()));
    const portOf = (name: (typeof SERVICES)[number]) => ports[SERVICES.indexOf(name)] ?? 0;
    const urlOf = (name: (typeof SERVICES)[number]) => `http://127.0.0.1:${portOf(name)}`;
    const shared = {
      NODE_URL: node.url,
      CHAIN_ID: String(market.d.chainId),
      COMPUTE: market.d.addresses.compute,
      LENS: market.d.addresses.lens,
      FROM_BLOCK: String(market.fromBlock),
      ROUTER: keys.router.address,
      ROUTER_URL: urlOf("router"),
      MODEL,
    };
    const env: Record<(typeof SERVICES)[number], Record<string, string>> = {
      router: {
        ROUTER_KEY: keys.router.secret,
        PEERS: JSON.stringify({ [keys.coSigner.address]: urlOf("coSigner") }),
        WATCHERS: JSON.stringify([keys.watcher.address]),
      },
      coSigner: { CO_SIGNER_KEY: keys.coSigner.secret },
      provider: { PROVIDER_KEY: keys.provider.secret, PAYOUT: market.payout, PRICE_WEI: String(PRICE_WEI) },
      relayer: { RELAYER_KEY: keys.relayer.secret },
      watcher: {
        WATCHER_KEY: keys.watcher.secret,
        ROUTERS: JSON.stringify({
          [keys.router.address]: urlOf("router"),
          [keys.coSigner.address]: urlOf("coSigner"),
        }),
      },
    };
    const start = (name: (typeof SERVICES)[number]) => {
      const example = new Example(folder, name, { ...shared, PORT: String(portOf(name)), ...env[name] });
      running.set(name, example);
      return example;
    };
    const said = (name: string, words: RegExp, seconds: number) =>
      (running.get(name) ?? expect.fail(name)).says(words, seconds);

    start("coSigner");
    start("router");
    await Promise.all([said("router", /router serves/, 20), said("coSigner", /serves/, 20)]);
    for (const name of ["provider", "relayer", "watcher"] as const) start(name);
    await Promise.all([said("provider", /bid: \{"bidHash"/, 20), said("watcher", /watches/, 20)]);

    const userEnv = { ...shared, USER_KEY: keys.user.secret };
    const users = [1, 2].map(() => new Example(folder, "user", userEnv, [PROMPT]));
    for (const user of users) {
      const { code } = await user.ended();
      expect(code, user.output).to.equal(0);
      expect(user.output).to.include(PROMPT.split(" ").reverse().join(" ")).and.include('"status":"served"');
    }
    const creditedUMor = (2n * 10n * PRICE_WEI) / 10n ** 12n;
    await said("coSigner", /signed attestation 1/, 30);
    await said("relayer", /attestation 1: done, 0x/, 15);
    await said("watcher", /attestation 1.* holds/, 15);
    // A turn of the block between the two reports makes it two attestations, and two claims.
    const provider = running.get("provider") ?? expect.fail("no provider");
    const paidUMor = () =>
      [...provider.output.matchAll(/paid (\d+) uMOR/g)].reduce((sum, [, paid = "0"]) => sum + BigInt(paid), 0n);
    await until("everything is paid", 60, () => Promise.resolve(paidUMor() === creditedUMor));

    expect(await market.d.token.balanceOf(market.payout), "at the payout address").to.equal(20n * PRICE_WEI);
    const { head, pool } = await readState(market.d);
    expect(head.attestedUMor).to.equal(creditedUMor);
    expect(pool.owedWei).to.equal(0n);
    expect((await rebuildLedger(market.d)).tree.lane(0)).to.equal(creditedUMor);
    for (const name of ["router", "coSigner", "watcher", "user"] as const) {
      expect(await market.d.provider.getTransactionCount(keys[name].address), `${name} sends nothing`).to.equal(0);
    }
  });

  it("stop when told to, and leave no key behind", async () => {
    const secrets = Object.values(keysOf()).map(({ secret }) => secret.slice(2));
    for (const [name, example] of running) {
      expect(await example.stop(), `${name}: ${example.output}`).to.deep.equal({ code: 0, signal: null });
      for (const secret of secrets) expect(example.output, name).to.not.include(secret);
    }
    expect(readdirSync(join(folder, "coSigner"))).to.include("signed-1.json");
    expect(readdirSync(join(folder, "router"))).to.include("router.journal");
  });
});
