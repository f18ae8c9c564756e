import type { Writable } from "node:stream";
import type { YellowstoneError } from "../errors/base.js";
import { ContractError } from "../errors/contract/define.js";
import type { Environment } from "../service/keys.js";
import type { Arguments } from "./arguments.js";
import type { Printer } from "./printer.js";

/** A stream that may be a terminal. */
export type TextSink = Pick<Writable, "write"> & { readonly isTTY?: boolean | undefined };

/** The process around a command. */
export interface Surroundings {
  readonly env: Environment;
  readonly out: TextSink;
  readonly err: TextSink;
  readonly input: NodeJS.ReadStream;
}

/** An option of a command. */
export interface OptionSpec {
  /** What stands behind it, such as FILE; a flag has none. */
  readonly value?: string;
  /** One line for the help. */
  readonly about: string;
  /** Whether it can be given more than once. */
  readonly isMany?: boolean;
}

/** Options by their names without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What a command is run with. */
export interface Context {
  readonly args: Arguments;
  readonly around: Surroundings;
  readonly print: Printer;
}

/** A command of `yellowstone`. */
export interface Command {
  /** What follows its name: positional arguments. */
  readonly positionals?: string;
  /** How many of them it takes at most; none when left out. */
  readonly maxPositionals?: number;
  /** Everything beyond the one line of the list. */
  readonly about: string;
  readonly options: OptionSpecs;
  /** Command lines that work, without the program's name. */
  readonly examples: readonly string[];
  /** Do it, and give the exit code. @throws CommandLineInvalid and what the command says */
  run(context: Context): Promise<number>;
}

/** A command as the list knows it: its module is loaded when it is called. */
export interface CommandEntry {
  /** Words that call it, such as `router run`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** Exit codes. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  journal: 4,
  chain: 5,
  refused: 6,
  findings: 7,
  unconfirmed: 8,
} as const;

/** What each exit code means, for the help. */
export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done, or stopped as asked",
  failed: "failed for another reason",
  usage: "the command line, or input that was read, is wrong",
  configuration: "configuration or key",
  journal: "a file that is kept between runs: journal, archive or store",
  chain: "no node, another chain, or no such deployment there",
  refused: "the contract refuses the call, or a transaction failed",
  findings: "something is wrong with what was looked at (verify, watch)",
  unconfirmed: "nobody agreed: nothing was sent or signed",
};

const BY_CODE: readonly (readonly [number, RegExp])[] = [
  [EXIT.usage, /^(CommandLineInvalid|InvalidField|InvalidAccessInput|PayloadTruncated)$/],
  [
    EXIT.configuration,
    /^(ConfigInvalid|KeyUnavailable|InvalidPolicy|InvalidPrivateKey|ExternalSignerFailed|SigningFailed|RelaySenderUnfit|InvalidRelaySetting)$|Parameter$/,
  ],
  [EXIT.journal, /^(Journal|Archive|InvalidJournal)/],
  [
    EXIT.chain,
    /^(ChainRequestFailed|ChainChanged|ChainUnsettled|HistoryMissing|DayNotBegun|RouterUnknown|NoCode|UnknownChain|LogsPruned|LogsRefused|RequestRateLimited|RequestTimedOut)$|(Mismatch|Diverged)$/,
  ],
  [EXIT.refused, /^(UnknownContractError|ContractPanic|ContractReverted|RevertedWithoutReason|TransactionReverted)$/],
  [EXIT.unconfirmed, /^ConfirmationMissing$/],
];

/** Exit code of a failure: what the operator has to look at. */
export function exitCodeOf(error: YellowstoneError): number {
  const found = BY_CODE.find(([, codes]) => codes.test(error.code));
  if (found !== undefined) return found[0];
  return error instanceof ContractError ? EXIT.refused : EXIT.failed;
}
