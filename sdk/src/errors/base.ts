export type Retry = "no" | "now" | "later";
export interface YellowstoneErrorOptions {
  code: string;
  message: string;
  data: Readonly<Record<string, unknown>>;
  next: string;
  retry: Retry;
  cause?: unknown;
}
export class YellowstoneError extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly next: string;
  readonly retry: Retry;
  constructor(o: YellowstoneErrorOptions) {
    super(o.message, o.cause === undefined ? undefined : { cause: o.cause });
    this.code = o.code;
    this.data = o.data;
    this.next = o.next;
    this.retry = o.retry;
    this.name = new.target.name;
  }
}
