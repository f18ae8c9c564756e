import type { YellowstoneError } from "../errors/base.js";
import { CommandLineInvalid } from "../errors/service.js";
import type { Environment } from "../service/keys.js";

/** Where text goes. */
export interface TextSink {
  write(text: string): unknown;
}

/** The process around a command. */
export interface Surroundings {
  readonly env: Environment;
  readonly out: TextSink;
  readonly err: TextSink;
}

/** A command of `yellowstone`. */
export interface Command {
  /** Words that call it, such as `router run`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Do it, and give the exit code. @throws CommandLineInvalid and what the command says */
  run(args: readonly string[], around: Surroundings): Promise<number>;
}

/** Exit codes. */
export const EXIT = { done: 0, failed: 1, usage: 2, configuration: 3, journal: 4, chain: 5 } as const;

/** Exit code of a failure: what the operator has to look at. */
export function exitCodeOf(error: YellowstoneError): number {
  if (error instanceof CommandLineInvalid) return EXIT.usage;
  const { code } = error;
  if (/^(ConfigInvalid|KeyUnavailable|InvalidPolicy|InvalidPrivateKey)$|Parameter$/.test(code))
    return EXIT.configuration;
  if (/^(Journal|Archive|InvalidJournal)/.test(code)) return EXIT.journal;
  if (/^(ChainRequestFailed|HistoryMissing|DayNotBegun|RouterUnknown|NoCode|UnknownChain)$|Mismatch$/.test(code))
    return EXIT.chain;
  return EXIT.failed;
}
