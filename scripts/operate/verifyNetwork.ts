import { ADMIN_ROLE, InvalidField, roleGrantedEvent, type Addresses } from "@yellowstone-compute/sdk";
import { JsonRpcProvider, type Provider } from "ethers";
import { CodeDiffers } from "./errors.js";
import { networkOf, requireVariables, urlOf } from "./networks.js";
import { readParameters } from "./parameters.js";
import type { Report } from "./report.js";
import { deployedOn } from "./site.js";
import { checkSuiteCode, namedAddresses } from "./suiteCode.js";
import { publicationsOf, publishSource, type Explorer } from "./verifySuite.js";

/** What is verified where. */
export interface VerifyOptions {
  readonly network: string | undefined;
  readonly parameters: string | undefined;
  readonly explorer: Explorer;
  readonly dryRun: boolean;
}

/** Check the code of a network's deployment, then publish its sources. @throws CodeDiffers, ExplorerFailed */
export async function verify({ network: name, parameters: file, explorer, dryRun }: VerifyOptions, report: Report) {
  const network = networkOf(name);
  if (network.isLocal) throw new InvalidField("--network", "a network that explorers know", network.name);
  const parameters = readParameters(file ?? network.file);
  await requireVariables(network, false);
  const provider = new JsonRpcProvider(await urlOf(network));
  try {
    const { compute, lens } = await deployedOn(network.name, provider);
    const addresses = await namedAddresses(provider, compute, lens);
    const rows = await checkSuiteCode({ provider, addresses, parameters });
    const differing = rows.find(({ difference }) => difference !== undefined);
    if (differing !== undefined) throw new CodeDiffers(differing.contract, differing.difference ?? "");
    report.say(`${rows.length} contracts on the chain are what was built here`);
    const publications = publicationsOf(addresses, await firstAdminOf(addresses, provider), parameters);
    for (const publication of publications) {
      report.say(
        `${dryRun ? "would send" : "sending"} ${publication.contract} of ${publication.address} to ${explorer}`,
      );
      if (!dryRun) await publishSource(publication, explorer);
    }
    report.finish({ status: dryRun ? "rehearsed" : "verified", explorer, contracts: publications });
  } finally {
    provider.destroy();
  }
}

/** Who deployed the AccessManager: it granted the admin role to them first. */
async function firstAdminOf({ authority }: Addresses, provider: Provider): Promise<string> {
  const logs = await provider.getLogs({ address: authority, topics: [roleGrantedEvent.topic], fromBlock: 0 });
  const admins = logs.flatMap((log) => {
    const granted = roleGrantedEvent.decode(log);
    return granted?.roleId === ADMIN_ROLE ? [granted.account] : [];
  });
  const [first] = admins;
  if (first === undefined) throw new InvalidField("authority", "an AccessManager with an admin", authority);
  return first;
}
