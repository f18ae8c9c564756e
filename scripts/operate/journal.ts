import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trackTransaction, type EIP1193Provider } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import { DeploymentChanged, TransactionUnmined } from "./errors.js";
import { valuesOf, type DeployParameters } from "./parameters.js";

/** Lines of Ignition's journal, as far as they are read here. */
interface JournalLine {
  readonly type: string;
  readonly futureId?: string;
  readonly from?: string;
  readonly nonce?: number;
  readonly networkInteractionId?: number;
  readonly result?: { readonly address?: string };
  readonly receipt?: { readonly blockNumber: number };
}

const INPUTS = "inputs.json";
const JOURNAL = "journal.jsonl";
const ADDRESSES = "deployed_addresses.json";

/**
 * Note beside the journal what a deployment is begun with, or compare what it is resumed with. Written before anything is sent.
 * @throws DeploymentChanged
 */
export function requireSameInputs(folder: string, deployer: string, parameters: DeployParameters): void {
  const inputs: Record<string, string> = { deployer, ...valuesOf(parameters) };
  const file = join(folder, INPUTS);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // A rename is whole or not at all.
    writeFileSync(`${file}.new`, `${JSON.stringify(inputs, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
    return;
  }
  const begun = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const names = new Set([...Object.keys(begun), ...Object.keys(inputs)]);
  const changes = [...names].flatMap((name) => {
    const [was, is] = [begun[name] ?? "nothing", inputs[name] ?? "nothing"];
    return was === is ? [] : [`${name}: begun with ${was}, now ${is}`];
  });
  if (changes.length > 0) throw new DeploymentChanged(folder, changes);
}

/**
 * Make the journal of a run that was killed whole again: drop a line that was half written, write lost addresses anew, and
 * find transactions that went out and were not noted. Without this a contract could be deployed twice.
 * @returns how many transactions were found @throws TransactionUnmined
 */
export async function recoverJournal(folder: string, provider: Provider, node: EIP1193Provider): Promise<number> {
  const lines = wholeLines(join(folder, JOURNAL));
  if (lines.length === 0) return 0;
  restoreAddresses(join(folder, ADDRESSES), lines);
  const noted = new Set(lines.flatMap((line) => (line.type === "TRANSACTION_SEND" ? [keyOf(line)] : [])));
  const dropped = droppedAfterPreparing(lines);
  const sender = lines.find(({ from }) => from !== undefined)?.from ?? "";
  let found = 0;
  for (const line of lines) {
    if (line.type !== "TRANSACTION_PREPARE_SEND" || line.nonce === undefined) continue;
    if (noted.has(keyOf(line)) || dropped.has(line)) continue;
    const hash = await transactionOf(provider, sender, line.nonce);
    if (hash === undefined) continue;
    await trackTransaction(folder, hash, node, 1);
    found++;
  }
  return found;
}

/** First block in which a transaction of the deployment stands: its events begin there. */
export function firstBlockOf(folder: string): number | undefined {
  const blocks = wholeLines(join(folder, JOURNAL)).flatMap(({ type, receipt }) =>
    type === "TRANSACTION_CONFIRM" && receipt !== undefined ? [receipt.blockNumber] : [],
  );
  return blocks.length === 0 ? undefined : Math.min(...blocks);
}

function wholeLines(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "");
  const last = texts.at(-1);
  if (last !== undefined && !isJson(last)) {
    texts.pop();
    writeFileSync(file, texts.map((text) => `\n${text}`).join(""));
  }
  return texts.map((text) => JSON.parse(text) as JournalLine);
}

/** Ignition writes this file anew for each contract, not in one step; the journal has the same. */
function restoreAddresses(file: string, lines: readonly JournalLine[]): void {
  if (!existsSync(file) || isJson(readFileSync(file, "utf8"))) return;
  const addresses = lines.flatMap(({ futureId, result }) =>
    futureId !== undefined && result?.address !== undefined ? [[futureId, result.address] as const] : [],
  );
  rmSync(file);
  writeFileSync(file, JSON.stringify(Object.fromEntries(addresses), undefined, 2));
}

/** Preparations that Ignition has given up itself: it prepares again, with a nonce of that moment. */
function droppedAfterPreparing(lines: readonly JournalLine[]): Set<JournalLine> {
  const dropped = new Set<JournalLine>();
  lines.forEach((line, i) => {
    if (line.type !== "TRANSACTION_PREPARE_SEND") return;
    const later = lines.slice(i + 1).filter((each) => keyOf(each) === keyOf(line));
    if (later.some(({ type }) => /DROPPED|REPLACED|TRANSACTION_PREPARE_SEND/.test(type))) dropped.add(line);
  });
  return dropped;
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
