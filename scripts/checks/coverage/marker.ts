import type { Node } from "../mutation/ast.js";
import { rangeOf } from "../mutation/ast.js";
import type { Mark, MarkKind } from "./marks.js";
import { Edits } from "./marks.js";

/** Marks one file. */
export class Marker {
  readonly edits = new Edits();
  /** Logic whose operands are marked already. */
  readonly counted = new Set<Node>();
  readonly #bytes: Buffer;

  constructor(
    readonly file: string,
    text: string,
    readonly marks: Mark[],
  ) {
    this.#bytes = Buffer.from(text);
  }

  /** Return the source of `node`, on one line. */
  textOf(node: Node): string {
    const [start, end] = rangeOf(node);
    return this.#bytes.subarray(start, end).toString().replace(/\s+/g, " ");
  }

  /** Add a mark for `node` and return its number. */
  add(kind: MarkKind, node: Node, what: string): number {
    const line = this.#bytes.subarray(0, rangeOf(node)[0]).toString().split("\n").length;
    return this.marks.push({ kind, file: this.file, line, what }) - 1;
  }

  /** Add marks for both outcomes of `condition`, the false one behind the true one whose number is returned. */
  addWays(condition: Node): number {
    const first = this.add("branch", condition, `${this.textOf(condition)} is true`);
    this.add("branch", condition, `${this.textOf(condition)} is false`);
    return first;
  }

  /** Mark the entry of a block in braces by number `n`. */
  markInside(block: Node, n: number): void {
    this.edits.insert(rangeOf(block)[0] + 1, ` coverageMark(${n}); `);
  }

  /** Return `end`, or the place behind the semicolon that follows it. */
  behindSemicolon(end: number): number {
    let at = end;
    while (" \n".includes(String.fromCharCode(this.#bytes[at] ?? 0))) at += 1;
    return this.#bytes[at] === ";".charCodeAt(0) ? at + 1 : end;
  }
}
