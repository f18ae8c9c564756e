// Deploys the suite and reads it back: npm run deploy -- --network baseSepolia|arbitrumSepolia|localhost [--parameters FILE]
// Values come from ignition/parameters/<network>.json5 (localhost: local.json5). Exits 1 if a value on chain differs from the
// file's, or if anything fails. Run again to resume: what is deployed is kept.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { address, connect, InvalidField, YellowstoneError, type Deployment } from "@yellowstone-compute/sdk";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import hre from "hardhat";
import Yellowstone from "../../ignition/modules/Yellowstone.js";
import YellowstoneWithTestMor from "../../ignition/modules/YellowstoneWithTestMor.js";
import { readParameters, type DeployParameters } from "./parameters.js";
import { differencesOf, readBack } from "./readBack.js";

const PARAMETERS: Readonly<Record<string, string>> = {
  localhost: "local.json5",
  baseSepolia: "baseSepolia.json5",
  arbitrumSepolia: "arbitrumSepolia.json5",
};

interface Options {
  readonly network: string;
  readonly file: string;
}

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({ args, options: { network: { type: "string" }, parameters: { type: "string" } } });
  const network = values.network ?? "";
  const known = PARAMETERS[network];
  if (known === undefined) throw new InvalidField("--network", Object.keys(PARAMETERS).join(", "), network);
  return { network, file: values.parameters ?? join(hre.config.paths.root, "ignition", "parameters", known) };
}

async function deploy({ network, file }: Options, parameters: DeployParameters): Promise<Deployment> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const { ethers, ignition } = await hre.network.create(network);
  const [runner] = await ethers.getSigners();
  if (runner === undefined) throw new InvalidField(`network ${network}`, "an account to send from", undefined);
  const { chainId } = await ethers.provider.getNetwork();
  console.log(`deploying to ${network}, chain ${chainId}, from ${runner.address}, values of ${file}`);
  const { guardian, governance } = parameters.Yellowstone;
  for (const [name, account] of Object.entries({ guardian, governance })) {
    if (account === runner.address) throw new InvalidField(name, "another account than the deployer's", account);
  }
  const options = {
    // Ignition reads the same values, by module and name.
    parameters: parameters as unknown as DeploymentParameters,
    deploymentId: `${network}-${await genesisOf(ethers.provider)}`,
  };
  const { compute, lens } =
    parameters.Yellowstone.token === undefined
      ? await ignition.deploy(YellowstoneWithTestMor, options)
      : await ignition.deploy(Yellowstone, options);
  const addresses = { compute: address(await compute.getAddress()), lens: address(await lens.getAddress()) };
  return connect({ runner, addresses });
}

/** Names the journal after the chain's genesis: a local node forgets, Ignition does not, and a fork is not the chain itself. */
async function genesisOf(provider: Provider): Promise<string> {
  return (await provider.getBlock(0))?.hash?.slice(2, 14) ?? "unknown";
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const parameters = readParameters(options.file);
  const d = await deploy(options, parameters);
  for (const [name, at] of Object.entries(d.addresses)) console.log(`  ${name.padEnd(10)} ${at}`);
  const rows = await readBack(d, parameters);
  const differences = differencesOf(rows);
  for (const { value, expected, actual } of differences) {
    console.error(`differs: ${value}: the file says ${expected}, the chain ${actual}`);
  }
  console.log(`read back: ${rows.length - differences.length} of ${rows.length} values as in the file`);
  console.log(JSON.stringify({ chainId: Number(d.chainId), codeHash: d.codeHash, ...d.addresses }));
  if (differences.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof YellowstoneError) console.error(error.next);
  process.exitCode = 1;
}
