/** Whether repeating the same call can help: never, at once, or after the state it names has changed. */
export type Retry = "no" | "now" | "later";

/** What every failure of this package says beside its message. */
export interface FailureOptions<Data extends object> {
  /** Stable identifier: the class name, and the Solidity error's name where the class decodes one. */
  readonly code: string;
  /** The figures of the failure. Never a key, never a prompt. */
  readonly data: Data;
  /** What the caller can do next, as one imperative sentence. */
  readonly next: string;
  readonly retry: Retry;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * Base of every error this package throws. Assert by class; log `toJSON()`.
 *
 * @example
 * try { parseMessage("Bid", input) } catch (e) { if (e instanceof YellowstoneError) console.log(e.code, e.next) }
 */
export abstract class YellowstoneError<Data extends object = object> extends Error {
  readonly code: string;
  readonly data: Readonly<Data>;
  readonly next: string;
  readonly retry: Retry;

  protected constructor(message: string, options: FailureOptions<Data>) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = options.code;
    this.code = options.code;
    this.data = Object.freeze({ ...options.data });
    this.next = options.next;
    this.retry = options.retry;
  }

  /** Give the error as plain JSON: bigints become decimal strings, cause and stack are left out. */
  toJSON(): { code: string; message: string; data: Record<string, unknown>; next: string; retry: Retry } {
    return { code: this.code, message: this.message, data: jsonSafe(this.data), next: this.next, retry: this.retry };
  }
}

function jsonSafe(data: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(data, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  ) as Record<string, unknown>;
}
