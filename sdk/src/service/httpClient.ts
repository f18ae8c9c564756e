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
  for (let left = attempts - 1, pauseMs = baseMs; ; left--, pauseMs *= 2) {
    let waitMs = pauseMs;
    try {
      const { method, url, body, signal } = request;
      const response = await fetch(url, {
        method,
        signal,
        redirect: "error",
        headers: { ...request.headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body }),
      });
      if (!PASSING.has(response.status) || left <= 0) {
        return { status: response.status, json: await readJson(response, request.maxBytes) };
      }
      await response.body?.cancel();
      waitMs = Math.max(waitMs, retryAfterMs(response.headers.get("retry-after")));
      if (waitMs > maxMs) return { status: response.status, json: undefined };
    } catch (error) {
      if (left <= 0 || request.signal.aborted || error instanceof BodyTooLarge || error instanceof RequestInvalid)
        throw error;
    }
    await sleep(Math.min(waitMs, maxMs), undefined, { signal: request.signal });
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
