/// <reference types="node" />
import { readFileSync } from "node:fs";
import { YellowstoneError } from "../errors/base.js";
import { decodeError } from "../errors/decode.js";
import { CommandLineInvalid } from "../errors/service.js";
import { Arguments } from "./arguments.js";
import { COMMANDS } from "./catalogue.js";
import { EXIT, exitCodeOf, type CommandEntry, type Surroundings } from "./command.js";
import { COMMON_OPTIONS, helpOf, helpOfAll, listOf } from "./help.js";
import { Printer, writeJson } from "./printer.js";
import { nearestName } from "./suggest.js";

/** Run a command line and give its exit code. Never throws. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(args, around);
  } catch (error) {
    if (!(error instanceof YellowstoneError) && !isOfEthers(error)) {
      around.err.write(`unexpected: ${error instanceof Error ? error.message : String(error)}\n`);
      return EXIT.failed;
    }
    const failure = decodeError(error);
    const isJson = args.includes("--json");
    around.err.write(
      isJson
        ? `${writeJson({ error: failure.toJSON() })}\n`
        : `${failure.message}\n${reasonOf(failure)}${failure.next}\n`,
    );
    return exitCodeOf(failure);
  }
}

function isOfEthers(error: unknown): boolean {
  return typeof error === "object" && error !== null && "shortMessage" in error;
}

/** A transaction that failed in its block says why by its cause. */
function reasonOf({ cause }: YellowstoneError): string {
  return cause instanceof YellowstoneError ? `${cause.message}\n` : "";
}

async function dispatch(args: readonly string[], around: Surroundings): Promise<number> {
  const [first] = args;
  if (first === "--version" || first === "-v") {
    around.out.write(`${version()}\n`);
    return EXIT.done;
  }
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    (first === undefined ? around.err : around.out).write(`${helpOfAll(COMMANDS)}\n`);
    return first === undefined ? EXIT.usage : EXIT.done;
  }
  const entry = COMMANDS.find(({ name }) => name.split(" ").every((word, i) => args[i] === word));
  if (entry === undefined) return withoutCommand(args, around);
  const command = await entry.load();
  const rest = args.slice(entry.name.split(" ").length);
  if (rest.includes("--help") || rest.includes("-h")) {
    around.out.write(`${helpOf(entry, command)}\n`);
    return EXIT.done;
  }
  const options = { ...command.options, ...COMMON_OPTIONS };
  const parsed = new Arguments(rest, options, command.maxPositionals ?? 0);
  const print = new Printer(around, parsed.flag("json"));
  try {
    return await command.run({ args: parsed, around, print });
  } finally {
    print.end();
  }
}

/** The words are no command: those of a group are listed, otherwise the nearest name is offered. */
function withoutCommand(args: readonly string[], around: Surroundings): number {
  const words = args.slice(0, args.findIndex((arg) => arg.startsWith("-")) >>> 0);
  if (words.length === 0) throw new CommandLineInvalid("a command comes first, its options behind it");
  for (let count = words.length; count > 0; count--) {
    const prefix = `${words.slice(0, count).join(" ")} `;
    const group = COMMANDS.filter(({ name }) => name.startsWith(prefix));
    if (group.length === 0) continue;
    if (words.length > count) throw unknownCommand(words, group);
    const isAsked = args.includes("--help") || args.includes("-h");
    (isAsked ? around.out : around.err).write(`${listOf(group)}\n`);
    return isAsked ? EXIT.done : EXIT.usage;
  }
  throw unknownCommand(words, COMMANDS);
}

function unknownCommand(words: readonly string[], among: readonly CommandEntry[]): CommandLineInvalid {
  const firsts = [...new Set(among.flatMap(({ name }) => name.split(" ", 1)))];
  const typed = words.join(" ");
  const nearest =
    nearestName(
      typed,
      among.map(({ name }) => name),
    ) ??
    nearestName(
      words.slice(0, 2).join(" "),
      among.map(({ name }) => name),
    ) ??
    nearestName(words[0]!, firsts);
  const offer = nearest === undefined || typed.startsWith(nearest) ? "" : `; did you mean ${nearest}?`;
  return new CommandLineInvalid(`no such command: ${typed.slice(0, 60)}${offer}`);
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
