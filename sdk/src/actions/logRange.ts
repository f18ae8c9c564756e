/** Why a node did not give the events of a range of blocks. */
export type LogFailure = "tooMuch" | "pruned" | "other";

/** What nodes say when they no longer have events (EIP-4444 gives them a code), and when a range holds too many. */
const PRUNED_CODE = 4_444;
const PRUNED =
  /pruned|history (is )?(unavailable|not available)|receipts? (is |are )?(not |un)available|before .+ is not available/i;
const TOO_MUCH_CODES: readonly unknown[] = [-32_614];
const TOO_MUCH = new RegExp(
  [
    "range.{0,60}(large|wide|big|great|limit|exceed|maximum|\\bmax\\b)",
    "(exceed|maximum|\\bmax\\b|limit|reduce|narrow).{0,60}range",
    "(more than|too many) ?[\\d,]*.{0,12}(results|logs|blocks)",
    "exceeds? limit of \\d",
    "logs? matched.{0,40}limit",
    "response.{0,30}(too large|too big|exceed|greater)",
    "query (timeout|timed out|exceed)",
    "payload too large",
  ].join("|"),
  "i",
);
const PAYLOAD_TOO_LARGE = 413;
const MAX_DEPTH = 6;

/** Look for a node's own words in an error, which ethers, proxies and wallets wrap. */
export function logFailureOf(error: unknown): LogFailure {
  const said = [...statementsIn(error, MAX_DEPTH)];
  if (said.some((one) => one === PRUNED_CODE || (typeof one === "string" && PRUNED.test(one)))) return "pruned";
  const isTooMuch = (one: unknown) =>
    TOO_MUCH_CODES.includes(one) || one === PAYLOAD_TOO_LARGE || (typeof one === "string" && TOO_MUCH.test(one));
  return said.some(isTooMuch) ? "tooMuch" : "other";
}

/** Codes and texts, but not those of the request: it names the range in any case. */
function* statementsIn(error: unknown, depth: number): Generator<unknown> {
  if (typeof error === "string") yield error;
  if (typeof error !== "object" || error === null || depth === 0) return;
  const {
    code,
    message,
    responseBody,
    responseStatus,
    data,
    cause,
    error: inner,
    info,
    payload,
  } = error as Record<string, unknown>;
  yield* [code, responseBody];
  if (typeof responseStatus === "string") yield Number.parseInt(responseStatus, 10);
  // The message of ethers repeats the request; what the node said stands in `error` beside it.
  if (inner === undefined && info === undefined) yield message;
  for (const one of [data, cause, inner, info]) yield* statementsIn(one, depth - 1);
  if (typeof payload === "string") yield payload;
}

/** Successes after which a width that was refused is tried again: dense stretches end, and limits are often of results. */
const PATIENCE = 8;

/**
 * Finds how many blocks a node gives at once: halves when it refuses, doubles while it does not. A width that was refused is
 * tried again only after some successes. Pure.
 */
export class LogRange {
  #blocks: number;
  #refused = Number.POSITIVE_INFINITY;
  #successes = 0;

  constructor(readonly maxBlocks: number) {
    this.#blocks = maxBlocks;
  }

  /** Blocks to ask for at once. */
  get blocks(): number {
    return this.#blocks;
  }

  /** A request for `blocks` was answered. */
  accepted(blocks: number): void {
    // A short range at the end of the chain shows nothing about longer ones.
    if (blocks < this.#blocks) return;
    const wider = Math.min(this.#blocks * 2, this.maxBlocks);
    this.#successes++;
    if (wider >= this.#refused && this.#successes < PATIENCE) return;
    this.#blocks = wider;
    this.#successes = 0;
  }

  /** A request for `blocks` was refused. @returns whether a narrower one can be tried */
  refused(blocks: number): boolean {
    if (blocks <= 1) return false;
    this.#refused = blocks;
    this.#blocks = Math.max(1, Math.floor(blocks / 2));
    this.#successes = 0;
    return true;
  }
}
