import { formatDuration, formatInteger } from "./format.js";

/** What progress is written to: `process.stdout`, or anything with the same three members. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Settings of a progress display. `now` is a clock in ms that never goes back. */
export interface ProgressOptions {
  readonly output: ProgressOutput;
  readonly label: string;
  readonly total: number;
  readonly now: () => number;
}

/** A bar that is redrawn in place on a terminal, a plain line at every tenth elsewhere. */
export interface Progress {
  /** Show how far it is, with live figures. Cheap: draws at most ten times a second. */
  update(done: number, figures?: Readonly<Record<string, string>>): void;
  /** Print a line of its own above the bar. */
  note(line: string): void;
  /** Draw the last state and end the line. */
  finish(): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

/** Start a progress display. */
export function createProgress(options: ProgressOptions): Progress {
  return options.output.isTTY === true ? new Bar(options) : new Lines(options);
}

interface State {
  readonly done: number;
  readonly figures: Readonly<Record<string, string>>;
}

class Bar implements Progress {
  readonly #options: ProgressOptions;
  readonly #startedAt: number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #state: State = { done: 0, figures: {} };

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  update(done: number, figures: Readonly<Record<string, string>> = {}): void {
    this.#state = { done, figures };
    if (this.#options.now() - this.#drawnAt >= REDRAW_MS) this.#draw();
  }

  note(line: string): void {
    this.#options.output.write(`\r\u001b[K${line}\n`);
    this.#draw();
  }

  finish(): void {
    this.#draw();
    this.#options.output.write("\n");
  }

  #draw(): void {
    const { output, now, total } = this.#options;
    this.#drawnAt = now();
    const filled = total === 0 ? BAR_WIDTH : Math.floor((BAR_WIDTH * Math.min(this.#state.done, total)) / total);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const line = `${bar} ${describe(this.#options, this.#state, this.#drawnAt - this.#startedAt)}`;
    output.write(`\r${line.slice(0, Math.max(1, (output.columns ?? 120) - 1))}\u001b[K`);
  }
}

class Lines implements Progress {
  readonly #options: ProgressOptions;
  readonly #startedAt: number;
  #tenths = 0;
  #state: State = { done: 0, figures: {} };

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  update(done: number, figures: Readonly<Record<string, string>> = {}): void {
    this.#state = { done, figures };
    const tenths = Math.floor((10 * done) / Math.max(1, this.#options.total));
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.#print();
  }

  note(line: string): void {
    this.#options.output.write(`${line}\n`);
  }

  finish(): void {
    if (this.#state.done !== this.#options.total || this.#tenths < 10) this.#print();
  }

  #print(): void {
    const { output, now } = this.#options;
    output.write(`${describe(this.#options, this.#state, now() - this.#startedAt)}\n`);
  }
}

function describe({ label, total }: ProgressOptions, { done, figures }: State, ms: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const parts = [
    `${label} ${String(percent).padStart(3)} %`,
    `${formatInteger(done)}/${formatInteger(total)}`,
    formatDuration(ms),
    ...Object.entries(figures).map(([name, figure]) => `${name} ${figure}`),
  ];
  return parts.join("  ");
}
