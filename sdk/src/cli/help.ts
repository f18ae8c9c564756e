import { EXIT, EXIT_WORDS, type Command, type CommandEntry, type OptionSpecs } from "./command.js";

const WIDTH = 100;

/** Options that every command has. */
export const COMMON_OPTIONS: OptionSpecs = {
  json: { about: "give the result as JSON on standard output, failures as JSON on standard error" },
  help: { about: "say this" },
};

/** List of all commands. */
export function helpOfAll(entries: readonly CommandEntry[]): string {
  return [
    "Usage: yellowstone COMMAND [OPTIONS]",
    "",
    listOf(entries),
    "",
    "  yellowstone --version",
    "",
    "Each command explains itself: --help. Nothing is sent without a question or --yes; --dry-run shows what would be sent.",
    "Defaults may stand in YELLOWSTONE_RPC, YELLOWSTONE_DEPLOYMENT, YELLOWSTONE_KEYSTORE and others that --help names.",
  ].join("\n");
}

/** List of some commands. */
export function listOf(entries: readonly CommandEntry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return entries.map(({ name, summary }) => `  yellowstone ${name.padEnd(width)}  ${summary}`).join("\n");
}

/** Everything about one command. */
export function helpOf({ name, summary }: CommandEntry, command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([option, { value, about, isMany }]) => ({
      title: `--${option}${value === undefined ? "" : ` ${value}`}`,
      text: isMany === true ? `${about}; may be repeated` : about,
    }),
  );
  const width = Math.max(...options.map(({ title }) => title.length));
  return [
    `Usage: yellowstone ${name}${command.positionals === undefined ? "" : ` ${command.positionals}`} [OPTIONS]`,
    "",
    ...wrap(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`, 0),
    ...command.about.split("\n").flatMap((paragraph) => wrap(paragraph, 0)),
    "",
    ...options.map(
      ({ title, text }) =>
        `  ${title.padEnd(width)}  ${wrap(text, width + 4)
          .join("\n")
          .trimStart()}`,
    ),
    "",
    command.examples.length > 1 ? "Examples:" : "Example:",
    ...command.examples.map((example) => `  yellowstone ${example}`),
    "",
    ...wrap(`Exit codes: ${exitWords()}.`, 0),
  ].join("\n");
}

function exitWords(): string {
  return Object.entries(EXIT)
    .map(([name, code]) => `${code} ${EXIT_WORDS[name as keyof typeof EXIT]}`)
    .join("; ");
}

/** Break a text into lines, each behind a margin. */
function wrap(text: string, margin: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && margin + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${" ".repeat(margin)}${each}`.trimEnd());
}
