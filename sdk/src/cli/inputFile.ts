/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { CommandLineInvalid } from "../errors/service.js";
import { InvalidField } from "../errors/input.js";
import type { Context } from "./command.js";

const MAX_BYTES = 64 * 2 ** 20;

/** Read JSON from the file that is the command's argument, or from standard input for `-` and for none. @throws InvalidField */
export async function readInput({ args, around: { input } }: Context): Promise<unknown> {
  const path = args.positionals[0] ?? "-";
  if (path !== "-") return readJsonFile(path);
  if (input.isTTY === true) throw new CommandLineInvalid("name a FILE, or send JSON to standard input");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new InvalidField("standard input", `at most ${MAX_BYTES} bytes`, length);
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks).toString("utf8"), "standard input");
}

/** Read a file of JSON. @throws CommandLineInvalid, InvalidField */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new CommandLineInvalid(`${path} cannot be read`);
  });
  return parse(text, path);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidField(path, "JSON", text.slice(0, 40), cause);
  }
}
