/// <reference types="node" />
import { setTimeout as sleep } from "node:timers/promises";
import { BodyTooLarge, RequestInvalid } from "../errors/service.js";

/** A request to another router. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Made anew for every try: a signature is good once. */
  readonly headers: () => Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A longer answer is refused before it is read to its end. */
  readonly maxBytes: number;
}

/** How often and how long a request is tried again. */
export interface RetryOptions {
  /** Tries in all; 3. */
  readonly attempts?: number;
  /** First pause in milliseconds, which doubles; 100. */
  readonly baseMs?: number;
  /** No pause is longer, whatever the other side asks for: then the request is given up; 5,000. */
  readonly maxMs?: number;
}

/** An answer: its status and its JSON, undefined where it has no body. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** Answers that say nothing of the request itself. */
const PASSING = new Set([429, 502, 503, 504]);

/**
 * Send a request and read a JSON answer within bounds. What fails for a reason that passes is tried again, after the time
 * the other side asks for (`Retry-After`), or after a pause that doubles.
 * @throws BodyTooLarge, RequestInvalid for an answer that is not JSON, what `fetch` throws
 */
export async function send(request: OutgoingRequest, retry: RetryOptions = {}): Promise<Answer> {
  const { attempts = 3, baseMs = 100, maxMs = 5_000 } = retry;
  const tried = await tryOnce(request, attempts <= 1, baseMs, maxMs);
  if (typeof tried !== "number") return tried;
  await sleep(tried, undefined, { signal: request.signal });
  return send(request, { attempts: attempts - 1, baseMs: 2 * baseMs, maxMs });
}

/** One try. @returns the answer, or how many milliseconds to wait before the next one */
async function tryOnce(
  { method, url, headers, body, signal, maxBytes }: OutgoingRequest,
  isLast: boolean,
  pauseMs: number,
  maxMs: number,
): Promise<Answer | number> {
  try {
    const response = await fetch(url, {
      method,
      signal,
      redirect: "error",
      headers: { ...headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
    });
    const { status } = response;
    if (!PASSING.has(status) || isLast) return { status, json: await readJson(response, maxBytes) };
    await response.body?.cancel();
    const waitMs = Math.max(pauseMs, retryAfterMs(response.headers.get("retry-after")));
    return waitMs > maxMs ? { status, json: undefined } : waitMs;
  } catch (error) {
    if (isLast || signal.aborted || error instanceof BodyTooLarge || error instanceof RequestInvalid) throw error;
    return Math.min(pauseMs, maxMs);
  }
}

/** `Retry-After` in seconds or as a date, in milliseconds; 0 without one. */
function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}

async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new BodyTooLarge(maxBytes);
    chunks.push(chunk);
  }
  if (length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new RequestInvalid("the answer is not JSON");
  }
}
