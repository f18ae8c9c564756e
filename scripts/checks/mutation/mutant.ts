import { createHash } from "node:crypto";
import type { Node } from "./ast.js";
import { rangeOf } from "./ast.js";

/**
 * How a mutant can sleep beside others in one compiled contract: as an expression or a statement chosen by a switch, the same
 * inside assembly, or not at all, so that it is compiled alone.
 */
export type Form = "expression" | "constant" | "statement" | "yulExpression" | "yulStatement" | "alone";

/** One change of one place. */
export interface Mutant {
  /** Stays the same while the line and its place in the file's equal lines do. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly form: Form;
  /** Bytes of the source that are replaced. */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
  /** Where the assembly block begins that the place lies in. */
  readonly assemblyStart?: number;
}

/** A file with what is found in it. */
export class Findings {
  readonly mutants: Mutant[] = [];
  readonly #bytes: Buffer;
  readonly #ids = new Set<string>();

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.#bytes = Buffer.from(text);
  }

  /** Return the source between two bytes. */
  slice(start: number, end: number): string {
    return this.#bytes.subarray(start, end).toString();
  }

  /** Return the source of `node`. */
  textOf(node: Node): string {
    return this.slice(...rangeOf(node));
  }

  /** Note that `node`, or the range given, can become `after`. */
  add(
    operator: string,
    form: Form,
    place: Node | readonly [number, number],
    after: string,
    assemblyStart?: number,
  ): void {
    const [start, end] = "src" in place ? rangeOf(place) : place;
    const before = this.slice(start, end);
    if (before === after) return;
    const head = this.slice(0, start);
    const line = head.split("\n").length;
    const column = head.length - head.lastIndexOf("\n");
    const told = [this.file, this.text.split("\n")[line - 1]?.trim(), column, before, after].join("\n");
    let id = "";
    for (let nth = 0; id === "" || this.#ids.has(id); ++nth) {
      id = createHash("sha256").update(`${told}\n${nth}`).digest("hex").slice(0, 12);
    }
    this.#ids.add(id);
    const where = assemblyStart === undefined ? {} : { assemblyStart };
    this.mutants.push({ id, file: this.file, line, operator, form, start, end, before, after, ...where });
  }
}
