/** Whether the same call can succeed without a change by the caller: never, at once, or after waiting. */
export type Retry = "no" | "now" | "later";

/** What every error of the SDK is constructed from. `data` holds the figures behind the message. */
export interface YellowstoneErrorOptions {
  readonly code: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly next: string;
  readonly retry: Retry;
  readonly cause?: unknown;
}

/** The root of every failure of the SDK: what went wrong, with which figures, and what to do next. */
export class YellowstoneError extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly next: string;
  readonly retry: Retry;

  constructor(options: YellowstoneErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.data = options.data;
    this.next = options.next;
    this.retry = options.retry;
  }
}
