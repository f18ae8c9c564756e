import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { address, addressesOf, type Address } from "@yellowstone-compute/sdk";
import type { Provider } from "ethers";
import hre from "hardhat";

/** Names the journal after the chain's genesis: a local node forgets, Ignition does not, and a fork is not the chain itself. */
export async function folderOf(network: string, provider: Provider): Promise<string> {
  const genesis = (await provider.getBlock(0))?.hash?.slice(2, 14) ?? "unknown";
  return join(hre.config.paths.ignition, "deployments", `${network}-${genesis}`);
}

/** Compute contract and lens of a network: those deployed from here, or else those published. @throws UnknownChain */
export async function deployedOn(network: string, provider: Provider): Promise<{ compute: Address; lens: Address }> {
  const file = join(await folderOf(network, provider), "deployed_addresses.json");
  const { chainId } = await provider.getNetwork();
  if (!existsSync(file)) return addressesOf(chainId);
  const known = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const [compute, lens] = [known["Yellowstone#ComputeContract"], known["Lens#ComputeLens"]];
  if (compute === undefined || lens === undefined) return addressesOf(chainId);
  return { compute: address(compute), lens: address(lens) };
}
