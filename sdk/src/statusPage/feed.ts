/// <reference types="node" />
import type { ServerResponse } from "node:http";
import { RateLimited } from "../errors/service.js";
import { chainNow, fragmentsOf } from "./page.js";
import { pageCount } from "./renderTables.js";
import { pointTexts } from "./renderNow.js";
import type { StatusSnapshot, StatusSource } from "./snapshot.js";

/** One reader that listens, and what it has been sent: only what changed is sent again. */
interface Reader {
  readonly response: ServerResponse;
  readonly page: number;
  readonly sent: Map<string, string>;
  /** Signs of life that could not be given, in a row. */
  missed: number;
}

/** Limits of a feed. */
export interface FeedLimits {
  /** Readers at once. */
  readonly maxReaders: number;
  /** Updates come no closer together than this, in milliseconds. */
  readonly everyMs: number;
  /** Between two signs of life, in milliseconds. A reader that takes nothing meanwhile, twice, is given up. */
  readonly heartbeatMs: number;
}

/** Under this name the moments of the curves travel among the parts: no element has it. */
const POINTS = "point-texts";
const RETRY_SECONDS = 30;
const MISSED_AT_MOST = 2;

/** Sends readers what changes, as server-sent events: see `Update` in browser/app.ts. */
export class StatusFeed {
  readonly #source: StatusSource;
  readonly #limits: FeedLimits;
  readonly #readers = new Set<Reader>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(source: StatusSource, limits: FeedLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#unsubscribe = source.subscribe(() => this.#schedule());
    this.#heartbeat = setInterval(() => this.#eachReader(signOfLife), limits.heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Readers that listen now. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Take another reader. @throws RateLimited when there are too many */
  requireRoom(): void {
    if (this.#readers.size >= this.#limits.maxReaders) throw new RateLimited(RETRY_SECONDS);
  }

  /** Send a reader all of a page, counted from 1, and from then on what changes in it. */
  add(response: ServerResponse, page: number): void {
    const reader: Reader = { response, page, sent: new Map(), missed: 0 };
    this.#readers.add(reader);
    response.on("close", () => this.#readers.delete(reader));
    const snapshot = this.#source.current();
    if (snapshot === undefined) return void response.write(":\n\n");
    const message = messageOf(snapshot, page);
    // It happened before this reader came, and stands on its page.
    reader.sent.set("said", message.parts["said"] ?? "");
    this.#send(reader, message);
  }

  /** End all streams and hear nothing more. */
  close(): void {
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    this.#eachReader(({ response }) => void response.end());
    this.#readers.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#readers.size === 0) return;
    const wait = Math.max(0, this.#sentAt + this.#limits.everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sentAt = performance.now();
      this.#flush();
    }, wait);
  }

  #flush(): void {
    // It was told of one.
    const snapshot = this.#source.current()!;
    const messages = new Map<number, Message>();
    this.#eachReader((reader) => {
      const message = messages.get(reader.page) ?? messageOf(snapshot, reader.page);
      messages.set(reader.page, message);
      this.#send(reader, message);
    });
  }

  #send({ response, sent }: Reader, { at, parts }: Message): void {
    // What is not sent now is still different the next time.
    if (response.writableNeedDrain) return;
    const changed = Object.entries(parts).filter(([id, text]) => sent.get(id) !== text);
    for (const [id, text] of changed) sent.set(id, text);
    const { [POINTS]: points, said, ...markup } = Object.fromEntries(changed);
    const curves = points === undefined ? {} : { points: JSON.parse(points) as unknown };
    response.write(`event: status\ndata: ${JSON.stringify({ at, parts: markup, said, ...curves })}\n\n`);
  }

  #eachReader(act: (reader: Reader) => void): void {
    for (const reader of [...this.#readers]) act(reader);
  }
}

/** Markup without what its ages and countdowns say: the reader's own clock says it, and time alone is no change. */
function still(markup: string): string {
  return markup.replace(/(<span class="ticking"[^>]*>)[^<]*/g, "$1");
}

function signOfLife(reader: Reader): void {
  const { response } = reader;
  reader.missed = response.writableNeedDrain ? reader.missed + 1 : 0;
  if (reader.missed >= MISSED_AT_MOST) response.destroy();
  else if (reader.missed === 0) response.write(":\n\n");
}

interface Message {
  readonly at: number;
  /** Markup by id; `points` and `said` are none. */
  readonly parts: Readonly<Record<string, string>>;
}

function messageOf(snapshot: StatusSnapshot, page: number): Message {
  const nowMs = Date.now();
  const fragments = fragmentsOf(snapshot, { page: Math.min(page, pageCount(snapshot)), nowMs });
  const parts = Object.fromEntries(Object.entries(fragments).map(([id, { text }]) => [id, still(text)]));
  const said = snapshot.news[0]?.text;
  return {
    at: Number(chainNow(snapshot, nowMs)),
    parts: {
      ...parts,
      [POINTS]: JSON.stringify(pointTexts(snapshot)),
      ...(said === undefined ? {} : { said }),
    },
  };
}
