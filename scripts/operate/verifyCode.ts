// Compares the code on a chain with what was built here: npm run verify-code -- --help
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { address, InvalidField, type Address } from "@yellowstone-compute/sdk";
import { JsonRpcProvider, type Provider } from "ethers";
import hre from "hardhat";
import { NETWORK_NAMES, networkOf, requireVariables, urlOf } from "./networks.js";
import { readParameters, type DeployParameters } from "./parameters.js";
import { Report } from "./report.js";
import { deployedOn } from "./site.js";
import { checkSuiteCode, namedAddresses } from "./suiteCode.js";

const HELP = `Usage: npm run verify-code -- --network ${NETWORK_NAMES.join("|")} [--parameters FILE] [--json]
       npm run verify-code -- --compute ADDRESS --lens ADDRESS --rpc URL [--parameters FILE] [--json]

Asks a node, and nobody else, for the code of every contract of a deployment and compares it byte by byte with the artefact built
here, places of immutables left out; then compares every immutable, in every place where it stands, with the parameter file or with
what another contract of the deployment answers. MOR itself is not part of the suite.

  --network NAME     the deployment made from here, or else the published one; values of its parameter file
  --compute ADDRESS  a compute contract; it names the others
  --lens ADDRESS     its lens, which it does not know
  --rpc URL          node to ask
  --parameters FILE  values it was deployed with
  --json             one JSON object on standard output

Exit codes: 0 all as built, 1 a difference, named with contract and byte, or any failure.`;

/** What is looked at, and through which node. */
interface Target {
  readonly url: string;
  readonly parameters: DeployParameters | undefined;
  readonly find: (provider: Provider) => Promise<{ compute: Address; lens: Address }>;
}

type Options = ReturnType<typeof parse>;

async function targetOf(options: Options): Promise<Target> {
  const { network: name, compute, lens, rpc, parameters: file } = options;
  if (name === undefined) {
    if (compute === undefined || rpc === undefined || lens === undefined) {
      throw new InvalidField("command line", "--network, or --compute, --lens and --rpc", "less");
    }
    const parts = { compute: address(compute, "--compute"), lens: address(lens, "--lens") };
    const parameters = file === undefined ? undefined : readParameters(file);
    return { url: rpc, parameters, find: () => Promise.resolve(parts) };
  }
  const network = networkOf(name);
  await requireVariables(network, false);
  const parameters = readParameters(file ?? network.file);
  return { url: await urlOf(network), parameters, find: (provider) => deployedOn(network.name, provider) };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        network: { type: "string" },
        compute: { type: "string" },
        lens: { type: "string" },
        rpc: { type: "string" },
        parameters: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return values;
  } catch (cause) {
    throw new InvalidField("command line", "the options of --help", cause instanceof Error ? cause.message : cause);
  }
}

async function verifyCode(options: Options, report: Report): Promise<void> {
  const { url, parameters, find } = await targetOf(options);
  if (!existsSync(hre.config.paths.artifacts)) await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const provider = new JsonRpcProvider(url);
  try {
    const { compute, lens } = await find(provider);
    const addresses = await namedAddresses(provider, compute, lens);
    const rows = await checkSuiteCode({ provider, addresses, parameters });
    for (const { contract, address: at, artefact, difference, bytes, immutables } of rows) {
      const found = difference ?? `${bytes} bytes and ${immutables} immutables as built`;
      report.say(
        `${difference === undefined ? "same   " : "DIFFERS"} ${contract.padEnd(10)} ${at} ${artefact}: ${found}`,
      );
    }
    const differing = rows.filter(({ difference }) => difference !== undefined).length;
    report.say(`${rows.length - differing} of ${rows.length} contracts are what was built here`);
    report.finish({ status: differing === 0 ? "same" : "differs", contracts: rows });
    if (differing > 0) process.exitCode = 1;
  } finally {
    provider.destroy();
  }
}

await Report.run(process.argv.slice(2), async (args, begin) => {
  const options = parse(args);
  if (options.help === true) return void console.log(HELP);
  await verifyCode(options, begin(options.json ?? false));
});
