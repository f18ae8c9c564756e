import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { encryptKeystoreJsonSync, id } from "ethers";
import { ConfigInvalid, KeyUnavailable } from "@yellowstone-compute/sdk/errors";
import { localSigner } from "@yellowstone-compute/sdk/messages";
import { loadKey, readConfig, routerKeyOf } from "@yellowstone-compute/sdk/service";
import { textOf } from "../../../sdk/dist/service/keys.js";
import { ROOT } from "../../utils/script.js";
import { freePort } from "../../utils/node.js";

const SECRET = id("a key that nobody may see");
const least = {
  chain: { rpcUrl: "http://127.0.0.1:8545" },
  deployment: { compute: `0x${"11".repeat(20)}`, lens: `0x${"22".repeat(20)}` },
  key: { env: "ROUTER_KEY" },
  journal: { path: "router.journal" },
  archive: { path: "router.archive" },
};
const PEER = `0x${"33".repeat(20)}`;
const failureOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe("service: configuration", () => {
  it("fills in defaults, and reads JSON5 with comments", () => {
    const config = readConfig(`// a comment\n${JSON.stringify(least)}`);
    expect(config.listen).to.deep.equal({ host: "127.0.0.1", port: 8_645, trustProxy: false });
    expect(config.quorum).to.include({ cadenceBlocks: 50, turnBlocks: 5, timeoutMs: 5_000 });
    expect(config.liveness).to.deep.equal({ check: true, timeoutMs: 500, cacheMs: 2_000, allowPrivate: false });
    expect(config.poster).to.equal(undefined);
    const full = readConfig(
      JSON.stringify({
        ...least,
        policy: {
          reportSeconds: 60,
          gate: { window: 20 },
          failures: { coolDownBlocks: 3 },
          priceRange: { minWei: "5" },
        },
        peers: { [`0x${"33".repeat(20)}`]: "https://router.example/" },
        budgetWei: "1000",
        poster: { keystore: "poster.json", passwordEnv: "POSTER_PASSWORD" },
        journal: { path: "router.journal", maxBytes: 65_536 },
        watchers: [`0x${"44".repeat(20)}`],
      }),
    );
    expect(full.policy).to.deep.include({ reportSeconds: 60n, gate: { window: 20 }, priceRange: { minWei: 5n } });
    expect([...full.peers.values()]).to.deep.equal(["https://router.example"]);
    expect(full.budgetWei).to.equal(1_000n);
    expect(full.poster).to.deep.equal({ keystore: "poster.json", passwordEnv: "POSTER_PASSWORD" });
    expect([config.journal.maxBytes, full.journal.maxBytes]).to.deep.equal([undefined, 65_536]);
    expect(full.watchers).to.deep.equal([`0x${"44".repeat(20)}`]);
    expect(config.watchers).to.deep.equal([]);
  });

  it("reads every figure of a policy, and whose balances on other chains count", () => {
    const gate = { tolerancePercent: 5, window: 20, minimumSamples: 3, capMultiple: 4, perUserCap: 2 };
    const figures = { reportSeconds: 60, maxRfcSeconds: 90, attestationSeconds: 3_600, clockSkewMs: 500 };
    const config = readConfig(
      JSON.stringify({
        ...least,
        policy: {
          ...figures,
          maxWaiting: 7,
          gate,
          failures: { forgiven: 1, window: 9, coolDownBlocks: 3, maxCoolDownBlocks: 12 },
          priceRange: { minWei: "5", maxWei: "50" },
        },
        balances: [
          { rpcUrl: "https://one.example", token: `0x${"55".repeat(20)}` },
          { rpcUrlEnv: "OTHER_RPC", token: `0x${"66".repeat(20)}`, fromBlock: 12, confirmations: 3 },
        ],
        balancesFromBlock: 4,
      }),
    );
    expect(config.policy).to.deep.equal({
      reportSeconds: 60n,
      maxRfcSeconds: 90n,
      attestationSeconds: 3_600n,
      clockSkewMs: 500n,
      maxWaiting: 7,
      gate,
      failures: { forgiven: 1, window: 9, coolDownBlocks: 3n, maxCoolDownBlocks: 12n },
      priceRange: { minWei: 5n, maxWei: 50n },
    });
    expect(config.balances).to.deep.equal([
      { rpcUrl: { text: "https://one.example" }, token: `0x${"55".repeat(20)}`, fromBlock: 0, confirmations: 0 },
      { rpcUrl: { env: "OTHER_RPC" }, token: `0x${"66".repeat(20)}`, fromBlock: 12, confirmations: 3 },
    ]);
    expect(config.balancesFromBlock).to.equal(4);
  });

  const cases: readonly [string, unknown, string][] = [
    ["no JSON", "{", "file"],
    ["a list", "[]", ""],
    ["no chain", { ...least, chain: {} }, "chain.rpcUrl"],
    ["an unknown field", { ...least, chian: {} }, "chian"],
    ["an unknown field of a section", { ...least, chain: { ...least.chain, url: "x" } }, "chain.url"],
    ["__proto__", `{"__proto__":{}, ${JSON.stringify(least).slice(1)}`, "__proto__"],
    ["a number as text", { ...least, listen: { port: "80" } }, "listen.port"],
    ["a port beyond", { ...least, listen: { port: 70_000 } }, "listen.port"],
    ["a float", { ...least, tickMs: 1.5 }, "tickMs"],
    ["an amount as a number", { ...least, budgetWei: 5 }, "budgetWei"],
    ["a URL with credentials", { ...least, chain: { rpcUrl: "http://me:pw@x/" } }, "chain.rpcUrl"],
    ["a URL that is none", { ...least, chain: { rpcUrl: "localhost" } }, "chain.rpcUrl"],
    ["a URL of another kind", { ...least, chain: { rpcUrl: "file:///etc/passwd" } }, "chain.rpcUrl"],
    [
      "a wrong checksum",
      { ...least, deployment: { ...least.deployment, lens: `0x${"aB".repeat(20)}` } },
      "deployment.lens",
    ],
    ["a key in place of its name", { ...least, key: { env: SECRET } }, "key.env"],
    ["a key without its prefix", { ...least, key: { env: SECRET.slice(2) } }, "key.env"],
    ["a key in a field of its own", { ...least, key: { privateKey: SECRET } }, "key.env"],
    ["two sources of a key", { ...least, key: { env: "A", keystore: "b", passwordEnv: "C" } }, "key.env"],
    ["a peer that is no address", { ...least, peers: { router: "http://x" } }, "peers.router"],
    ["a watcher that is no address", { ...least, watchers: ["me"] }, "watchers.0"],
    ["watchers that are no list", { ...least, watchers: {} }, "watchers"],
    ["balances that are no list", { ...least, balances: {} }, "balances"],
    ["more chains than it asks", { ...least, balances: Array(17).fill({}) }, "balances"],
    [
      "a balance's unknown field",
      { ...least, balances: [{ ...least.chain, token: PEER, coin: 1 }] },
      "balances[0].coin",
    ],
    ["an empty path", { ...least, journal: { path: "" } }, "journal.path"],
    ["a path that is a number", { ...least, archive: { path: 5 } }, "archive.path"],
    ["a flag in words", { ...least, liveness: { check: "yes" } }, "liveness.check"],
    [
      "a code hash that is cut",
      { ...least, deployment: { ...least.deployment, codeHash: "0x12" } },
      "deployment.codeHash",
    ],
    ["a level that is none", { ...least, log: { level: "loud" } }, "log.level"],
    ["a gate setting that is none", { ...least, policy: { gate: { size: 1 } } }, "policy.gate.size"],
  ];
  for (const [name, input, path] of cases) {
    it(`refuses ${name}, and names the field`, () => {
      const error = failureOf(() => readConfig(typeof input === "string" ? input : JSON.stringify(input)));
      expect(error, String(error)).to.be.instanceOf(ConfigInvalid);
      const { message, next, data } = error as ConfigInvalid;
      expect(data.path.startsWith(path), data.path).to.equal(true);
      expect(next).to.match(/^Correct .*\.$/);
      expect(message).to.not.include(SECRET.slice(2)).and.not.include("pw@");
    });
  }

  it("loads a key from the environment or from a keystore, and says nothing of it", async () => {
    expect(routerKeyOf(await loadKey({ env: "K" }, { K: SECRET })).signer.address).to.equal(
      localSigner(SECRET).address,
    );
    expect(await loadKey({ env: "K" }, { K: SECRET.slice(2) })).to.deep.equal(
      await loadKey({ env: "K" }, { K: SECRET }),
    );
    const folder = mkdtempSync(join(tmpdir(), "keystore-"));
    try {
      const keystore = join(folder, "key.json");
      const account = { address: localSigner(SECRET).address, privateKey: SECRET };
      const json = encryptKeystoreJsonSync(account, "password", { scrypt: { N: 2, r: 1, p: 1 } });
      writeFileSync(keystore, json);
      const source = { keystore, passwordEnv: "P" };
      expect(routerKeyOf(await loadKey(source, { P: "password" })).requests.address).to.equal(
        localSigner(SECRET).address,
      );
      const refused = [
        () => loadKey(source, { P: "wrong" }),
        () => loadKey(source, {}),
        () => loadKey({ ...source, keystore: join(folder, "none") }, { P: "password" }),
        () => loadKey({ env: "K" }, { K: SECRET.slice(0, 20) }),
        () => loadKey({ env: "K" }, {}),
      ];
      for (const each of refused) {
        const error = await each().catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(KeyUnavailable);
        expect(JSON.stringify(error)).to.not.include(SECRET.slice(2, 20));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("service: texts that may hold a secret", () => {
  it("stand in the configuration or in the environment, which is named when it lacks one", () => {
    expect(textOf({ text: "https://here" }, {})).to.equal("https://here");
    expect(textOf({ env: "RPC" }, { RPC: "https://there" })).to.equal("https://there");
    for (const env of [{}, { RPC: "" }, { rpc: "https://there" }]) {
      expect(() => textOf({ env: "RPC" }, env)).to.throw(KeyUnavailable, /environment variable RPC: is not set/);
    }
  });
});

describe("yellowstone", () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const cli = join(ROOT, "sdk", "dist", "cli", "main.js");
  const yellowstone = (...args: string[]) => {
    const env = { PATH: process.env["PATH"] ?? "", ROUTER_KEY: SECRET };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: "utf8",
      env,
      cwd: folder,
    });
    expect(stdout + stderr).to.not.include(SECRET.slice(2));
    return { status, stdout, stderr };
  };
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("explains itself", () => {
    expect(yellowstone("--help")).to.include({ status: 0 });
    expect(yellowstone("--help").stdout).to.include("yellowstone router run");
    expect(yellowstone("router", "run", "--help").stdout).to.include("Exit codes: 0");
    expect(yellowstone("--version").stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it("ends with a code of its own for each kind of failure", async () => {
    const file = (name: string, config: unknown): string => {
      writeFileSync(join(folder, name), typeof config === "string" ? config : JSON.stringify(config));
      return name;
    };
    const port = await freePort();
    const away = { ...least, chain: { rpcUrl: `http://127.0.0.1:${port}/token-in-the-path` } };
    expect(yellowstone().status).to.equal(2);
    expect(yellowstone("fly").stderr).to.include("no such command: fly");
    expect(yellowstone("router", "run").status).to.equal(2);
    expect(yellowstone("router", "run", "--key", SECRET.slice(0, 9)).status).to.equal(2);
    expect(yellowstone("router", "run", "--config", "none").status).to.equal(3);
    expect(yellowstone("router", "run", "--config", file("bad", "{")).status).to.equal(3);
    expect(yellowstone("router", "run", "--config", file("nokey", { ...least, key: { env: "NONE" } })).status).to.equal(
      3,
    );
    const gone = yellowstone("router", "run", "--dry-run", "--config", file("away", away));
    expect(gone.status, gone.stderr).to.equal(5);
    expect(gone.stderr).to.not.include("token-in-the-path");
  });
});
