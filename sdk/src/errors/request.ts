/** Codes of ethers and of Node under which the same request may succeed at once. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
]);
/** JSON-RPC codes of nodes that are overloaded, behind, or failed inside: limit exceeded, resource unavailable, internal. */
const TRANSIENT_RPC_CODES: ReadonlySet<number> = new Set([-32_002, -32_005, -32_016, -32_029, -32_603, 429]);
/** Answers that were cut off or belong to another request, in the words of ethers and of Node. */
const GARBLED = /not valid JSON|not valid UTF-8|missing response for request|socket hang up|aborted|other side closed/i;
/** Words of nodes for what went wrong in the call itself. Some give it the code of an internal error. */
const OF_EXECUTION = /revert|\bEVM\b|VM exception|out ?of ?gas|opcode|stack|jump/i;
const TOO_MANY_REQUESTS = /\b429\b/;
const SECOND_MS = 1_000;

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly info?: { readonly error?: { readonly code?: unknown; readonly message?: unknown } } | null;
  readonly error?: { readonly code?: unknown } | null;
  readonly response?: FailedResponse | null;
}

interface FailedResponse {
  readonly statusCode?: unknown;
  readonly statusMessage?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Tell whether a failed request may succeed when it is simply sent again. Whether it had an effect is not known. */
export function isTransient(error: unknown): boolean {
  const { code, message, info, error: inner } = failureOf(error);
  if (typeof code === "string" && TRANSIENT_CODES.has(code)) return true;
  if (isTransientCode(info?.error?.code ?? inner?.code)) return true;
  return typeof message === "string" && GARBLED.test(message);
}

/**
 * Tell whether an answer to a call that ethers takes for a revert, as it does every error, says that the node was overloaded or
 * failed inside: it says nothing of the call.
 */
export function isOverload(error: unknown): boolean {
  const { info } = failureOf(error);
  return isTransientCode(info?.error?.code) && !OF_EXECUTION.test(String(info?.error?.message));
}

function isTransientCode(code: unknown): boolean {
  return typeof code === "number" && TRANSIENT_RPC_CODES.has(code);
}

/** Read from a failed request how long the node wants to be left alone; undefined when it does not say so at all. */
export function rateLimitOf(error: unknown): { readonly retryAfterMs: number | undefined } | undefined {
  const { response } = failureOf(error);
  if (response === undefined || response === null) return undefined;
  const { statusCode, statusMessage, headers = {} } = response;
  const after = headers["retry-after"];
  // ethers gives a status of its own, 599, with the node's in the message.
  const limited = statusCode === 429 || (statusCode === 599 && TOO_MANY_REQUESTS.test(String(statusMessage)));
  if (!limited && !(statusCode === 503 && after !== undefined)) return undefined;
  return { retryAfterMs: typeof after === "string" ? delayOf(after, headers["date"]) : undefined };
}

/** Seconds, or a moment, which is counted from the moment of the answer and not from this machine's clock. */
function delayOf(after: string, answered: unknown): number | undefined {
  if (/^\d{1,6}$/.test(after)) return Number(after) * SECOND_MS;
  const delay = Date.parse(after) - Date.parse(String(answered));
  return Number.isFinite(delay) ? Math.max(0, delay) : undefined;
}

function failureOf(error: unknown): Failure {
  return typeof error === "object" && error !== null ? error : {};
}
