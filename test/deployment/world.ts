import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { artifacts } from "hardhat";
import { morAddressOf } from "@yellowstone-compute/sdk";
import { ROOT, startScript, type Finished, type RunningScript } from "../utils/script.js";

export const PARAMETERS = join(ROOT, "ignition", "parameters");
export const LOCAL = join(PARAMETERS, "local.json5");
const DEPLOYMENTS = join(ROOT, "ignition", "deployments");
/** First account of the well-known test mnemonic, which every local node funds. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** What the last line of a deployment says. */
export interface Deployed {
  readonly status: string;
  readonly chainId: number;
  readonly codeHash: string;
  readonly deployedInBlock: number;
  readonly compute: string;
  readonly lens: string;
  readonly token: string;
}

/** A scratch folder, and the journals that scripts leave: all gone at the end. */
export class Bench {
  readonly scratch = mkdtempSync(join(tmpdir(), "deploy-"));
  readonly #before = this.#journals();

  /** Run `npm run deploy` as npm does. */
  deploy(args: readonly string[], env: Record<string, string>): Promise<Finished> {
    return this.start(args, env).finished;
  }

  start(args: readonly string[], env: Record<string, string>): RunningScript {
    return startScript("scripts/operate/deploy.ts", args, env);
  }

  /** A file of parameters with some text replaced. */
  fileOf(name: string, text: string): string {
    const file = join(this.scratch, name);
    writeFileSync(file, text);
    return file;
  }

  clear(): void {
    const made = this.#journals().filter((name) => !this.#before.includes(name));
    for (const path of [...made.map((name) => join(DEPLOYMENTS, name)), this.scratch]) {
      rmSync(path, { recursive: true, force: true });
    }
  }

  #journals(): string[] {
    return existsSync(DEPLOYMENTS) ? readdirSync(DEPLOYMENTS) : [];
  }
}

/** The JSON object on the last line that has one. */
export function printed(text: string): Deployed {
  const line = text.split("\n").findLast((each) => each.startsWith("{")) ?? "{}";
  return JSON.parse(line) as Deployed;
}

/** The file of a testnet with its routers, guardian and governance named. */
export function namedParameters(network: "baseSepolia" | "arbitrumSepolia"): string {
  return readFileSync(join(PARAMETERS, `${network}.json5`), "utf8")
    .replace("routers: []", `routers: [{ account: "${DEPLOYER}", isContract: false }]`)
    .replace("threshold: 0", "threshold: 1")
    .replace('guardian: ""', 'guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906"')
    .replace('governance: ""', 'governance: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"');
}

/** Put a token where a testnet has its MOR. */
export async function placeMor(url: string, chainId: number, method: string): Promise<void> {
  const provider = new JsonRpcProvider(url);
  const { deployedBytecode } = await artifacts.readArtifact("TestMor");
  await provider.send(method, [morAddressOf(chainId), deployedBytecode]);
  provider.destroy();
}
