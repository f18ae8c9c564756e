import { isError, type TransactionReceipt, type TransactionResponse } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import { TransactionReverted, TransactionUnconfirmed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";

/** How long a transaction is waited for. */
export interface WaitOptions {
  /** Blocks that must stand on it, its own included; 1 without it. */
  readonly confirmations?: number;
  /** Milliseconds after which waiting is given up; without it there is no end. */
  readonly timeoutMs?: number;
}

/**
 * Wait until a transaction is mined and has succeeded.
 * @throws TransactionReverted with the decoded error as its cause; TransactionUnconfirmed; ChainRequestFailed
 */
export async function waitFor(
  d: Deployment,
  sent: TransactionResponse,
  { confirmations = 1, timeoutMs }: WaitOptions,
): Promise<TransactionReceipt> {
  let receipt: TransactionReceipt | null;
  try {
    receipt = await sent.wait(confirmations, timeoutMs);
  } catch (cause) {
    if (isError(cause, "CALL_EXCEPTION") && cause.receipt) throw await failureOf(d, sent, cause.receipt);
    if (isError(cause, "TIMEOUT")) throw new TransactionUnconfirmed(sent.hash, "timeout", cause);
    if (isError(cause, "TRANSACTION_REPLACED")) throw new TransactionUnconfirmed(sent.hash, cause.reason, cause);
    throw decodeError(cause);
  }
  if (receipt === null) throw new TransactionUnconfirmed(sent.hash, "not mined yet");
  if (receipt.status === 0) throw await failureOf(d, sent, receipt);
  return receipt;
}

/** Receipts do not say why: the call is repeated on the block it failed in. */
async function failureOf(
  { provider }: Deployment,
  { hash, to, from, data, value }: TransactionResponse,
  { blockNumber, gasUsed }: TransactionReceipt,
): Promise<TransactionReverted> {
  const cause: unknown = await provider.call({ to, from, data, value, blockTag: blockNumber }).then(
    () => undefined,
    (error: unknown) => decodeError(error),
  );
  return new TransactionReverted(hash, blockNumber, gasUsed, cause);
}
