import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeploymentChanged } from "./errors.js";
import { valuesOf, type DeployParameters } from "./parameters.js";

/** A line of Ignition's journal, as far as it is read here. */
export interface JournalLine {
  readonly type: string;
  readonly futureId?: string;
  readonly networkInteractionId?: number;
  readonly from?: string;
  readonly nonce?: number;
  readonly result?: { readonly address?: string };
  readonly receipt?: { readonly blockNumber: number };
}

const INPUTS = "inputs.json";
const JOURNAL = "journal.jsonl";

/**
 * Note beside the journal what a deployment is begun with, or compare what it is resumed with. Written before anything is sent.
 * @throws DeploymentChanged
 */
export function requireSameInputs(folder: string, deployer: string, parameters: DeployParameters): void {
  const inputs: Record<string, string> = { deployer, ...valuesOf(parameters) };
  const file = join(folder, INPUTS);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeWhole(file, `${JSON.stringify(inputs, undefined, 2)}\n`);
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

/** First block in which a transaction of the deployment stands: its events begin there. */
export function firstBlockOf(folder: string): number | undefined {
  const blocks = readJournal(folder).flatMap(({ type, receipt }) =>
    type === "TRANSACTION_CONFIRM" && receipt !== undefined ? [receipt.blockNumber] : [],
  );
  return blocks.length === 0 ? undefined : Math.min(...blocks);
}

/** Read the journal; a last line that was half written counts as not written. */
export function readJournal(folder: string): JournalLine[] {
  const file = join(folder, JOURNAL);
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "");
  const last = texts.at(-1);
  if (last !== undefined && !isJson(last)) texts.pop();
  return texts.map((text) => JSON.parse(text) as JournalLine);
}

/** Write the journal anew. What was read as JSON is written as JSON: Ignition keeps bigints as text. */
export function writeJournal(folder: string, lines: readonly JournalLine[]): void {
  writeWhole(join(folder, JOURNAL), lines.map((line) => `\n${JSON.stringify(line)}`).join(""));
}

/** Write a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
