import { isError } from "ethers";
import { decodeError } from "../errors/decode.js";
import type { YellowstoneError } from "../errors/base.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { RelayAborted, RequestRateLimited, RequestTimedOut } from "../errors/relayer.js";
import type { RelayTiming } from "./settings.js";

/** What every look at the chain is given. */
export interface RequestContext {
  readonly timing: Required<RelayTiming>;
  readonly signal: AbortSignal;
  /** Told of every failed request. */
  readonly onFailure: (failure: YellowstoneError) => void;
}

/**
 * Send a request, and send it again where that may help: a bounded number of times, with pauses that double, and for as long
 * as the node asks. Only for requests that may be sent twice: reads, and transactions that are signed already.
 * @throws the last failure, decoded; RelayAborted
 */
export async function request<T>(name: string, { timing, signal, onFailure }: RequestContext, send: () => Promise<T>) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(timing.timeoutMs, name, signal, send);
    } catch (cause) {
      const failure = relayFailure(cause);
      if (failure instanceof RelayAborted) throw failure;
      if (isRequestFailure(failure)) onFailure(failure);
      if (!isWorthRepeating(failure) || attempt >= timing.attempts) throw failure;
      await pause(pauseOf(failure, attempt, timing), signal);
    }
  }
}

/**
 * Decode a failure as a relayer sees it: what it asks is well formed, so an answer that makes no sense, or a refusal that is
 * no contract's, is the node's trouble and passes.
 */
export function relayFailure(cause: unknown): YellowstoneError {
  const failure = decodeError(cause);
  if (!(failure instanceof ChainRequestFailed) || failure.retry !== "no") return failure;
  return new ChainRequestFailed(
    failure.data.reason,
    isError(failure.cause, "BAD_DATA") ? "now" : "later",
    failure.cause,
  );
}

/** How long to wait after a failure: what the node asked for, otherwise a pause that doubles with each attempt. */
export function pauseOf(failure: unknown, attempt: number, timing: Required<RelayTiming>): number {
  const { backoffMs, backoffMaxMs } = timing;
  const own = Math.min(backoffMs * 2 ** (attempt - 1), backoffMaxMs);
  if (!(failure instanceof RequestRateLimited)) return own;
  return Math.max(failure.data.retryAfterMs ?? 0, own);
}

/** Whether a failure is of the node or the way to it, and not an answer. */
export function isRequestFailure(failure: YellowstoneError): boolean {
  return (
    failure instanceof ChainRequestFailed || failure instanceof RequestTimedOut || failure instanceof RequestRateLimited
  );
}

/** Wait; end early with the signal. @throws RelayAborted */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new RelayAborted(signal.reason));
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(new RelayAborted(signal.reason));
    };
    signal.addEventListener("abort", abort, { once: true });
  });
}

function isWorthRepeating(failure: YellowstoneError): boolean {
  return isRequestFailure(failure) && (failure.retry === "now" || failure instanceof RequestRateLimited);
}

/** A request that outlives its time is left alone: nobody waits for it, and its late answer counts for nothing. */
async function within<T>(timeoutMs: number, name: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new RelayAborted(signal.reason);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: (() => void) | undefined;
  const given = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RequestTimedOut(name, timeoutMs)), timeoutMs);
    abort = () => reject(new RelayAborted(signal.reason));
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([send(), given]);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal.removeEventListener("abort", abort);
  }
}
