/// <reference types="node" />
import { RouterAnswered, RouterUnreachable } from "../errors/cli.js";
import { wordsOf } from "../service/log.js";
import { send, type Answer } from "../service/httpClient.js";

const REQUEST_MS = 15_000;
const MAX_BYTES = 16 * 2 ** 20;

/** Post JSON and read a JSON answer, whatever its status. @throws what `send` throws */
export function postJson(url: string, body: object): Promise<Answer> {
  const signal = AbortSignal.timeout(REQUEST_MS);
  const request = { method: "POST", url, headers: () => ({}), body: JSON.stringify(body), signal, maxBytes: MAX_BYTES };
  return send(request as Parameters<typeof send>[0], { attempts: 1 });
}

/** What a router is asked. */
export interface RouterQuestion {
  readonly url: string;
  /** Posted when it is there. */
  readonly body?: object;
  readonly headers?: () => Record<string, string>;
}

/**
 * Ask a router. @returns its JSON; undefined where there is nothing under this name
 * @throws RouterAnswered with the router's own reason, RouterUnreachable
 */
export async function askRouter({ url, body, headers = () => ({}) }: RouterQuestion): Promise<unknown> {
  const signal = AbortSignal.timeout(REQUEST_MS);
  const common = { url, headers, signal, maxBytes: MAX_BYTES };
  let answer: Answer;
  try {
    answer = await send(
      body === undefined ? { ...common, method: "GET" } : { ...common, method: "POST", body: JSON.stringify(body) },
    );
  } catch (cause) {
    throw new RouterUnreachable(wordsOf(cause), cause);
  }
  const { status, json } = answer;
  if (status === 404 && body === undefined) return undefined;
  if (status >= 200 && status < 300) return json;
  const { message, next } = (json ?? {}) as { message?: unknown; next?: unknown };
  const reason = [message, next].filter((text) => typeof text === "string").join(" ");
  throw new RouterAnswered(status, reason === "" ? "it gives no reason" : reason);
}
