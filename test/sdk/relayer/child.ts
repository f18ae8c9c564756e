// A relayer on a file, until it is killed: `tsx child.ts PATH URL COMPUTE LENS`.
import { Wallet } from "ethers";
import { connect } from "@yellowstone-compute/sdk/deployment";
import { openSqliteStorage } from "@yellowstone-compute/sdk/journal";
import { createRelayer, relayProvider } from "@yellowstone-compute/sdk/relayer";
import { address } from "@yellowstone-compute/sdk/units";

const LOCAL_CHAIN = 31_337;

/** The life of the child. */
async function live(): Promise<void> {
  const [path = "", url = "", compute = "", lens = ""] = process.argv.slice(2);
  const addresses = { compute: address(compute), lens: address(lens) };
  const relayer = await createRelayer({
    sender: new Wallet(`0x${"5e".repeat(32)}`),
    deployment: await connect({ runner: relayProvider(url, LOCAL_CHAIN), addresses }),
    store: await openSqliteStorage(path),
    timing: { pollMs: 1 },
    limits: { confirmations: 1, maxGas: 260_000 },
  });
  await relayer.run(new AbortController().signal);
}

if (process.argv[1] === import.meta.filename) await live();
