import { formatEther } from "ethers";
import { YellowstoneError } from "@yellowstone-compute/sdk";
import type { Rehearsal } from "./rehearse.js";

/** What a command of the operator says: for people as it goes, for programs one JSON object at the end. */
export class Report {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** Run a command: failures are said with what to do next, and end with exit code 1. */
  static async run(
    args: string[],
    command: (args: string[], begin: (json: boolean) => Report) => Promise<void>,
  ): Promise<void> {
    let report = new Report(args.includes("--json"));
    try {
      await command(args, (json) => (report = new Report(json)));
    } catch (error) {
      report.#fail(error);
      process.exitCode = 1;
    }
  }

  /** A line for people. */
  say(line: string): void {
    (this.#json ? process.stderr : process.stdout).write(`${line}\n`);
  }

  /** Names and values, one a line. */
  table(rows: Iterable<readonly [string, unknown]>): void {
    for (const [name, value] of rows) this.say(`  ${name.padEnd(36)} ${String(value)}`);
  }

  /** The result, as the last line of standard output. */
  finish(result: object): void {
    process.stdout.write(`${jsonOf(result)}\n`);
  }

  #fail(error: unknown): void {
    const known = error instanceof YellowstoneError ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n${known === undefined ? "" : `${known.next}\n`}`);
    if (this.#json) this.finish({ status: "failed", ...(known?.toJSON() ?? { code: "Unexpected", message }) });
  }
}

/** Say what a rehearsal has found. */
export function describeRehearsal(rehearsal: Rehearsal, report: Report): void {
  const { transactions, addresses, gas, feeWei, balanceWei, rows } = rehearsal;
  report.say(`${transactions.length} transactions would be sent:`);
  for (const { step, gas: used, feeWei: fee, creates } of transactions) {
    const at = creates === undefined ? "" : ` at ${creates}`;
    report.say(`  ${step.padEnd(44)} ${String(used).padStart(9)} gas ${formatEther(fee)} ETH${at}`);
  }
  report.table(Object.entries(addresses));
  report.say(`together ${gas} gas, about ${formatEther(feeWei)} ETH at the prices of this moment`);
  const enough = balanceWei >= feeWei ? "enough" : "NOT enough";
  report.say(`the deployer holds ${formatEther(balanceWei)} ETH: ${enough}`);
  const same = rows.filter(({ expected, actual }) => expected === actual).length;
  report.say(`read back: ${same} of ${rows.length} values as in the file`);
  report.say("rehearsed on a fork: nothing was sent");
}

function jsonOf(value: object): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === "rows") return undefined;
    if (key === "chainId" && typeof each === "bigint") return Number(each);
    return typeof each === "bigint" ? each.toString() : each;
  });
}
