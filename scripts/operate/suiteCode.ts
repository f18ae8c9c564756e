import {
  computeContractAbi,
  morAddressOf,
  NoCode,
  UnknownChain,
  address,
  type Address,
  type Addresses,
} from "@yellowstone-compute/sdk";
import { Contract, type Provider } from "ethers";
import { differenceOf, expectedCode } from "./codeCheck.js";
import type { DeployParameters } from "./parameters.js";
import { suiteValues } from "./suiteValues.js";

/** Artefact of each contract of the suite. The token is one of ours where the chain has no MOR. */
const CONTRACTS = {
  compute: "ComputeContract",
  bootstrap: "BootstrapPool",
  registry: "ProviderRegistry",
  routers: "RouterSet",
  lens: "ComputeLens",
  schedule: "LinearDecreaseSchedule",
  authority: "AccessManager",
  token: "TestMor",
} as const satisfies Record<keyof Addresses, string>;

/** What was found of one contract. */
export interface CodeRow {
  readonly contract: keyof Addresses;
  readonly address: Address;
  readonly artefact: string;
  /** In words; undefined when code and immutables are as they are to be. */
  readonly difference: string | undefined;
  readonly bytes: number;
  readonly immutables: number;
}

/** What is checked: the addresses, and what is known of them. */
export interface SuiteCodeOptions {
  readonly provider: Provider;
  readonly addresses: Addresses;
  readonly parameters?: DeployParameters | undefined;
}

/** Compare the code of every contract of a deployment with its artefact, and every immutable with what it is to be. */
export async function checkSuiteCode({ provider, addresses, parameters }: SuiteCodeOptions): Promise<CodeRow[]> {
  const { chainId } = await provider.getNetwork();
  const values = await suiteValues({ provider, chainId, addresses, parameters });
  const rows: CodeRow[] = [];
  for (const contract of Object.keys(CONTRACTS) as (keyof Addresses)[]) {
    const at = addresses[contract];
    if (contract === "token" && isMor(chainId, at)) continue;
    const code = Buffer.from((await provider.getCode(at)).slice(2), "hex");
    const expected = await expectedCode(CONTRACTS[contract]);
    const difference = differenceOf(code, expected, values[contract] ?? new Map());
    const { length: immutables } = expected.immutables;
    rows.push({ contract, address: at, artefact: CONTRACTS[contract], difference, bytes: code.length, immutables });
  }
  return rows;
}

/** Read the addresses that a compute contract names; its lens it does not know. @throws NoCode when it does not answer */
export async function namedAddresses(provider: Provider, compute: Address, lens: Address): Promise<Addresses> {
  const contract = new Contract(compute, computeContractAbi, provider);
  const { chainId } = await provider.getNetwork();
  const ask = async (method: string) => {
    const answer = (await contract
      .getFunction(method)
      .staticCall()
      .catch(() => {
        throw new NoCode(`compute.${method}`, compute, chainId);
      })) as string;
    return address(answer);
  };
  return {
    compute,
    lens,
    bootstrap: await ask("BOOTSTRAP"),
    registry: await ask("REGISTRY"),
    routers: await ask("ROUTERS"),
    token: await ask("TOKEN"),
    schedule: await ask("SCHEDULE"),
    authority: await ask("authority"),
  };
}

function isMor(chainId: bigint, token: Address): boolean {
  try {
    return morAddressOf(chainId) === token;
  } catch (error) {
    if (error instanceof UnknownChain) return false;
    throw error;
  }
}
