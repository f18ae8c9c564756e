import { JsonRpcProvider, Wallet, type Provider } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { ACTIVATION_DELAY, attestationOf, deployWithProviders, ethers, networkHelpers } from "../actions/fixture.js";

export const PAYER = new Wallet(`0x${"5e".repeat(32)}`);
/** Quick enough for tests; a single block is enough on a chain that mines each transaction. */
export const TIMING: sdk.RelayTiming = { pollMs: 1, stuckAfterMs: 60_000, backoffMs: 1, backoffMaxMs: 5 };
export const LIMITS: sdk.RelayLimits = { confirmations: 1 };

/** A deployment with providers, and a payer of its own that has coins. */
async function relayWorld(providers = 12) {
  const suite = await deployWithProviders(providers);
  await networkHelpers.setBalance(PAYER.address, 10n ** 20n);
  return suite;
}

/** One fixture for all files: each begins with a payer that has sent nothing. */
export const world = () => relayWorld();

/** A relayer on the chain in this process. */
export async function relayerOf(d: sdk.Deployment, options: Partial<sdk.RelayerOptions> = {}) {
  const store = options.store ?? createMemoryStorage();
  return sdk.createRelayer({ sender: PAYER, deployment: d, store, timing: TIMING, limits: LIMITS, ...options });
}

/** Work until every job has ended, or until so many looks were taken. */
export async function settle(relayer: sdk.Relayer, looks = 60): Promise<sdk.JobStatus[]> {
  for (let look = 0; look < looks; look++) {
    await relayer.advance();
    const jobs = await relayer.jobs();
    if (jobs.every(({ endedAtMs }) => endedAtMs !== undefined)) return jobs;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return relayer.jobs();
}

/** An active attestation of so many uMOR to each of the first providers. */
export async function credited(d: sdk.Deployment, amounts: readonly bigint[]) {
  const { post, after } = await attestationOf(
    d,
    sdk.LedgerTree.empty(),
    new Map(amounts.map((amount, id) => [id, amount])),
  );
  await sdk.postAttestation.sendAndWait(d, post);
  await networkHelpers.time.increase(ACTIVATION_DELAY);
  await networkHelpers.mine();
  return { seq: post.attestation.seq, tree: after };
}

/** Claims of three providers, on a chain that mines when it is told to. */
export async function claimsOnHold() {
  const { d } = await networkHelpers.loadFixture(world);
  const { seq, tree } = await credited(d, [1n, 2n, 3n]);
  await ethers.provider.send("evm_setAutomine", [false]);
  return { d, claimOf: (...ids: number[]) => sdk.claimFor(seq, tree, ids) };
}

/** Verbs of a provider that are others. */
export type Verbs = { readonly [Verb in keyof JsonRpcProvider]?: unknown };

/** The same deployment through a node of which some verbs are others. */
export function through(d: sdk.Deployment, verbs: (own: JsonRpcProvider) => Verbs): sdk.Deployment {
  const own = d.provider as unknown as JsonRpcProvider;
  const other = verbs(own);
  const provider = new Proxy(d.provider, {
    get(target, name) {
      if (name in other) return other[name as keyof Verbs];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...d, provider: provider };
}

export const mine = () => ethers.provider.send("evm_mine", []);

/** Hashes of the transactions that wait for a block. */
export async function mempool(): Promise<string[]> {
  const block = (await ethers.provider.send("eth_getBlockByNumber", ["pending", false])) as { transactions: string[] };
  return block.transactions;
}

/** Events of a kind, all of them. */
export async function eventsOf<T>(d: sdk.Deployment, event: sdk.EventDecoder<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const { value } of sdk.readEvents(d, event)) found.push(value);
  return found;
}

/** Transactions of the payer that are in blocks, in order, with whether they did what they were for. */
export async function sentBy(provider: Provider, from: string) {
  const sent: { hash: string; nonce: number; status: number | null }[] = [];
  const last = await provider.getBlockNumber();
  for (let number = 0; number <= last; number++) {
    const block = await provider.getBlock(number, true);
    for (const { hash, nonce, from: by } of block?.prefetchedTransactions ?? []) {
      if (by !== from) continue;
      const receipt = await provider.getTransactionReceipt(hash);
      sent.push({ hash, nonce, status: receipt?.status ?? null });
    }
  }
  return sent;
}

export { attestationOf, ACTIVATION_DELAY, ethers, networkHelpers, JsonRpcProvider };
