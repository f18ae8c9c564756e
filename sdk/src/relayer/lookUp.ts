import { Transaction, type Provider, type TransactionReceipt, type TransactionResponse } from "ethers";
import type { Address } from "../units/brands.js";
import { isAsking } from "./asking.js";
import type { Slot, Variant } from "./state.js";

/** What became of a nonce. */
export type Fate =
  /** One of its transactions is in a block, with enough blocks on it. */
  | {
      readonly is: "final";
      readonly receipt: TransactionReceipt;
      readonly variant: Variant;
      /** What an OP-stack chain took beside gas. */
      readonly l1FeeWei: bigint;
    }
  /** One is in a block that may still be reorganised away. */
  | { readonly is: "mined" }
  /** Another transaction of the sender has used it: shown, with its signature. */
  | { readonly is: "taken"; readonly hash: string }
  /** The node says it is used, and does not show by what. */
  | { readonly is: "uncertain" }
  /** It is not used. */
  | { readonly is: "open" };

/** Where to look. */
export interface LookUpContext {
  readonly provider: Provider;
  readonly sender: Address;
  readonly chainId: bigint;
  readonly confirmations: number;
  readonly blockNumber: number;
  /** Transactions of the sender in blocks, by the node's word. */
  readonly count: number;
}

/** Look up what became of a nonce. A node is believed only as far as it shows blocks that fit together. */
export async function lookUp(context: LookUpContext, slot: Slot): Promise<Fate> {
  const { provider, count } = context;
  for (const variant of [...slot.variants].reverse()) {
    const receipt = await provider.getTransactionReceipt(variant.hash);
    if (receipt === null) continue;
    if (!(await isFinal(context, receipt))) return { is: "mined" };
    return { is: "final", receipt, variant, l1FeeWei: await readL1Fee(provider, variant.hash) };
  }
  if (count <= slot.nonce) return { is: "open" };
  const other = await userOf(context, slot);
  if (other === undefined || slot.variants.some(({ hash }) => hash === other.hash)) return { is: "uncertain" };
  return { is: "taken", hash: other.hash };
}

/** The block of the receipt is the one that stands at its height, and there is a block high enough above it. */
async function isFinal({ provider, confirmations }: LookUpContext, receipt: TransactionReceipt): Promise<boolean> {
  const own = await provider.getBlock(receipt.blockNumber);
  if (own?.hash !== receipt.blockHash) return false;
  return confirmations === 1 || (await provider.getBlock(receipt.blockNumber + confirmations - 1)) !== null;
}

/** ethers leaves this field of OP-stack receipts out. */
async function readL1Fee(provider: Provider, hash: string): Promise<bigint> {
  if (!isAsking(provider)) return 0n;
  const raw = (await provider.send("eth_getTransactionReceipt", [hash])) as { readonly l1Fee?: unknown } | null;
  return typeof raw?.l1Fee === "string" ? BigInt(raw.l1Fee) : 0n;
}

/** The transaction of the sender that used a nonce: found where the sender's count passes it, checked by its signature. */
async function userOf(context: LookUpContext, { nonce, sinceBlock }: Slot): Promise<TransactionResponse | undefined> {
  const { provider, sender, chainId, blockNumber } = context;
  const isUsedAt = async (block: number) => (await provider.getTransactionCount(sender, block)) > nonce;
  let low = Math.min(sinceBlock, blockNumber);
  for (let step = 1; low > 0 && (await isUsedAt(low)); step *= 2) low = Math.max(0, low - step);
  let high = blockNumber;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isUsedAt(middle)) high = middle;
    else low = middle;
  }
  const block = await provider.getBlock(high, true);
  const found = block?.prefetchedTransactions.find((each) => each.from === sender && each.nonce === nonce);
  if (found === undefined) return undefined;
  const signed = Transaction.from(found);
  return signed.hash === found.hash && signed.from === sender && signed.chainId === chainId ? found : undefined;
}
