import { join } from "node:path";
import { InvalidField } from "@yellowstone-compute/sdk";
import hre from "hardhat";
import { VariableMissing } from "./errors.js";

/** A network that operators deploy to. */
export interface OperatedNetwork {
  readonly name: string;
  /** Parameter file, when no other is named. */
  readonly file: string;
  /** A node that forgets: no confirmation is asked for, and nothing is exported. */
  readonly isLocal: boolean;
  /** Configuration variables it needs; none for a local node. */
  readonly variables: { readonly url: string; readonly key: string } | undefined;
}

const NETWORKS: readonly OperatedNetwork[] = [
  network("localhost", "local.json5"),
  network("baseSepolia", "baseSepolia.json5", { url: "BASE_SEPOLIA_RPC_URL", key: "BASE_SEPOLIA_KEY" }),
  network("arbitrumSepolia", "arbitrumSepolia.json5", {
    url: "ARBITRUM_SEPOLIA_RPC_URL",
    key: "ARBITRUM_SEPOLIA_KEY",
  }),
];

/** Names of the networks that can be deployed to. */
export const NETWORK_NAMES = NETWORKS.map(({ name }) => name);

/** Find a network by its name. @throws InvalidField */
export function networkOf(name: string | undefined): OperatedNetwork {
  const known = NETWORKS.find((each) => each.name === name);
  if (known === undefined) throw new InvalidField("--network", NETWORK_NAMES.join(", "), name);
  return known;
}

/**
 * Read the variables of a network once, from the environment or Hardhat's keystore, so that what is missing is said by name
 * before anything is done. The key is asked for only when `needsKey`. @throws VariableMissing
 */
export async function requireVariables({ name, variables }: OperatedNetwork, needsKey: boolean): Promise<void> {
  const config = hre.config.networks[name];
  if (variables === undefined || config?.type !== "http") return;
  await config.url.getUrl().catch(() => {
    throw new VariableMissing(variables.url, name, "not set, or no URL");
  });
  if (!needsKey || !Array.isArray(config.accounts)) return;
  for (const account of config.accounts) {
    const key = await account.getHexString().catch(() => "");
    if (!/^0x[0-9a-f]{64}$/.test(key)) {
      throw new VariableMissing(variables.key, name, "not set, or no private key of 32 bytes in hex");
    }
  }
}

/** URL of a network's node. */
export async function urlOf({ name }: OperatedNetwork): Promise<string> {
  const config = hre.config.networks[name];
  if (config?.type !== "http") throw new InvalidField("--network", "a network with a node", name);
  return config.url.getUrl();
}

function network(name: string, file: string, variables?: OperatedNetwork["variables"]): OperatedNetwork {
  const path = join(hre.config.paths.root, "ignition", "parameters", file);
  return { name, file: path, isLocal: variables === undefined, variables };
}
