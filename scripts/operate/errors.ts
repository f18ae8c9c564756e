import { YellowstoneError } from "@yellowstone-compute/sdk";

/** A configuration variable that a network needs is not set, or is not what it should be. Says nothing of its value. */
export class VariableMissing extends YellowstoneError<{ variable: string; network: string }> {
  constructor(variable: string, network: string, reason: string) {
    super(`${network}: ${variable}: ${reason}`, {
      code: "VariableMissing",
      data: { variable, network },
      next: `Store it with \`npx hardhat keystore set ${variable}\`, or set it in the environment.`,
      retry: "no",
    });
  }
}

/** A deployment that was begun cannot go on with other values. */
export class DeploymentChanged extends YellowstoneError<{ folder: string; changes: readonly string[] }> {
  constructor(folder: string, changes: readonly string[]) {
    super(`deployment ${folder} was begun with other values:\n  ${changes.join("\n  ")}`, {
      code: "DeploymentChanged",
      data: { folder, changes },
      next: "Restore the values to resume it. To deploy anew with others, move its folder in ignition/deployments away.",
      retry: "no",
    });
  }
}

/** Ignition stopped. What is deployed is kept. */
export class DeploymentFailed extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`deployment stopped: ${reason.trim()}`, {
      code: "DeploymentFailed",
      data: { reason: reason.trim() },
      next: "Remove the reason, then run the same command again: what is deployed is kept.",
      retry: "later",
    });
  }
}

/** A transaction of an earlier run is in the node's pool and not mined. */
export class TransactionUnmined extends YellowstoneError<{ sender: string; nonce: number }> {
  constructor(sender: string, nonce: number) {
    super(`transaction ${nonce} of ${sender} was sent by an earlier run and is not mined`, {
      code: "TransactionUnmined",
      data: { sender, nonce },
      next: "Run the same command again when it is mined.",
      retry: "later",
    });
  }
}

/** Nobody confirmed that a real network is meant. */
export class NotConfirmed extends YellowstoneError<{ network: string }> {
  constructor(network: string) {
    super(`${network}: not confirmed, nothing was sent`, {
      code: "NotConfirmed",
      data: { network },
      next: "Type the network's name when asked, or pass --yes where nobody can be asked.",
      retry: "no",
    });
  }
}

/** The addresses of a chain that only lives here are nobody else's. */
export class LocalNotExported extends YellowstoneError<{ chainId: bigint; reason: string }> {
  constructor(chainId: bigint, reason: string) {
    super(`chain ${chainId} is not exported: ${reason}`, {
      code: "LocalNotExported",
      data: { chainId, reason },
      next: "Leave --export out: addresses of such a chain go to `connect` directly.",
      retry: "no",
    });
  }
}

/** What was built here does not say what the deployed code is to be. */
export class ArtifactUnusable extends YellowstoneError<{ contract: string; reason: string }> {
  constructor(contract: string, reason: string) {
    super(`artefact of ${contract}: ${reason}`, {
      code: "ArtifactUnusable",
      data: { contract, reason },
      next: "Run `npm run build`, then try again.",
      retry: "no",
    });
  }
}

/** Code on the chain is not what was built here: nothing is published about it. */
export class CodeDiffers extends YellowstoneError<{ contract: string; difference: string }> {
  constructor(contract: string, difference: string) {
    super(`${contract}: ${difference}`, {
      code: "CodeDiffers",
      data: { contract, difference },
      next: "Check out the commit that was deployed, or read `npm run verify-code -- --help`.",
      retry: "no",
    });
  }
}

/** A block explorer cannot be reached, or does not find the source to be that of the code. */
export class ExplorerFailed extends YellowstoneError<{ explorer: string; contract: string; reason: string }> {
  constructor(explorer: string, contract: string, reason: string) {
    super(`${explorer}: ${contract}: ${reason}`, {
      code: "ExplorerFailed",
      data: { explorer, contract, reason },
      next: "Go online and run it again: what is verified is passed over. Offline, `npm run verify-code` compares the code itself.",
      retry: "later",
    });
  }
}
