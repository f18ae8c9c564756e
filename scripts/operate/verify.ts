// Publishes the sources of a deployment on a block explorer: npm run verify -- --help
import { parseArgs } from "node:util";
import { InvalidField } from "@yellowstone-compute/sdk";
import { Report } from "./report.js";

const HELP = `Usage: npm run verify -- --network baseSepolia|arbitrumSepolia [options]

Compares the code on the chain with what was built here (as verify-code does, through the network's node), then sends source, compiler
settings and constructor arguments of every contract to a block explorer, which compiles them and compares. A contract that is
verified already is passed over. This publishes the source; it sends no transaction and needs no key of an account.

  --explorer NAME    blockscout (without it), etherscan (needs ETHERSCAN_API_KEY) or sourcify
  --parameters FILE  values of the deployment, json5; without it ignition/parameters/<network>.json5
  --dry-run          say what would be sent where, and send nothing
  --json             one JSON object on standard output
  --help             this text

Exit codes: 0 all verified, 1 anything else.`;

const EXPLORERS = ["blockscout", "etherscan", "sourcify"] as const;

await Report.run(process.argv.slice(2), async (args, begin) => {
  const options = parse(args);
  if (options.help === true) return void console.log(HELP);
  const explorer = EXPLORERS.find((name) => name === (options.explorer ?? "blockscout"));
  if (explorer === undefined) throw new InvalidField("--explorer", EXPLORERS.join(", "), options.explorer);
  // Hardhat's verification works on the network that Hardhat was started for.
  process.env["HARDHAT_NETWORK"] = options.network ?? "";
  const { verify } = await import("./verifyNetwork.js");
  const { network, parameters, "dry-run": dryRun = false } = options;
  await verify({ network, parameters, explorer, dryRun }, begin(options.json ?? false));
});

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        network: { type: "string" },
        explorer: { type: "string" },
        parameters: { type: "string" },
        "dry-run": { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw new InvalidField("command line", "the options of --help", cause instanceof Error ? cause.message : cause);
  }
}
