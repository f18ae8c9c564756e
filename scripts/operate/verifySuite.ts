import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { Addresses } from "@yellowstone-compute/sdk";
import hre from "hardhat";
import { ExplorerFailed } from "./errors.js";
import type { DeployParameters } from "./parameters.js";

/** Where sources are published. */
export type Explorer = "blockscout" | "etherscan" | "sourcify";

/** A contract whose source is published, and how its constructor was called. */
export interface Publication {
  readonly address: string;
  /** Source and name. */
  readonly contract: string;
  readonly constructorArgs: unknown[];
}

/**
 * Every contract of a deployment with the arguments of its constructor. The compute contract made registry and bootstrap pool itself; the
 * deployer was the first admin of the AccessManager.
 */
export function publicationsOf(addresses: Addresses, deployer: string, parameters: DeployParameters): Publication[] {
  const { Schedule, Routers, Yellowstone: y } = parameters;
  const { token, routers, schedule, authority } = addresses;
  const rules = [y.minBondWei, y.changeDelaySeconds, y.unbondingDelaySeconds];
  const window = [y.bootstrapStartAt, y.bootstrapEndAt, y.seasonSeconds, y.entryWindowSeconds];
  const delay = y.activationDelaySeconds;
  const set = Routers.routers.map(({ account, isContract }) => [account, isContract]);
  const one = (address: string, source: string, ...constructorArgs: unknown[]): Publication => {
    const name = source.slice(source.lastIndexOf("/") + 1).replace(".sol", "");
    return { address, contract: `${source}:${name}`, constructorArgs };
  };
  const { initialWei, decreaseWei, startAt, intervalSeconds } = Schedule;
  return [
    one(authority, "@openzeppelin/contracts/access/manager/AccessManager.sol", deployer),
    one(schedule, "contracts/emission/LinearDecreaseSchedule.sol", initialWei, decreaseWei, startAt, intervalSeconds),
    one(routers, "contracts/routers/RouterSet.sol", set, Routers.threshold, authority),
    one(addresses.lens, "contracts/periphery/ComputeLens.sol"),
    ...(y.token === undefined ? [one(token, "contracts/periphery/TestMor.sol")] : []),
    one(addresses.compute, "contracts/ComputeContract.sol", token, schedule, routers, authority, delay, rules, window),
    one(
      addresses.registry,
      "contracts/providers/ProviderRegistry.sol",
      ...[token, routers, schedule, authority, delay, rules],
    ),
    one(addresses.bootstrap, "contracts/bootstrap/BootstrapPool.sol", window),
  ];
}

/** Publish the source of a contract and have the explorer compile and compare it. @throws ExplorerFailed */
export async function publishSource(publication: Publication, explorer: Explorer): Promise<void> {
  try {
    await verifyContract({ ...publication, provider: explorer }, hre);
  } catch (cause) {
    throw new ExplorerFailed(explorer, publication.contract, cause instanceof Error ? cause.message : String(cause));
  }
}
