import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EIP1193Provider, RequestArguments } from "@nomicfoundation/ignition-core";
import { connect, type Address, type Deployment } from "@yellowstone-compute/sdk";
import { readDataFeeKind, readNitroDataGas, readOpDataFee } from "@yellowstone-compute/sdk/relayer";
import { Transaction, toBeHex, type Provider } from "ethers";
import hre from "hardhat";
import { ignite, type SentTransaction } from "./ignite.js";
import { requireSameInputs } from "./journal.js";
import type { DeployParameters } from "./parameters.js";
import { readBack, type ReadBackRow } from "./readBack.js";

/** A transaction that a deployment would send. Fees in wei, at the chain's prices of this moment. */
export interface RehearsedTransaction extends SentTransaction {
  readonly creates: string | undefined;
  readonly gas: bigint;
  readonly feeWei: bigint;
}

/** What a deployment would do. */
export interface Rehearsal {
  readonly transactions: readonly RehearsedTransaction[];
  readonly addresses: Deployment["addresses"];
  readonly rows: readonly ReadBackRow[];
  readonly gas: bigint;
  readonly feeWei: bigint;
  /** What the deployer holds on the chain. */
  readonly balanceWei: bigint;
}

/** What is rehearsed, and where. */
export interface RehearsalOptions {
  /** Node of the chain. It is only read. */
  readonly url: string;
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly deployer: Address;
  /** Where the journal of the deployment is, or would be: a copy of it is resumed. */
  readonly folder: string;
  readonly parameters: DeployParameters;
}

const PLENTY = 10n ** 24n;

/** Run what is left of a deployment on a fork of its chain. Sends nothing to the chain itself. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { url, provider, chainId, deployer, folder, parameters } = options;
  const scratch = mkdtempSync(join(tmpdir(), "rehearsal-"));
  const fork = await hre.network.create({
    network: "rehearsal",
    override: { chainId: Number(chainId), forking: { enabled: true, url } },
  });
  try {
    if (existsSync(folder)) cpSync(folder, scratch, { recursive: true });
    requireSameInputs(scratch, deployer, parameters);
    await fork.provider.request({ method: "hardhat_impersonateAccount", params: [deployer] });
    await fork.provider.request({ method: "hardhat_setBalance", params: [deployer, toBeHex(PLENTY)] });
    const sent: SentTransaction[] = [];
    const onConfirmed = (one: SentTransaction) => void sent.push(one);
    const node = asAccount(fork.provider, deployer);
    const addresses = await ignite({ node, deployer, folder: scratch, parameters, pollMs: 5, onConfirmed });
    const d = await connect({ runner: fork.ethers.provider, addresses });
    const transactions = await priced(sent, fork.ethers.provider, provider);
    return {
      transactions,
      addresses: d.addresses,
      rows: await readBack(d, parameters),
      gas: transactions.reduce((sum, { gas }) => sum + gas, 0n),
      feeWei: transactions.reduce((sum, { feeWei }) => sum + feeWei, 0n),
      balanceWei: await provider.getBalance(deployer),
    };
  } finally {
    await fork.close();
    rmSync(scratch, { recursive: true });
  }
}

/** Gas as used on the fork, prices and data fees as the chain itself says. */
async function priced(
  sent: readonly SentTransaction[],
  fork: Provider,
  chain: Provider,
): Promise<RehearsedTransaction[]> {
  const [{ gasPrice }, kind] = await Promise.all([chain.getFeeData(), readDataFeeKind(chain)]);
  const price = gasPrice ?? 0n;
  const all: RehearsedTransaction[] = [];
  for (const { step, hash } of sent) {
    const [receipt, made] = await Promise.all([fork.getTransactionReceipt(hash), fork.getTransaction(hash)]);
    const { to = null, data = "0x" } = made ?? {};
    const call = { ...(to === null ? {} : { to }), data };
    const nitro = kind === "nitro" ? await readNitroDataGas(chain, call) : 0n;
    const gas = (receipt?.gasUsed ?? 0n) + nitro;
    const unsigned = Transaction.from({
      ...call,
      gasLimit: gas,
      maxFeePerGas: price,
      nonce: made?.nonce ?? 0,
      type: 2,
    });
    const beside =
      kind === "op" ? await readOpDataFee(chain, unsigned.unsignedSerialized as `0x${string}`, gas) : undefined;
    const creates = receipt?.contractAddress ?? undefined;
    all.push({ step, hash, creates, gas, feeWei: gas * price + (beside?.feeWei ?? 0n) });
  }
  return all;
}

/** The fork, with the deployer as its only account. */
function asAccount(fork: EIP1193Provider, deployer: Address): EIP1193Provider {
  return {
    request: (asked: RequestArguments) =>
      asked.method === "eth_accounts" ? Promise.resolve([deployer]) : fork.request(asked),
  };
}
