import type { TimedMark } from "../actions/chainReader.js";
import type { EventCursor } from "../actions/followEvents.js";
import type { BootstrapWindow } from "../bootstrap/clock.js";
import { deltasById } from "../events/attested.js";
import { LedgerHistory } from "../provider/history.js";
import { allowance, budget } from "../reserve/books.js";
import type { ProviderId, UnixSeconds, Wei } from "../units/brands.js";
import { AttestationFoldRows } from "./attestationFold.js";
import { foreignText } from "./format.js";
import { MAX_NEWS, newsOf } from "./news.js";
import { UNOPENED_POOL, foldPool, type PoolFold } from "./poolFold.js";
import { SeasonFold } from "./seasonFold.js";
import { PoolSeries } from "./series.js";
import type { NewsItem, PoolPoint } from "./snapshot.js";
import { isLedgerEvent, type StatusEvent } from "./statusEvents.js";

/** Longest text of a provider that is kept, in characters. */
const URI_LENGTH = 120;

/** What the page shows beside the ledger, at a block. */
interface Folds {
  pool: PoolFold;
  readonly seasons: SeasonFold;
  readonly attestations: AttestationFoldRows;
  readonly uris: Map<ProviderId, string>;
}

/** What a history is begun with. */
export interface StatusHistoryStart {
  readonly ledger: LedgerHistory;
  readonly activationDelaySeconds: bigint;
  readonly bootstrapWindow: BootstrapWindow | undefined;
}

/**
 * All that a status page tells of a chain, from its events, able to step back as far as its cursor reaches: the state at the
 * oldest kept block is kept too, and later events are applied to it again. Bounded by the providers, not by time. Pure.
 */
export class StatusHistory {
  readonly ledger: LedgerHistory;
  readonly series = new PoolSeries();
  readonly #delay: bigint;
  #base: Folds;
  #now: Folds;
  #later: StatusEvent[] = [];
  /** Oldest first: those that can still be taken back, and enough before them. */
  #news: NewsItem[] = [];

  constructor({ ledger, activationDelaySeconds, bootstrapWindow }: StatusHistoryStart) {
    this.ledger = ledger;
    this.#delay = activationDelaySeconds;
    this.#base = {
      pool: UNOPENED_POOL,
      seasons: new SeasonFold(bootstrapWindow),
      attestations: new AttestationFoldRows(activationDelaySeconds),
      uris: new Map(),
    };
    this.#now = copyOf(this.#base);
  }

  get cursor(): EventCursor {
    return this.ledger.cursor;
  }

  /** The reserve's books as the events tell them. */
  get pool(): PoolFold {
    return this.#now.pool;
  }

  get seasons(): SeasonFold {
    return this.#now.seasons;
  }

  get attestations(): AttestationFoldRows {
    return this.#now.attestations;
  }

  /** Newest first. */
  get news(): readonly NewsItem[] {
    return this.#news.slice(-MAX_NEWS).reverse();
  }

  /** What a provider says of itself: a line of text, shortened; empty when it says nothing. */
  uriOf(id: ProviderId): string {
    return this.#now.uris.get(id) ?? "";
  }

  /** Take events of further blocks. @throws HistoryDiverged when one is missing before them */
  apply(events: readonly StatusEvent[], end: TimedMark, cursor: EventCursor): void {
    this.ledger.apply(events.filter(isLedgerEvent), end, cursor);
    for (const event of events) {
      foldInto(this.#now, event);
      if (event.name === "attested") this.series.add(this.#pointAt(event.value.activeAt, event.blockNumber));
      const item = newsOf(event);
      if (item !== undefined) this.#news.push(item);
    }
    this.#later.push(...events);
    this.#now.seasons.forget(end.timestamp);
    this.#settle(cursor);
  }

  /** Take back all events of blocks above `end`. @throws ReorgTooDeep when it lies further back than is kept */
  stepBack(end: TimedMark, cursor: EventCursor): void {
    this.ledger.stepBack(end, cursor);
    const isLeft = ({ blockNumber }: { readonly blockNumber: number }) => blockNumber <= end.blockNumber;
    this.#later = this.#later.filter(isLeft);
    this.#news = this.#news.filter(isLeft);
    this.series.dropAbove(end.blockNumber);
    this.#now = copyOf(this.#base);
    for (const event of this.#later) foldInto(this.#now, event);
  }

  #pointAt(activeAt: bigint, blockNumber: number): PoolPoint {
    const { books } = this.#now.pool;
    return {
      blockNumber,
      at: (activeAt - this.#delay) as UnixSeconds,
      unusedWei: books.unusedWei as Wei,
      owedWei: books.owedWei as Wei,
      bootstrapWei: books.bootstrapWei as Wei,
      budgetWei: budget(books) as Wei,
      allowanceWei: allowance(books) as Wei,
    };
  }

  /** Move the base up to the oldest block that can still be stepped back to. */
  #settle({ marks: [oldest] }: EventCursor): void {
    const isSettled = ({ blockNumber }: { readonly blockNumber: number }) =>
      oldest !== undefined && blockNumber <= oldest.blockNumber;
    this.#news.splice(0, Math.max(0, this.#news.filter(isSettled).length - MAX_NEWS));
    const settled = this.#later.filter(isSettled);
    if (settled.length === 0) return;
    for (const event of settled) foldInto(this.#base, event);
    this.#base.seasons.forget(this.ledger.base.end.timestamp);
    this.#later = this.#later.filter((event) => !isSettled(event));
  }
}

function foldInto(folds: Folds, event: StatusEvent): void {
  const deltas = event.name === "attested" ? deltasById(event.value.deltas) : new Map<number, bigint>();
  folds.pool = foldPool(folds.pool, event);
  folds.seasons.apply(event, deltas);
  folds.attestations.apply(event, deltas.size);
  if (event.name === "registered" || event.name === "metadataChanged") {
    folds.uris.set(event.value.id, foreignText(event.value.metadata.uri, URI_LENGTH));
  }
}

function copyOf({ pool, seasons, attestations, uris }: Folds): Folds {
  return { pool, seasons: seasons.clone(), attestations: attestations.clone(), uris: new Map(uris) };
}
