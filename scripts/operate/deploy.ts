// Deploys the suite and reads it back: npm run deploy -- --help
import { createInterface } from "node:readline/promises";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { address, connect, InvalidField, type Address, type Deployment } from "@yellowstone-compute/sdk";
import type { Provider, Signer } from "ethers";
import hre from "hardhat";
import { DEPLOY_HELP, readDeployOptions, type DeployOptions } from "./deployOptions.js";
import { NotConfirmed } from "./errors.js";
import { ignite } from "./ignite.js";
import { firstBlockOf, requireSameInputs } from "./journal.js";
import { requireVariables, urlOf } from "./networks.js";
import { readParameters, valuesOf, type DeployParameters } from "./parameters.js";
import { publish, publishedOf, requirePublic, SDK_FILE } from "./publish.js";
import { differencesOf, readBack } from "./readBack.js";
import { recoverJournal } from "./recovery.js";
import { rehearse } from "./rehearse.js";
import { describeRehearsal, Report } from "./report.js";
import { folderOf } from "./site.js";

/** A chain that is reached, and who deploys there. */
interface Site {
  readonly node: EIP1193Provider;
  readonly provider: Provider;
  readonly runner: Signer | undefined;
  readonly deployer: Address;
  readonly chainId: bigint;
  readonly folder: string;
}

const LOCAL_POLL_MS = 20;
/** The time of an Arbitrum block. */
const POLL_MS = 250;

async function main(options: DeployOptions, report: Report): Promise<void> {
  const { network, file } = options;
  const parameters = readParameters(file);
  await requireVariables(network, options.from === undefined);
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  // Whoever rehearses as another account has no key to load.
  const override = options.from === undefined ? {} : { override: { accounts: "remote" as const } };
  const connection = await hre.network.create({ network: network.name, ...override });
  const provider = connection.ethers.provider as unknown as Provider;
  const runner = options.from === undefined ? await firstOf(connection.ethers.getSigners(), network.name) : undefined;
  const deployer = options.from ?? address(await (runner as Signer).getAddress());
  requireOthers(parameters, deployer);
  const { chainId } = await provider.getNetwork();
  const folder = await folderOf(network.name, provider);
  const site = { node: connection.provider, provider, runner, deployer, chainId, folder };
  report.say(`${options.dryRun ? "rehearsing" : "deploying"} on ${network.name}, chain ${chainId}, from ${deployer}`);
  report.say(`values of ${file}:`);
  report.table(Object.entries(valuesOf(parameters)));
  if (options.dryRun) return dryRun(options, parameters, site, report);
  await deploy(options, parameters, site, report);
}

async function dryRun({ network }: DeployOptions, parameters: DeployParameters, site: Site, report: Report) {
  const rehearsal = await rehearse({ ...site, url: await urlOf(network), parameters });
  const { chainId, deployer } = site;
  const differences = differencesOf(rehearsal.rows);
  describeRehearsal(rehearsal, report);
  report.finish({ status: "rehearsed", chainId, deployer, ...rehearsal, differences });
  if (differences.length > 0) process.exitCode = 1;
}

async function deploy(options: DeployOptions, parameters: DeployParameters, site: Site, report: Report) {
  const { network, exportTo } = options;
  const { node, provider, runner, deployer, chainId, folder } = site;
  if (exportTo !== undefined) {
    const client = String(await node.request({ method: "web3_clientVersion" }));
    requirePublic(chainId, client, exportTo !== "sdk");
  }
  if (!network.isLocal && !options.yes) await confirm(network.name, report);
  requireSameInputs(folder, deployer, parameters);
  const found = await recoverJournal(folder, provider, node);
  if (found > 0) report.say(`${found} transaction${found === 1 ? "" : "s"} of an earlier run found on the chain`);
  let sent = 0;
  const addresses = await ignite({
    node,
    deployer,
    folder,
    parameters,
    pollMs: network.isLocal ? LOCAL_POLL_MS : POLL_MS,
    onConfirmed: ({ step, hash }) => report.say(`  ${String(++sent).padStart(2)} ${step} ${hash}`),
  });
  report.say(sent === 0 ? "nothing was left to send" : `${sent} transactions confirmed`);
  const d = await connect({ runner: runner ?? provider, addresses });
  await conclude(d, options, parameters, site, report);
}

async function conclude(
  d: Deployment,
  { exportTo }: DeployOptions,
  parameters: DeployParameters,
  { folder, deployer }: Site,
  report: Report,
): Promise<void> {
  report.table(Object.entries(d.addresses));
  const rows = await readBack(d, parameters);
  const differences = differencesOf(rows);
  for (const { value, expected, actual } of differences) {
    report.say(`differs: ${value}: the file says ${expected}, the chain ${actual}`);
  }
  report.say(`read back: ${rows.length - differences.length} of ${rows.length} values as in the file`);
  const deployedInBlock = firstBlockOf(folder) ?? 0;
  const { chainId, codeHash } = d;
  if (differences.length > 0) process.exitCode = 1;
  else if (exportTo !== undefined) {
    const file = exportTo === "sdk" ? SDK_FILE : exportTo;
    await publish(publishedOf(d, deployedInBlock, new Date()), file);
    report.say(`addresses written to ${file}`);
  }
  report.finish({ status: "deployed", chainId, deployer, codeHash, deployedInBlock, ...d.addresses, differences });
}

async function confirm(network: string, report: Report): Promise<void> {
  if (!process.stdin.isTTY) throw new NotConfirmed(network);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    report.say("This sends transactions and pays for them. --dry-run says before what they are and cost.");
    if ((await lines.question(`Type ${network} to go on: `)).trim() !== network) throw new NotConfirmed(network);
  } finally {
    lines.close();
  }
}

/** The deployer keeps no right: guardian and governance are others. */
function requireOthers({ Yellowstone: { guardian, governance } }: DeployParameters, deployer: Address): void {
  for (const [name, account] of Object.entries({ guardian, governance })) {
    if (account === deployer) throw new InvalidField(name, "another account than the deployer's", account);
  }
}

async function firstOf(signers: Promise<readonly unknown[]>, network: string): Promise<Signer> {
  const [first] = (await signers) as readonly Signer[];
  if (first === undefined) throw new InvalidField(`network ${network}`, "an account to send from", undefined);
  return first;
}

await Report.run(process.argv.slice(2), async (args, begin) => {
  const options = readDeployOptions(args);
  if (options === "help") return void console.log(DEPLOY_HELP);
  await main(options, begin(options.json));
});
