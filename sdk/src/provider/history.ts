import type { TimedMark } from "../actions/chainReader.js";
import type { EventCursor } from "../actions/followEvents.js";
import { ReorgTooDeep } from "../errors/provider.js";
import { ledgerId } from "../ledger/words.js";
import type { LedgerTree } from "../ledger/tree.js";
import { providerId, type Integer, type ProviderId, type UMor, type UnixSeconds } from "../units/index.js";
import { AttestationFold, type StandingAttestation } from "./attestations.js";
import { BooksFold, type BooksTotals } from "./books.js";
import { entriesOf, type HistoryEntry } from "./entries.js";
import type { LedgerEvent } from "./ledgerEvents.js";

/** What a provider has earned, owes and was paid, from events alone (design 7). Amounts in uMOR. */
export interface LedgerAccount {
  readonly id: ProviderId;
  /** Lifetime credits, pending ones included. */
  readonly creditedUMor: UMor;
  /** Lifetime credits that can be claimed or were. */
  readonly activeUMor: UMor;
  /** Credits that are not active yet. */
  readonly pendingUMor: UMor;
  /** From when all of them are active; undefined when none is pending. */
  readonly pendingUntil: UnixSeconds | undefined;
  /** Credits that are settled: paid, or netted with debt. */
  readonly settledUMor: UMor;
  readonly awardedUMor: UMor;
  readonly paidUMor: UMor;
  readonly debitedUMor: UMor;
  readonly absorbedUMor: UMor;
  readonly coveredByBondUMor: UMor;
  readonly debtUMor: UMor;
  /** What a claim would pay now, debt netted. */
  readonly claimableUMor: UMor;
}

/** State of a history at a block. */
export interface HistoryState {
  readonly end: TimedMark;
  readonly attestations: AttestationFold;
  readonly books: BooksFold;
  /** What happened to the providers that are watched, oldest first. */
  readonly entries: readonly HistoryEntry[];
}

/**
 * The credit history of all providers, made of events, which can step back as far as its cursor reaches: the state at the
 * oldest kept block is kept too, and later events are applied to it again. Pure: `syncLedger` feeds it.
 */
export class LedgerHistory {
  readonly #ids: Set<ProviderId>;
  #base: HistoryState;
  #now: HistoryState;
  /** Events of blocks above the base, in order, and the ends of the ranges they came in. */
  #later: (LedgerEvent | TimedMark)[] = [];
  #cursor: EventCursor;

  /** @param ids Providers whose entries are kept; figures are kept of all. */
  constructor(start: HistoryState, cursor: EventCursor, ids: Iterable<Integer> = []) {
    this.#ids = new Set([...ids].map((id) => providerId(id)));
    this.#base = start;
    this.#now = copyOf(start);
    this.#cursor = cursor;
  }

  /** Where it goes on. */
  get cursor(): EventCursor {
    return this.#cursor;
  }

  /** The last block that is in it. */
  get end(): TimedMark {
    return this.#now.end;
  }

  /** State at the oldest block it can step back to: what a snapshot holds. Not to be changed. */
  get base(): HistoryState {
    return this.#base;
  }

  /** Keep the entries of another provider from here on: right for one that was registered just now. */
  watch(id: Integer): void {
    this.#ids.add(providerId(id));
  }

  /** Providers whose entries are kept. */
  get ids(): ReadonlySet<ProviderId> {
    return this.#ids;
  }

  get headSeq(): bigint {
    return this.#now.attestations.headSeq;
  }

  get lastSeq(): bigint {
    return this.#now.attestations.lastSeq;
  }

  /** The attestation that can be claimed from; 0 before the first. */
  get activeSeq(): bigint {
    return this.#now.attestations.activeSeq;
  }

  /** Attestations that a veto can still drop, oldest first. */
  get pending(): readonly StandingAttestation[] {
    return this.#now.attestations.pending;
  }

  /** Ledger at the head. Not to be changed. */
  get headTree(): LedgerTree {
    return this.#now.attestations.headTree;
  }

  /** Ledger at `activeSeq`. Not to be changed. */
  get activeTree(): LedgerTree {
    return this.#now.attestations.activeTree;
  }

  get totals(): BooksTotals {
    return this.#now.books.totals;
  }

  /** What happened to a watched provider, oldest first; to all of them without `id`. */
  entries(id?: Integer): HistoryEntry[] {
    const key = id === undefined ? undefined : providerId(id);
    return this.#now.entries.filter((entry) => key === undefined || entry.id === key);
  }

  /** Figures of any provider. @throws LaneOutsideTree */
  account(id: Integer): LedgerAccount {
    const key = providerId(id);
    const lane = ledgerId(key);
    const { headTree, activeTree, pending } = this.#now.attestations;
    const books = this.#now.books.of(key);
    const [credited, active] = [headTree.lane(lane), activeTree.lane(lane)];
    const due = active > books.settledUMor ? active - books.settledUMor : 0n;
    const last = pending.filter(({ deltas }) => deltas.has(lane)).pop();
    return {
      id: key,
      creditedUMor: credited as UMor,
      activeUMor: active as UMor,
      pendingUMor: (credited - active) as UMor,
      pendingUntil: last?.activeAt,
      ...(books as { readonly [Figure in keyof typeof books]: UMor }),
      claimableUMor: (due > books.debtUMor ? due - books.debtUMor : 0n) as UMor,
    };
  }

  /** Take events of further blocks. @throws HistoryDiverged when one is missing before them: then it is rewound */
  apply(events: readonly LedgerEvent[], end: TimedMark, cursor: EventCursor): void {
    try {
      this.#now = fold(this.#now, [...events, end], this.#ids);
    } catch (error) {
      this.rewind();
      throw error;
    }
    this.#cursor = cursor;
    this.#later.push(...events, end);
    this.#settle();
  }

  /** Go back as far as it can: what came since was not the whole truth, and is to be read again, elsewhere perhaps. */
  rewind(): void {
    const { blockNumber, blockHash } = this.#base.end;
    this.#cursor = { marks: [{ blockNumber, blockHash }] };
    this.#later = [];
    this.#now = copyOf(this.#base);
  }

  /** Take back all events of blocks above `end`. @throws ReorgTooDeep when it lies below the base */
  stepBack(end: TimedMark, cursor: EventCursor): void {
    const { blockNumber, blockHash } = this.#base.end;
    if (end.blockNumber < blockNumber) throw new ReorgTooDeep(blockNumber, blockHash);
    this.#cursor = cursor;
    this.#later = [...this.#later.filter((one) => one.blockNumber <= end.blockNumber), end];
    this.#now = fold(copyOf(this.#base), this.#later, this.#ids);
  }

  /** Move the base up to the last end of a range that cannot change any more. */
  #settle(): void {
    const [oldest] = this.#cursor.marks;
    const ends = this.#later.filter((one): one is TimedMark => !("name" in one));
    const settled = ends.filter(({ blockNumber }) => blockNumber <= (oldest?.blockNumber ?? -1)).pop();
    if (settled === undefined) return;
    const isSettled = (one: LedgerEvent | TimedMark) => one.blockNumber <= settled.blockNumber;
    this.#base = fold(this.#base, this.#later.filter(isSettled), this.#ids);
    this.#later = this.#later.filter((one) => !isSettled(one));
  }
}

/** Events in order, each range closed by its end. The state given is changed. */
function fold(
  state: HistoryState,
  steps: readonly (LedgerEvent | TimedMark)[],
  ids: ReadonlySet<ProviderId>,
): HistoryState {
  const { attestations, books } = state;
  const entries = [...state.entries];
  let { end } = state;
  for (const step of steps) {
    if (!("name" in step)) {
      attestations.activate(step.timestamp);
      end = step;
      continue;
    }
    const netted = books.apply(step);
    if (step.name === "attested") attestations.append(step.value, step.blockNumber);
    const dropped = step.name === "vetoed" ? attestations.drop(step.value.seq, step.blockNumber) : [];
    entries.push(...entriesOf(step, { netted, dropped }, ids));
  }
  return { end, attestations, books, entries };
}

function copyOf({ end, attestations, books, entries }: HistoryState): HistoryState {
  return { end, attestations: attestations.clone(), books: books.clone(), entries: [...entries] };
}
