/// <reference types="node" />
import { readFileSync } from "node:fs";
import { YellowstoneError } from "../errors/base.js";
import { CommandLineInvalid } from "../errors/service.js";
import { routerRun } from "./commands/routerRun.js";
import { EXIT, exitCodeOf, type Command, type Surroundings } from "./command.js";

/** Every command: one file each. */
const COMMANDS: readonly Command[] = [routerRun];

/** Run a command line and give its exit code. Never throws. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(args, around);
  } catch (error) {
    if (!(error instanceof YellowstoneError)) {
      around.err.write(`unexpected: ${error instanceof Error ? error.message : String(error)}\n`);
      return EXIT.failed;
    }
    around.err.write(`${error.message}\n`);
    around.err.write(`${error.next}
`);
    return exitCodeOf(error as YellowstoneError);
  }
}

async function dispatch(args: readonly string[], around: Surroundings): Promise<number> {
  const [first] = args;
  if (first === "--version" || first === "-v") {
    around.out.write(`${version()}\n`);
    return EXIT.done;
  }
  const command = COMMANDS.find(({ name }) => name.split(" ").every((word, i) => args[i] === word));
  if (command === undefined) {
    if (first !== undefined && first !== "--help" && first !== "-h")
      throw new CommandLineInvalid(`no such command: ${args.slice(0, 2).join(" ")}`);
    around.out.write(help());
    return first === undefined ? EXIT.usage : EXIT.done;
  }
  const rest = args.slice(command.name.split(" ").length);
  if (rest.includes("--help") || rest.includes("-h")) {
    around.out.write(`${command.help}\n`);
    return EXIT.done;
  }
  return command.run(rest, around);
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function help(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  yellowstone ${name.padEnd(16)} ${summary}`);
  return `${["Usage:", ...lines, "  yellowstone --version", "", "Each command explains itself: --help."].join("\n")}\n`;
}
