import { parseArgs } from "node:util";
import { address, InvalidField, type Address } from "@yellowstone-compute/sdk";
import { NETWORK_NAMES, networkOf, type OperatedNetwork } from "./networks.js";

/** Text of `npm run deploy -- --help`. */
export const DEPLOY_HELP = `Usage: npm run deploy -- --network ${NETWORK_NAMES.join("|")} [options]

Deploys the suite, hands every role over, reads every value back. Run again to resume: what is deployed is kept.

  --parameters FILE  values of the deployment, json5; without it ignition/parameters/<network>.json5
  --dry-run          rehearse on a fork of the chain: every contract, value, gas and fee; sends nothing
  --from ADDRESS     with --dry-run: rehearse as this account, without its key
  --yes              do not ask before a real network
  --export           write the addresses into the SDK: sdk/src/deployment/published.ts
  --export-to FILE   write them into another file instead
  --json             one JSON object on standard output, everything else on standard error
  --help             this text

The node's URL and the deployer's key are configuration variables, from the environment or Hardhat's keystore:
  npx hardhat keystore set BASE_SEPOLIA_RPC_URL       npx hardhat keystore set BASE_SEPOLIA_KEY
  npx hardhat keystore set ARBITRUM_SEPOLIA_RPC_URL   npx hardhat keystore set ARBITRUM_SEPOLIA_KEY
A key is never an argument and never printed. localhost takes LOCALHOST_RPC_URL, or port 8545, and the node's first account.

Exit codes: 0 deployed and read back as in the file, 1 anything else.`;

/** What `npm run deploy` was asked for. */
export interface DeployOptions {
  readonly network: OperatedNetwork;
  readonly file: string;
  readonly dryRun: boolean;
  readonly from: Address | undefined;
  readonly yes: boolean;
  /** Where addresses are written; undefined for nowhere, "sdk" for the SDK's own file. */
  readonly exportTo: string | undefined;
  readonly json: boolean;
}

/** Read a command line. @returns "help" when that is asked for @throws InvalidField */
export function readDeployOptions(args: string[]): DeployOptions | "help" {
  const { values } = parse(args);
  if (values.help === true) return "help";
  const network = networkOf(values.network);
  const dryRun = values["dry-run"] ?? false;
  const { from } = values;
  if (from !== undefined && !dryRun) throw new InvalidField("--from", "--dry-run beside it", from);
  const toSdk = values.export ?? false;
  if (dryRun && (toSdk || values["export-to"] !== undefined)) {
    throw new InvalidField("--export", "a deployment, not a rehearsal", "--dry-run");
  }
  if (network.isLocal && toSdk) throw new InvalidField("--export", "a network that others reach", network.name);
  return {
    network,
    file: values.parameters ?? network.file,
    dryRun,
    from: from === undefined ? undefined : address(from, "--from"),
    yes: values.yes ?? false,
    exportTo: values["export-to"] ?? (toSdk ? "sdk" : undefined),
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        network: { type: "string" },
        parameters: { type: "string" },
        "dry-run": { type: "boolean" },
        from: { type: "string" },
        yes: { type: "boolean" },
        export: { type: "boolean" },
        "export-to": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    throw new InvalidField("command line", "the options of --help", cause instanceof Error ? cause.message : cause);
  }
}
