import type { Deployment } from "../deployment/deployment.js";
import { ChainRequestFailed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";
import { InvalidField } from "../errors/input.js";
import { ChainUnsettled, LogsPruned, LogsRefused, ReorgTooDeep } from "../errors/provider.js";
import type { EventDecoder } from "../events/define.js";
import { ZERO_HASH } from "../units/index.js";
import { ChainReader, pause, persistently, type BlockMark, type PlacedLog, type TimedMark } from "./chainReader.js";
import { LogRange, logFailureOf } from "./logRange.js";

/** Where a history goes on. Plain data: keep it beside what was made of the events. */
export interface EventCursor {
  /** Blocks that were read, oldest first: the last is where it goes on, the first how far it can step back. Never empty. */
  readonly marks: readonly BlockMark[];
}

/** Decoders by the name under which their events are given. */
export type EventDecoders = Readonly<Record<string, EventDecoder<unknown>>>;

/** An event of one of these kinds, with its place. */
export type FollowedEvent<Decoders extends EventDecoders> = {
  [Name in keyof Decoders & string]: BlockMark & {
    readonly name: Name;
    readonly value: Decoders[Name] extends EventDecoder<infer Value> ? Value : never;
    readonly transactionHash: string;
  };
}[keyof Decoders & string];

/** One step of a history that follows the chain. */
export type EventStep<Event> =
  /** Blocks were read: `events` of them, in order. */
  | {
      readonly kind: "events";
      readonly events: readonly Event[];
      readonly end: TimedMark;
      readonly cursor: EventCursor;
    }
  /** The chain was reorganised: take back everything of blocks above `end`. */
  | { readonly kind: "steppedBack"; readonly end: TimedMark; readonly cursor: EventCursor }
  /** Nothing is left to read for now. */
  | { readonly kind: "caughtUp"; readonly end: TimedMark; readonly cursor: EventCursor };

/** How a chain is followed. */
export interface FollowOptions {
  /** Keep following after the newest block; without it, end there. */
  readonly follow?: boolean;
  /** Milliseconds between looks at the chain while following; 4,000 when left out. */
  readonly pollMs?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** Blocks behind the newest that are left alone; 0 when left out: reorganisations are dealt with. */
  readonly confirmations?: number;
  /** A reorganisation may be this deep; 256 when left out. */
  readonly keepBlocks?: number;
  /** Most blocks asked for at once; 10,000 when left out. Less is found out by asking. */
  readonly maxBlocksPerRequest?: number;
  /** How often a request is made that fails for a reason that may be gone at once; 5 when left out. */
  readonly attempts?: number;
}

const ATTEMPTS = 5;
const POLL_MS = 4_000;
const KEEP_BLOCKS = 256;
const BLOCKS_PER_REQUEST = 10_000;

/** The cursor of a history that has not begun. */
export function cursorAtDeployment({ deployedInBlock }: Deployment): EventCursor {
  return { marks: [{ blockNumber: deployedInBlock - 1, blockHash: ZERO_HASH }] };
}

/**
 * Follow events of a deployment from a cursor on, correct through reorganisations: hashes of the last blocks are kept, and a
 * step back says from which block on the events were others. Ranges adapt to what the node gives at once.
 *
 * @example
 * for await (const step of followEvents(d, { claimed: claimedEvent }, cursor)) {
 *   if (step.kind === "steppedBack") forgetAbove(step.end.blockNumber);
 *   else if (step.kind === "events") save(step.events, step.cursor);
 * }
 * @throws LogsPruned, LogsRefused, ReorgTooDeep, ChainUnsettled, ChainRequestFailed, InvalidField for a cursor without a mark
 */
export async function* followEvents<Decoders extends EventDecoders>(
  d: Deployment,
  decoders: Decoders,
  from: EventCursor = cursorAtDeployment(d),
  options: FollowOptions = {},
): AsyncGenerator<EventStep<FollowedEvent<Decoders>>> {
  const follower = new Follower<FollowedEvent<Decoders>>(d, decoders, from, options);
  const { follow = false, pollMs = POLL_MS, signal } = options;
  while (signal?.aborted !== true) {
    const end = yield* follower.advance();
    if (end === "changed") continue;
    if (end === "behind" && !follow) throw new ChainRequestFailed("the node is behind the cursor", "later");
    if (end !== "behind") yield { kind: "caughtUp", end, cursor: follower.cursor };
    if (!follow) return;
    await pause(pollMs, signal);
  }
}

class Follower<Event extends BlockMark> {
  readonly #reader: ChainReader;
  readonly #range: LogRange;
  readonly #byTopic: ReadonlyMap<string, readonly [string, EventDecoder<unknown>]>;
  #marks: BlockMark[];
  #unsettled = 0;

  constructor(
    readonly d: Deployment,
    decoders: EventDecoders,
    from: EventCursor,
    readonly options: FollowOptions,
  ) {
    this.#reader = new ChainReader(d.provider);
    this.#range = new LogRange(options.maxBlocksPerRequest ?? BLOCKS_PER_REQUEST);
    this.#byTopic = new Map(Object.entries(decoders).map(([name, decoder]) => [decoder.topic, [name, decoder]]));
    this.#marks = [...from.marks];
    if (this.#marks.length === 0) throw new InvalidField("cursor.marks", "one block at least", from.marks);
  }

  get cursor(): EventCursor {
    return { marks: [...this.#marks] };
  }

  get #last(): BlockMark {
    // A cursor is never empty: what is dropped leaves the oldest.
    return this.#marks[this.#marks.length - 1]!;
  }

  /**
   * Read what is new. @returns the newest block read; `changed` when the chain is another one than a moment ago, `behind` when
   * the node does not have the blocks that were read before
   */
  async *advance(): AsyncGenerator<EventStep<Event>, TimedMark | "changed" | "behind"> {
    const { confirmations = 0, keepBlocks = KEEP_BLOCKS, signal } = this.options;
    const newest = await this.#mark("latest");
    if (newest === undefined) return "behind";
    const target = Math.max(newest.blockNumber - confirmations, 0);
    const steppedBack = await this.#stepBack();
    if (steppedBack !== undefined) yield { kind: "steppedBack", end: steppedBack, cursor: this.cursor };
    const settled = target - keepBlocks;
    let end = await this.#mark(Math.max(this.#last.blockNumber, 0));
    while (this.#last.blockNumber < target) {
      if (signal?.aborted === true) return "changed";
      const fromBlock = this.#last.blockNumber + 1;
      // A mark at the oldest block that may still change: what lies below it is read once and for all.
      const limit = fromBlock <= settled ? settled : target;
      const read = await this.#readRange(fromBlock, limit);
      if (read === undefined) return "changed";
      end = read.end;
      this.#keep(read.logs, read.end, settled);
      yield { kind: "events", events: read.logs.flatMap((log) => this.#decode(log)), end, cursor: this.cursor };
    }
    return end ?? "behind";
  }

  /**
   * Find the last mark that is still on the chain and drop those above it. A block that is not there says nothing: the node may
   * be behind. @returns the mark, if others were dropped
   */
  async #stepBack(): Promise<TimedMark | undefined> {
    let hasOther = false;
    for (let at = this.#marks.length - 1; at >= 0; at--) {
      const { blockNumber, blockHash } = this.#marks[at]!;
      const now = await this.#mark(Math.max(blockNumber, 0));
      const isSame = blockHash === ZERO_HASH || now?.blockHash === blockHash;
      if (isSame && !hasOther) return undefined;
      if (isSame) {
        if (now === undefined) throw new ChainRequestFailed(`block ${blockNumber} is not there`, "later");
        this.#marks = this.#marks.slice(0, at + 1);
        return { blockNumber, blockHash, timestamp: now.timestamp };
      }
      if (now !== undefined) hasOther = true;
    }
    const { blockNumber, blockHash } = this.#marks[0]!;
    if (hasOther) throw new ReorgTooDeep(blockNumber, blockHash);
    return undefined;
  }

  /** Logs of as many blocks as the node gives at once. @returns undefined when the chain changed under the request */
  async #readRange(fromBlock: number, limit: number): Promise<{ logs: PlacedLog[]; end: TimedMark } | undefined> {
    const { attempts = ATTEMPTS, signal } = this.options;
    for (;;) {
      const toBlock = Math.min(fromBlock + this.#range.blocks - 1, limit);
      const before = await this.#mark(toBlock);
      const logs = await persistently(() => this.#logs(fromBlock, toBlock), attempts, signal);
      if (logs === undefined) continue;
      const [end, start] = await Promise.all([this.#mark(toBlock), this.#mark(Math.max(this.#last.blockNumber, 0))]);
      const { blockHash } = this.#last;
      const continues = blockHash === ZERO_HASH || start?.blockHash === blockHash;
      const isSame = end !== undefined && end.blockHash === before?.blockHash && continues;
      // A hash stands for all blocks below it: the range was one and the same while it was read.
      if (isSame && logs.every((log) => log.blockNumber !== toBlock || log.blockHash === end.blockHash)) {
        this.#unsettled = 0;
        return { logs, end };
      }
      if (++this.#unsettled >= attempts) throw new ChainUnsettled(fromBlock, toBlock, this.#unsettled);
      return undefined;
    }
  }

  /** @returns undefined when the range was too wide and is narrower now */
  async #logs(fromBlock: number, toBlock: number): Promise<PlacedLog[] | undefined> {
    const blocks = toBlock - fromBlock + 1;
    const { addresses } = this.d;
    const emitters = new Set([...this.#byTopic.values()].map(([, { emitter }]) => addresses[emitter]));
    const topics = [...this.#byTopic.values()].map(([, { topic }]) => topic);
    try {
      const logs = await this.#reader.logs({ addresses: [...emitters], topics, fromBlock, toBlock });
      this.#range.accepted(blocks);
      return logs;
    } catch (error) {
      const failure = logFailureOf(error);
      if (failure === "pruned") throw new LogsPruned(fromBlock, toBlock, error);
      if (failure === "other") throw decodeError(error);
      if (!this.#range.refused(blocks)) throw new LogsRefused(fromBlock, error);
      return undefined;
    }
  }

  #decode(log: PlacedLog): Event[] {
    const [name, decoder] = this.#byTopic.get(log.topics[0] ?? "") ?? [];
    if (decoder === undefined || log.address.toLowerCase() !== this.d.addresses[decoder.emitter].toLowerCase())
      return [];
    const { blockNumber, blockHash, transactionHash } = log;
    const value = decoder.decode(log);
    // The union of the table: name and value come from the same entry of it.
    return [{ name, value, blockNumber, blockHash, transactionHash } as unknown as Event];
  }

  /** Note the blocks with events and the end of a range; of those that cannot change any more the last one stays. */
  #keep(logs: readonly PlacedLog[], end: TimedMark, settled: number): void {
    const marks = new Map(this.#marks.map((mark) => [mark.blockNumber, mark]));
    for (const { blockNumber, blockHash } of [...logs, end]) marks.set(blockNumber, { blockNumber, blockHash });
    const all = [...marks.values()];
    const settledCount = all.filter(({ blockNumber }) => blockNumber <= settled).length;
    this.#marks = all.slice(Math.max(settledCount - 1, 0));
  }

  #mark(tag: number | "latest"): Promise<TimedMark | undefined> {
    const { attempts = ATTEMPTS, signal } = this.options;
    return persistently(() => this.#reader.mark(tag), attempts, signal);
  }
}
