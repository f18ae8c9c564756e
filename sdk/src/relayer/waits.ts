import type { YellowstoneError } from "../errors/base.js";
import type { RelayTiming } from "./settings.js";

interface Wait {
  readonly untilMs: number;
  readonly attempts: number;
  readonly failure?: YellowstoneError;
  readonly verdict?: string;
}

/** Which parts are left alone until when, and why. Not stored: after a restart everything is due. */
export class Waits {
  readonly #timing: Required<RelayTiming>;
  readonly #clock: () => number;
  readonly #waits = new Map<string, Wait>();

  constructor(timing: Required<RelayTiming>, clock: () => number) {
    this.#timing = timing;
    this.#clock = clock;
  }

  isDue(part: string): boolean {
    return (this.#waits.get(part)?.untilMs ?? 0) <= this.#clock();
  }

  failureOf(part: string): YellowstoneError | undefined {
    return this.#waits.get(part)?.failure;
  }

  /** Remember why a part does not get on, without a pause. */
  note(part: string, failure: YellowstoneError): void {
    const { untilMs = 0, attempts = 0 } = this.#waits.get(part) ?? {};
    this.#waits.set(part, { untilMs, attempts, failure });
  }

  /**
   * Leave a part alone for `wantedMs`, at least a pause that doubles each time, and at most the longest pause unless a node
   * asked for more: chains tell the time in their own way.
   */
  postpone(part: string, failure: YellowstoneError, wantedMs: number): void {
    const { pollMs, backoffMaxMs } = this.#timing;
    const attempts = (this.#waits.get(part)?.attempts ?? 0) + 1;
    const own = Math.min(pollMs * 2 ** Math.min(attempts - 1, 30), backoffMaxMs);
    const most = failure.code === "RequestRateLimited" ? Math.max(wantedMs, own) : backoffMaxMs;
    this.#waits.set(part, { untilMs: this.#clock() + Math.min(Math.max(wantedMs, own), most), attempts, failure });
  }

  /** Whether a verdict was given at the look before too; otherwise it is remembered for the next one. */
  isConfirmed(part: string, verdict: string): boolean {
    const known = this.#waits.get(part);
    if (known?.verdict === verdict) return true;
    this.#waits.set(part, { untilMs: 0, attempts: known?.attempts ?? 0, verdict });
    return false;
  }

  forget(part: string): void {
    this.#waits.delete(part);
  }
}
