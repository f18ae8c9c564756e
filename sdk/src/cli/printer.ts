import type { Surroundings } from "./command.js";

/** Colours a text can have on a terminal. */
export type Colour = "red" | "green" | "yellow" | "bold" | "dim";

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  bold: [1, 22],
  dim: [2, 22],
};
const CLEAR_LINE = "\r\u001b[K";

/**
 * Says what a command has to say: its result on standard output, as text or as JSON; notes and progress on standard error.
 * Colours and progress only where a person looks at a terminal.
 */
export class Printer {
  readonly #around: Surroundings;
  #hasProgress = false;

  constructor(
    around: Surroundings,
    /** Whether the result is JSON. */
    readonly isJson: boolean,
  ) {
    this.#around = around;
  }

  /** Give the result, or a part of it: one JSON object on a line of its own, or text. */
  result(json: object, text: string): void {
    this.#clear();
    this.#around.out.write(this.isJson ? `${writeJson(json)}\n` : `${text}\n`);
  }

  /** Tell a person something beside the result. */
  note(text: string): void {
    if (this.isJson) return;
    this.#clear();
    this.#around.err.write(`${text}\n`);
  }

  /** Tell something that must not be missed, JSON or not. */
  warn(text: string): void {
    this.#clear();
    this.#around.err.write(`${text}\n`);
  }

  /** Say what is being done; the next word of it, or the result, takes its place. */
  progress(text: string): void {
    if (this.isJson || this.#around.err.isTTY !== true) return;
    this.#around.err.write(`${CLEAR_LINE}${this.paint(`${text} …`, "dim", "err")}`);
    this.#hasProgress = true;
  }

  /** Take progress away. */
  end(): void {
    this.#clear();
  }

  /** Colour a text for standard output, where it is a terminal and NO_COLOR is not set. */
  paint(text: string, colour: Colour, on: "out" | "err" = "out"): string {
    const { NO_COLOR, TERM } = this.#around.env;
    const isPlain = this.isJson || this.#around[on].isTTY !== true || (NO_COLOR ?? "") !== "" || TERM === "dumb";
    const [start, end] = CODES[colour];
    return isPlain ? text : `\u001b[${start}m${text}\u001b[${end}m`;
  }

  #clear(): void {
    if (this.#hasProgress) this.#around.err.write(CLEAR_LINE);
    this.#hasProgress = false;
  }
}

/** Write JSON; bigints become decimal strings. */
export function writeJson(value: object): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
