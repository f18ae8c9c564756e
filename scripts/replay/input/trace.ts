import { parseCount, parseCsv } from "./csv.js";
import { OutOfOrder } from "./errors.js";
import { parseTicks, TICKS_PER_MS } from "./timestamp.js";

/** One request of a trace: when it arrived in Unix ms, and how many tokens it read and generated. */
export interface TraceRow {
  readonly arrivalMs: bigint;
  readonly contextTokens: bigint;
  readonly tokens: bigint;
}

const COLUMNS = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"] as const;

/** Parse a request trace, arrivals ascending (equal ones may follow each other). Throws an InputError. */
export function parseTrace(text: string, file: string): TraceRow[] {
  let previousTicks = -1n;
  let previous = "";
  return parseCsv(text, file, COLUMNS).map((row) => {
    const stamp = row.get("TIMESTAMP");
    const ticks = parseTicks(stamp);
    if (ticks === undefined) throw row.invalid("TIMESTAMP", "a moment as 2023-11-16 18:15:46.6805900");
    if (ticks < previousTicks) throw new OutOfOrder(row.place("TIMESTAMP"), stamp, previous);
    previousTicks = ticks;
    previous = stamp;
    return {
      arrivalMs: ticks / TICKS_PER_MS,
      contextTokens: parseCount(row, "ContextTokens"),
      tokens: parseCount(row, "GeneratedTokens"),
    };
  });
}
