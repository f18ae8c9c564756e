import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { configVariable, defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";

// The compiler is the wasm build inside the npm package `solc`: with a `path` Hardhat never asks for a compiler list, so a
// build needs no network. The path must stand in every profile.
const require = createRequire(import.meta.url);
const solc = {
  version: (require("solc/package.json") as { version: string }).version,
  path: require.resolve("solc/soljson.js"),
};

// Cancun: transient storage and mcopy, and no opcode that an L2 may still lack.
const evmVersion = "cancun";
// One set of settings for both profiles: every test runs the very code that is deployed.
const settings = { evmVersion, viaIR: true, optimizer: { enabled: true, runs: 650 } };
// Test contracts deploy what they test from its artifact (`deployCode`), so their own code need not be as good: the wasm
// compiler takes seconds for all of them this way, minutes otherwise. Harnesses hold code under test and are compiled as it is.
const quick = { evmVersion, viaIR: false, optimizer: { enabled: true, runs: 200 } };
const overrides = Object.fromEntries(
  globSync("test/**/*.sol", { cwd: import.meta.dirname, exclude: ["test/**/*Harness.sol"] }).map((file) => [
    file,
    { ...solc, settings: quick },
  ]),
);

// Hardhat compiles files of one configuration together, and takes overrides for different configurations even when they
// are equal: here each profile gets one for all of them.
const oneCompilationForTests: HardhatPlugin = {
  id: "one-compilation-for-tests",
  hookHandlers: {
    config: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            resolveUserConfig: async (userConfig, resolveVariable, next) => {
              const resolved = await next(userConfig, resolveVariable);
              for (const { overrides } of Object.values(resolved.solidity.profiles)) {
                const [shared] = Object.values(overrides);
                if (shared !== undefined) for (const file of Object.keys(overrides)) overrides[file] = shared;
              }
              return resolved;
            },
          }),
      }),
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, oneCompilationForTests],
  solidity: {
    splitTestsCompilation: true,
    // Deployed beside the suite as it is.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    profiles: {
      default: { compilers: [{ ...solc, settings }], overrides },
      production: { compilers: [{ ...solc, settings }], overrides },
    },
  },
  paths: { sources: "./contracts", tests: { mocha: "./test", solidity: "./test" } },
  typechain: { outDir: "./sdk/src/generated" },
  test: {
    mocha: { timeout: 120_000 },
    solidity: {
      // Where a campaign counts its actions, for scripts/checks/invariants.mjs.
      fsPermissions: { writeFile: ["./cache/invariants.txt"] },
      fuzz: { runs: 1000, seed: process.env["INVARIANT_SEED"] ?? "0x59656c6c6f7773746f6e65" },
      invariant: {
        runs: Number(process.env["INVARIANT_RUNS"] ?? 400),
        depth: 250,
        failOnRevert: true,
        shrinkRunLimit: Number(process.env["INVARIANT_SHRINK"] ?? 5000),
        // Steps draw what they need from one number: a dictionary of values seen would only cost time.
        dictionaryWeight: 0,
        includeStorage: false,
        includePushBytes: false,
      },
    },
  },
  networks: {
    // In-process chains. `op` charges the OP-stack's L1 data fee once its scalars are set.
    l1: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", allowBlocksWithSameTimestamp: true },
    op: { type: "edr-simulated", chainType: "op", allowBlocksWithSameTimestamp: true },
    // A rehearsal of a deployment runs on a fork of its chain, whatever kind of transactions that has.
    rehearsal: { type: "edr-simulated", chainType: "generic", allowBlocksWithSameTimestamp: true },
    localhost: { type: "http", chainType: "generic", url: process.env["LOCALHOST_RPC_URL"] ?? "http://127.0.0.1:8545" },
    // URL and key are read when one of these is used: from the environment or `npx hardhat keystore set`.
    baseSepolia: {
      type: "http",
      chainType: "op",
      chainId: 84_532,
      url: configVariable("BASE_SEPOLIA_RPC_URL"),
      accounts: [configVariable("BASE_SEPOLIA_KEY")],
    },
    arbitrumSepolia: {
      type: "http",
      chainType: "generic",
      chainId: 421_614,
      url: configVariable("ARBITRUM_SEPOLIA_RPC_URL"),
      accounts: [configVariable("ARBITRUM_SEPOLIA_KEY")],
    },
  },
  ignition: { requiredConfirmations: 1 },
  // Explorers of both testnets are known to Hardhat by chain id; Blockscout and Sourcify need no key.
  verify: {
    etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") },
    blockscout: { enabled: true },
    sourcify: { enabled: true },
  },
});
