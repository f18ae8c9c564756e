import {
  HardhatArtifactResolver,
  errorDeploymentResultToExceptionMessage,
} from "@nomicfoundation/hardhat-ignition/helpers";
import {
  deploy,
  DeploymentResultType,
  type DeploymentParameters,
  type EIP1193Provider,
  type ExecutionEventListener,
} from "@nomicfoundation/ignition-core";
import { address, type Address } from "@yellowstone-compute/sdk";
import hre from "hardhat";
import Yellowstone from "../../ignition/modules/Yellowstone.js";
import YellowstoneWithTestMor from "../../ignition/modules/YellowstoneWithTestMor.js";
import { DeploymentFailed } from "./errors.js";
import type { DeployParameters } from "./parameters.js";

/** What Ignition runs on. */
export interface IgniteOptions {
  readonly node: EIP1193Provider;
  readonly deployer: Address;
  /** Where the journal is. */
  readonly folder: string;
  readonly parameters: DeployParameters;
  /** Milliseconds between looks for a new block. */
  readonly pollMs: number;
  /** Told of each transaction that is confirmed. */
  readonly onConfirmed: (sent: SentTransaction) => void;
}

/** A transaction of a deployment: what it was for. */
export interface SentTransaction {
  /** Module and contract or step, as Ignition names it. */
  readonly step: string;
  readonly hash: string;
}

/** Run the suite's module from where its journal stands. @throws DeploymentFailed */
export async function ignite(options: IgniteOptions): Promise<{ compute: Address; lens: Address }> {
  const { node, deployer, folder, parameters, pollMs, onConfirmed } = options;
  const result = await deploy({
    config: { blockPollingInterval: pollMs, retryInterval: pollMs, requiredConfirmations: 1 },
    provider: node,
    deploymentDir: folder,
    executionEventListener: listenerOf(onConfirmed),
    artifactResolver: new HardhatArtifactResolver(hre.artifacts),
    ignitionModule: parameters.Yellowstone.token === undefined ? YellowstoneWithTestMor : Yellowstone,
    // Ignition reads the same values, by module and name.
    deploymentParameters: parameters as unknown as DeploymentParameters,
    accounts: [deployer],
    defaultSender: deployer,
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new DeploymentFailed(errorDeploymentResultToExceptionMessage(result));
  }
  const at = (id: string) => address(result.contracts[id]?.address ?? "", id);
  return { compute: at("Yellowstone#ComputeContract"), lens: at("Lens#ComputeLens") };
}

/** Ignition tells of some thirty things: confirmations are listened to, the others answered. */
function listenerOf(onConfirmed: (sent: SentTransaction) => void): ExecutionEventListener {
  const confirmed = ({ futureId, hash }: { futureId: string; hash: string }) => {
    onConfirmed({ step: futureId, hash });
    return Promise.resolve();
  };
  return new Proxy({} as ExecutionEventListener, {
    get: (_, name) => (name === "transactionConfirm" ? confirmed : () => Promise.resolve()),
  });
}
