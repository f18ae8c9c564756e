/** Where a vector is tried. */
export type Side = "contract" | "sdk";

/** Counts what was tried, and prints one line for each item that failed. */
export class Tally {
  passed = 0;
  failed = 0;

  constructor(private readonly print: (line: string) => void) {}

  /** Count one item on one side; `problem` is undefined when it holds. */
  record(side: Side, item: string, problem: string | undefined): void {
    if (problem === undefined) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    this.print(`FAILED ${side}: ${item}: ${problem}`);
  }
}

/** What a failure is called in a line. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
