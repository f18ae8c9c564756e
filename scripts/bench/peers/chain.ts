import { Interface, type InterfaceAbi, type Signer } from "ethers";
import { network } from "hardhat";
import type { Code } from "./solc.js";

/** Limits of one transaction: EIP-7825, and the pools of geth's family. */
export const MAX_GAS = 16_777_216;
export const MAX_BYTES = 131_072;

const SUPPLY_WEI = 10n ** 30n;
/** Payees have small addresses in a row, so that a fixture names them by a count. */
const FIRST_PAYEE = 0x1000000n;
// An ERC-1167 proxy: contracts of upgradeable peers may only be initialised behind one.
const PROXY = ["0x3d602d80600a3d3981f3363d3d373d3d3d363d73", "5af43d82803e903d91602b57fd5bf3"] as const;

/** What a transaction cost: gas of its receipt, and its calldata. */
export interface Cost {
  readonly gas: number;
  readonly bytes: number;
  /** What the sender paid for it. */
  readonly feeWei?: bigint;
}

/** A contract that is called by name. */
export interface Deployed {
  readonly address: string;
  readonly abi: Interface;
}

/** One chain of a side by side measurement, its token, and who calls. */
export class PeerChain {
  private constructor(
    private readonly connection: Awaited<ReturnType<typeof connect>>,
    readonly owner: Signer,
    readonly token: Deployed,
  ) {}

  static async open(): Promise<PeerChain> {
    const connection = await connect();
    const [owner] = await connection.ethers.getSigners();
    if (owner === undefined) throw new Error("bench: the chain has no account");
    const mor = await connection.ethers.deployContract("TestMor");
    const token = { address: await mor.getAddress(), abi: new Interface(mor.interface.format()) };
    const chain = new PeerChain(connection, owner, token);
    await chain.call(token, "mint", [await owner.getAddress(), SUPPLY_WEI]);
    return chain;
  }

  /** Deploy, and give what it cost. */
  async deploy(code: Code, args: readonly unknown[] = []): Promise<Deployed & { cost: Cost }> {
    const abi = new Interface(code.abi as InterfaceAbi);
    const data = code.bytecode + abi.encodeDeploy(args).slice(2);
    const receipt = await (await this.owner.sendTransaction({ data, gasLimit: MAX_GAS })).wait();
    if (!receipt?.contractAddress) throw new Error("bench: nothing was deployed");
    const cost = { gas: Number(receipt.gasUsed), bytes: data.length / 2 - 1 };
    return { address: receipt.contractAddress, abi, cost };
  }

  /** Deploy behind a minimal proxy and talk to it by `abi`. */
  async deployProxied(code: Code, abi: InterfaceAbi): Promise<Deployed> {
    const logic = await this.deploy(code);
    const bytecode = PROXY[0] + logic.address.slice(2).toLowerCase() + PROXY[1];
    const proxy = await this.deploy({ abi: [], bytecode });
    return { address: proxy.address, abi: new Interface(abi) };
  }

  /** Send a call; it throws if it reverts or if no transaction holds it. */
  async call(
    to: Deployed,
    name: string,
    args: readonly unknown[],
    { from = this.owner, value = 0n }: { from?: Signer; value?: bigint } = {},
  ): Promise<Cost> {
    const data = to.abi.encodeFunctionData(name, args);
    const bytes = data.length / 2 - 1;
    if (bytes > MAX_BYTES) throw new Error(`bench: ${bytes} bytes of calldata are more than a pool takes`);
    const sent = await from.sendTransaction({ to: to.address, data, value, gasLimit: MAX_GAS });
    const receipt = await sent.wait();
    return { gas: Number(receipt?.gasUsed), bytes, feeWei: receipt?.fee ?? 0n };
  }

  /** Let the owner pay `amountWei` to `to`. */
  async fund(to: string, amountWei: bigint): Promise<Cost> {
    return this.call(this.token, "transfer", [to, amountWei]);
  }

  async balanceOf(account: string): Promise<bigint> {
    const data = this.token.abi.encodeFunctionData("balanceOf", [account]);
    return BigInt(await this.connection.ethers.provider.call({ to: this.token.address, data }));
  }

  /** What an account holds of the chain's coin. */
  async coinsOf(account: string): Promise<bigint> {
    return this.connection.ethers.provider.getBalance(account);
  }

  /** An account without a key, with ether for gas. */
  async impersonate(address: string): Promise<Signer> {
    await this.connection.networkHelpers.setBalance(address, SUPPLY_WEI);
    return this.connection.ethers.getImpersonatedSigner(address);
  }

  /** Keep the chain as it is; the answer brings it back. */
  async snapshot(): Promise<() => Promise<void>> {
    const taken = await this.connection.networkHelpers.takeSnapshot();
    return () => taken.restore();
  }
}

/** Address of the payee with an id. */
export function payeeOf(id: number): string {
  return `0x${(FIRST_PAYEE + BigInt(id)).toString(16).padStart(40, "0")}`;
}

function connect() {
  return network.create("l1");
}
