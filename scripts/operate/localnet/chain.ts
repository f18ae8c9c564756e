import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  address,
  connect,
  intake,
  readState,
  type Address,
  type Addresses,
  type Deployment,
} from "@yellowstone-compute/sdk";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import { Interface, JsonRpcProvider, type Signer } from "ethers";
import hre from "hardhat";
import YellowstoneWithTestMor from "../../../ignition/modules/YellowstoneWithTestMor.js";
import { readParameters } from "../parameters.js";

const MOR = 10n ** 18n;
const MINT = new Interface(["function mint(address to, uint256 amountWei)"]);

/** Who is to have what when the chain begins. */
export interface Purse {
  readonly account: string;
  readonly mor: bigint;
  /** Ether for gas. */
  readonly ether: bigint;
}

/** A chain of this process that others reach over HTTP, with the suite on it. */
export interface LocalChain {
  readonly url: string;
  readonly d: Deployment;
  readonly addresses: Pick<Addresses, "compute" | "lens">;
  /** First block at which everything is in place. */
  readonly fromBlock: number;
  /** Let the activation delay pass when an attestation waits for it. @returns its seq, or undefined */
  activate(): Promise<bigint | undefined>;
  close(): Promise<void>;
}

/**
 * Start a chain, deploy the suite with the values of `local.json5` but one router, put `poolMor` into the pool and fill the
 * purses. A block comes every second, and one with every transaction.
 */
export async function startChain(
  port: number,
  router: Address,
  poolMor: bigint,
  purses: readonly Purse[],
): Promise<LocalChain> {
  const server = await hre.network.createServer("node", "127.0.0.1", port);
  const url = `http://127.0.0.1:${(await server.listen()).port}`;
  const connection = await hre.network.create({ network: "localhost", override: { url } });
  const { ethers, ignition } = connection;
  const [deployer] = (await ethers.getSigners()) as unknown as [Signer];
  const local = readParameters(join(hre.config.paths.root, "ignition", "parameters", "local.json5"));
  const parameters = { ...local, Routers: { routers: [{ account: router, isContract: false }], threshold: 1 } };
  // A journal is for a deployment that goes on another time; this chain ends with its process.
  const deploymentId = `localnet-${process.pid}`;
  const { compute, lens, token } = await ignition
    .deploy(YellowstoneWithTestMor, { parameters: parameters as unknown as DeploymentParameters, deploymentId })
    .finally(() =>
      rmSync(join(hre.config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true }),
    );
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  const to = await token.getAddress();
  const mint = async (account: string, mor: bigint): Promise<void> => {
    const data = MINT.encodeFunctionData("mint", [account, mor * MOR]);
    await (await deployer.sendTransaction({ to, data })).wait();
  };
  await mint(addresses.compute, poolMor);
  for (const { account, mor: amount, ether } of purses) {
    if (amount > 0n) await mint(account, amount);
    if (ether > 0n) await (await deployer.sendTransaction({ to: account, value: ether * MOR })).wait();
  }
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 250 });
  await intake.sendAndWait(await connect({ runner: deployer, addresses }), {});
  const fromBlock = await provider.getBlockNumber();
  await provider.send("evm_setIntervalMining", [1_000]);
  const d = await connect({ runner: provider, addresses });
  return {
    url,
    d,
    addresses,
    fromBlock,
    async activate() {
      const { head } = await readState(d);
      if (head.activeSeq === head.headSeq) return undefined;
      await provider.send("evm_increaseTime", [Number(d.activationDelaySeconds)]);
      await provider.send("evm_mine", []);
      return head.headSeq;
    },
    async close() {
      provider.destroy();
      await connection.close();
      await server.close();
    },
  };
}
