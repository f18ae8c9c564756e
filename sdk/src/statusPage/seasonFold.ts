import type { BootstrapWindow } from "../bootstrap/clock.js";
import { enterList } from "../bootstrap/list.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import type { SeasonClosed } from "../events/bootstrap.js";
import type { StatusEvent } from "./statusEvents.js";

/** A season as its events tell it. */
export interface SeasonBook {
  /** What each provider is credited by the attestations that count for it: lane at its end less lane at its start. */
  readonly weights: ReadonlyMap<number, bigint>;
  /** List in force, best first. */
  readonly list: readonly SeasonEntry[];
  readonly closed: SeasonClosed | undefined;
  /** Ranks, from 0, that have their award. */
  readonly awarded: readonly number[];
}

/** What an attestation adds to a season; kept while a veto can take it back. */
interface Counted {
  readonly season: bigint;
  readonly deltas: ReadonlyMap<number, bigint>;
}

/** Seasons kept before the one that runs: entered, closed and awarded late. Those ahead are bounded by the activation delay. */
const KEPT_SEASONS = 2n;
/** Most that can be pending: what lies further back cannot be vetoed. */
const MAX_PENDING = 256n;

/** A book that is still written. */
type OpenBook = SeasonBook & { readonly weights: Map<number, bigint> };

/** Weights, lists and awards of the last seasons, from events. */
export class SeasonFold {
  readonly #window: BootstrapWindow | undefined;
  readonly #books = new Map<bigint, OpenBook>();
  readonly #counted = new Map<bigint, Counted>();

  /** Begin before the first event, or where another one stands. */
  constructor(window: BootstrapWindow | undefined, from?: SeasonFold) {
    this.#window = window;
    if (from === undefined) return;
    for (const [season, book] of from.#books) this.#books.set(season, { ...book, weights: new Map(book.weights) });
    for (const [seq, counted] of from.#counted) this.#counted.set(seq, counted);
  }

  /** An independent copy. */
  clone(): SeasonFold {
    return new SeasonFold(this.#window, this);
  }

  /** A season's book; an empty one when nothing is known of it. */
  of(season: bigint): SeasonBook {
    return this.#open(season);
  }

  /** Forget the seasons that were over long before `at`. */
  forget(at: bigint): void {
    const window = this.#window;
    if (window === undefined || at < window.startAt) return;
    const running = (at - window.startAt) / window.seasonSeconds;
    for (const season of this.#books.keys()) if (season + KEPT_SEASONS < running) this.#books.delete(season);
  }

  /** Book an event; `deltas` are those of an attestation, by provider. */
  apply(event: StatusEvent, deltas: ReadonlyMap<number, bigint>): void {
    switch (event.name) {
      case "attested":
        return this.#count(event.value.seq, event.value.activeAt, deltas);
      case "vetoed":
        return this.#takeBack(event.value.seq);
      case "providersEntered": {
        const { season, entries } = event.value;
        return this.#change(season, { list: enterList(this.of(season).list, entries) });
      }
      case "seasonClosed":
        return this.#change(event.value.season, { closed: event.value });
      case "ranksAwarded": {
        const { season, ranks } = event.value;
        return this.#change(season, { awarded: [...this.of(season).awarded, ...ranks] });
      }
      default:
    }
  }

  #count(seq: bigint, activeAt: bigint, deltas: ReadonlyMap<number, bigint>): void {
    const season = this.#seasonOf(activeAt);
    if (season === undefined) return;
    this.#counted.set(seq, { season, deltas });
    this.#add(season, deltas, 1n);
    for (const old of this.#counted.keys()) if (old + MAX_PENDING <= seq) this.#counted.delete(old);
  }

  #takeBack(from: bigint): void {
    for (const [seq, { season, deltas }] of this.#counted) {
      if (seq < from) continue;
      this.#add(season, deltas, -1n);
      this.#counted.delete(seq);
    }
  }

  /** Season at whose end an attestation counts that is active from `activeAt` on: the last second is included. */
  #seasonOf(activeAt: bigint): bigint | undefined {
    const window = this.#window;
    if (window === undefined || activeAt <= window.startAt || activeAt > window.endAt) return undefined;
    return (activeAt - window.startAt - 1n) / window.seasonSeconds;
  }

  #add(season: bigint, deltas: ReadonlyMap<number, bigint>, sign: bigint): void {
    const book = this.#open(season);
    this.#books.set(season, book);
    for (const [id, delta] of deltas) {
      const weight = (book.weights.get(id) ?? 0n) + sign * delta;
      if (weight === 0n) book.weights.delete(id);
      else book.weights.set(id, weight);
    }
  }

  #change(season: bigint, change: Partial<Omit<SeasonBook, "weights">>): void {
    this.#books.set(season, { ...this.#open(season), ...change });
  }

  #open(season: bigint): OpenBook {
    return this.#books.get(season) ?? { weights: new Map(), list: [], closed: undefined, awarded: [] };
  }
}
