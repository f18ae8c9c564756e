import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { trackTransaction, type EIP1193Provider } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import { TransactionUnmined } from "./errors.js";
import { isJson, readJournal, writeJournal, writeWhole, type JournalLine } from "./journal.js";

const ADDRESSES = "deployed_addresses.json";

/**
 * Make the journal of a run that was killed whole again, so that Ignition can resume it: drop a line that was half written, write
 * lost addresses anew, and settle each transaction that was prepared and not noted as sent. One that is on the chain is noted now; one
 * that is not is prepared again, with the same nonce, so that it cannot happen twice even if it still arrives.
 * @returns how many transactions were found @throws TransactionUnmined
 */
export async function recoverJournal(folder: string, provider: Provider, node: EIP1193Provider): Promise<number> {
  const lines = readJournal(folder);
  if (lines.length === 0) return 0;
  restoreAddresses(join(folder, ADDRESSES), lines);
  const sender = lines.find(({ from }) => from !== undefined)?.from ?? "";
  const found: string[] = [];
  const unsent = new Set<JournalLine>();
  for (const line of unsettled(lines)) {
    const hash = await transactionOf(provider, sender, line.nonce ?? 0);
    if (hash === undefined) unsent.add(line);
    else found.push(hash);
  }
  writeJournal(
    folder,
    lines.filter((line) => !unsent.has(line)),
  );
  for (const hash of found) await trackTransaction(folder, hash, node, 1);
  return found.length;
}

/** Ignition writes this file anew for each contract, not in one step; the journal has the same. */
function restoreAddresses(file: string, lines: readonly JournalLine[]): void {
  if (!existsSync(file) || isJson(readFileSync(file, "utf8"))) return;
  const addresses = lines.flatMap(({ futureId, result }) =>
    futureId !== undefined && result?.address !== undefined ? [[futureId, result.address] as const] : [],
  );
  writeWhole(file, JSON.stringify(Object.fromEntries(addresses), undefined, 2));
}

/** Preparations that nothing follows: neither a hash nor another preparation. */
function unsettled(lines: readonly JournalLine[]): JournalLine[] {
  return lines.filter((line, i) => {
    if (line.type !== "TRANSACTION_PREPARE_SEND") return false;
    return !lines.slice(i + 1).some((later) => keyOf(later) === keyOf(line));
  });
}

/** Hash of an account's transaction with a nonce, or undefined when it has sent none. @throws TransactionUnmined */
async function transactionOf(provider: Provider, sender: string, nonce: number): Promise<string | undefined> {
  const latest = await provider.getBlockNumber();
  if ((await provider.getTransactionCount(sender, latest)) <= nonce) {
    if ((await provider.getTransactionCount(sender, "pending")) > nonce) throw new TransactionUnmined(sender, nonce);
    return undefined;
  }
  let [below, at] = [-1, latest];
  while (at - below > 1) {
    const middle = (below + at) >> 1;
    if ((await provider.getTransactionCount(sender, middle)) > nonce) at = middle;
    else below = middle;
  }
  const block = await provider.getBlock(at, true);
  const own = block?.prefetchedTransactions.find(
    (each) => each.from.toLowerCase() === sender.toLowerCase() && each.nonce === nonce,
  );
  return own?.hash;
}

function keyOf({ futureId, networkInteractionId }: JournalLine): string {
  return `${futureId} ${networkInteractionId}`;
}
