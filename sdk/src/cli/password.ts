/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { KeyUnavailable } from "../errors/service.js";
import type { Context, Surroundings } from "./command.js";

/** Whether a person can be asked: both ends are a terminal. */
export function isPersonThere({ input, err }: Surroundings): boolean {
  return input.isTTY === true && err.isTTY === true;
}

/**
 * The password of a keystore: from the file that --password-file names, from YELLOWSTONE_PASSWORD, or from the person at the
 * terminal, without echo. @throws KeyUnavailable
 */
export async function passwordOf({ args, around, print }: Context, keystore: string): Promise<string> {
  const path = args.text("password-file") ?? around.env["YELLOWSTONE_PASSWORD_FILE"];
  if (path !== undefined && path !== "") {
    const text = await readFile(path, "utf8").catch(() => {
      throw new KeyUnavailable(`password file ${path}`, "cannot be read");
    });
    // An editor leaves a line end behind; it is no part of the password.
    return text.replace(/\r?\n$/, "");
  }
  const given = around.env["YELLOWSTONE_PASSWORD"];
  if (given !== undefined) return given;
  if (!isPersonThere(around)) {
    throw new KeyUnavailable(
      `keystore ${keystore}`,
      "no password: --password-file and YELLOWSTONE_PASSWORD are missing",
    );
  }
  print.end();
  return ask(around, `Password of ${keystore}: `, false);
}

/** Ask the person at the terminal for a line; what is typed shows only with `echo`. */
export async function ask({ input, err }: Surroundings, question: string, echo: boolean): Promise<string> {
  err.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = echo ? (err as NodeJS.WritableStream) : nowhere;
  const lines = createInterface({ input, output, terminal: true });
  const abort = new AbortController();
  lines.once("SIGINT", () => abort.abort());
  lines.once("close", () => abort.abort());
  // Who leaves has said nothing.
  const answer = await lines.question("", { signal: abort.signal }).catch(() => "");
  lines.close();
  if (!echo) err.write("\n");
  return answer;
}
