import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidField } from "@yellowstone-compute/sdk";
import { encryptKeystoreJson, type HDNodeWallet, type Wallet } from "ethers";

const PASSWORD = "localnet";
/** As cheap as a keystore can be: it holds a key that is worth nothing. */
const SCRYPT = { N: 1_024, r: 8, p: 1 };

/** What the commands of a newcomer find in the environment. */
export interface Surrounding {
  readonly rpc: string;
  readonly deployment: object;
  readonly routerUrl: string;
  readonly owner: Wallet | HDNodeWallet;
  readonly payout: string;
  readonly model: string;
  readonly endpoint: string | undefined;
  /** Node and the built command. */
  readonly node: string;
  readonly cli: string;
}

/** Says whose folder it is: the number of the process that made it. */
const MARK = "localnet.pid";

/** Make the folder anew. One that holds anything else is left alone, and one that is in use too. @throws InvalidField */
export function takeFolder(folder: string): void {
  const mark = join(folder, MARK);
  if (existsSync(mark)) {
    if (isAlive(Number(readFileSync(mark, "utf8"))))
      throw new InvalidField("--folder", "one that no other localnet uses", folder);
    rmSync(folder, { recursive: true });
  } else if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new InvalidField("--folder", "a folder that is empty or not there yet", folder);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(mark, String(process.pid));
}

/** Take the folder away: its environment leads nowhere any more. */
export function leaveFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Write deployment, keystore, password and, last of all, `env`: who finds it finds all of them. */
export async function writeFiles(folder: string, around: Surrounding): Promise<void> {
  const { rpc, deployment, routerUrl, owner, payout, model, endpoint, node, cli } = around;
  const { address, privateKey } = owner;
  const keystore = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: SCRYPT });
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const variables: Readonly<Record<string, string>> = {
    YELLOWSTONE_RPC: rpc,
    YELLOWSTONE_DEPLOYMENT: write("deployment.json", JSON.stringify(deployment)),
    YELLOWSTONE_ROUTER: routerUrl,
    YELLOWSTONE_KEYSTORE: write("owner.json", keystore),
    YELLOWSTONE_PASSWORD_FILE: write("password", `${PASSWORD}\n`),
    YELLOWSTONE_SNAPSHOT: join(folder, "snapshot.json"),
    OWNER: address,
    PAYOUT: payout,
    MODEL: model,
    ...(endpoint === undefined ? {} : { ENDPOINT: endpoint }),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  write("env", [...lines, `yellowstone() { ${quoted(node)} ${quoted(cli)} "$@"; }`, ""].join("\n"));
}

/** A word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
