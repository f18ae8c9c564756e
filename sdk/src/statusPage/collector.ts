import { ChainReader, pause, type TimedMark } from "../actions/chainReader.js";
import { followEvents, type FollowOptions } from "../actions/followEvents.js";
import { read } from "../actions/read.js";
import { readState, type ComputeState } from "../actions/readState.js";
import { poolNow, runningSeason } from "../actions/seasonStatus.js";
import { seasonBounds } from "../bootstrap/clock.js";
import type { Deployment } from "../deployment/deployment.js";
import { decodeError } from "../errors/decode.js";
import { HistoryDiverged, ReorgTooDeep } from "../errors/provider.js";
import { rootOf } from "../provider/attestations.js";
import { historyAtDeployment } from "../provider/syncLedger.js";
import { wordsOf } from "../service/log.js";
import type { UMor, UnixSeconds } from "../units/brands.js";
import { providerRows, totalsOf } from "./providerRows.js";
import { seasonRowOf } from "./seasonRows.js";
import type { PauseState, ProviderRow, SeasonRow, StatusSnapshot, StatusSource, Trouble } from "./snapshot.js";
import { STATUS_EVENTS } from "./statusEvents.js";
import { StatusHistory } from "./statusHistory.js";

/** How a chain is looked at. */
export interface CollectorOptions extends Pick<
  FollowOptions,
  "pollMs" | "confirmations" | "keepBlocks" | "maxBlocksPerRequest"
> {
  /** Clock of this machine in Unix milliseconds; its own when left out. */
  readonly now?: () => number;
}

/** A source that reads a deployment. */
export interface StatusCollector extends StatusSource {
  /** Read what is new on the chain, once. Never throws: what failed is told by `trouble`. */
  collect(): Promise<void>;
  /** Read on until the signal; what fails is tried again, less and less often. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

const POLL_MS = 4_000;
/** After so many failures in a row the time between two looks grows no longer: 64 times as long. */
const MAX_BACKOFF = 6;
/** Attestations shown beside those that are pending. */
const SETTLED_ATTESTATIONS = 20;

/**
 * Collect what a status page shows, from the events of a deployment and a few reads a block: no archive node is needed, memory
 * is bounded by the providers, reorganisations are followed, and owed, head and root are compared with the contract's.
 *
 * @example
 * const collector = createStatusCollector(d);
 * await collector.collect();
 * console.log(collector.current()?.state.pool.allowanceWei);
 */
export function createStatusCollector(d: Deployment, options: CollectorOptions = {}): StatusCollector {
  return new Collector(d, options);
}

class Collector implements StatusCollector {
  readonly #listeners = new Set<(snapshot: StatusSnapshot) => void>();
  readonly #now: () => number;
  #history: StatusHistory;
  #snapshot: StatusSnapshot | undefined;
  #rows: { readonly basis: string; readonly rows: readonly ProviderRow[] } = { basis: "", rows: [] };
  #changes = 0;
  #trouble: Trouble | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly d: Deployment,
    readonly options: CollectorOptions,
  ) {
    this.#now = options.now ?? Date.now;
    this.#history = this.#begin();
  }

  current(): StatusSnapshot | undefined {
    return this.#snapshot;
  }

  trouble(): Trouble | undefined {
    return this.#trouble;
  }

  subscribe(hear: (snapshot: StatusSnapshot) => void): () => void {
    // A function of its own: the same one may listen twice.
    const listener = (snapshot: StatusSnapshot) => hear(snapshot);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  collect(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#collect());
    return this.#turn;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { pollMs = POLL_MS } = this.options;
    for (let failures = 0; !signal.aborted;) {
      await this.collect();
      failures = this.#trouble === undefined ? 0 : Math.min(failures + 1, MAX_BACKOFF);
      await pause(pollMs * 2 ** failures, signal);
    }
  }

  async #collect(): Promise<void> {
    try {
      await this.#advance();
    } catch (error) {
      const failure = decodeError(error);

      // What was heard is not the whole truth, or no longer: it is heard again from the beginning.
      if (failure instanceof HistoryDiverged || failure instanceof ReorgTooDeep) this.#history = this.#begin();
      const { code, next, retry } = failure;
      this.#tell({ code, reason: wordsOf(failure), next, retry });
    }
  }

  #begin(): StatusHistory {
    const { activationDelaySeconds, bootstrapWindow } = this.d;
    return new StatusHistory({ ledger: historyAtDeployment(this.d), activationDelaySeconds, bootstrapWindow });
  }

  async #advance(): Promise<void> {
    const history = this.#history;
    for await (const step of followEvents(this.d, STATUS_EVENTS, history.cursor, this.options)) {
      if (step.kind === "events") history.apply(step.events, step.end, step.cursor);
      if (step.kind === "steppedBack") history.stepBack(step.end, step.cursor);
      if (step.kind === "steppedBack" || (step.kind === "events" && step.events.length > 0)) this.#changes += 1;
      if (step.kind !== "caughtUp") continue;
      if (this.#snapshot?.block.blockHash !== step.end.blockHash) await this.#look(step.end);
      else this.#tell(undefined);
    }
  }

  /** Read the state at a block, if it is still on the chain then, and publish it. */
  async #look(end: TimedMark): Promise<void> {
    const { d } = this;
    const blockTag = end.blockNumber;
    const state = await readState(d, blockTag);
    const pauseState = await this.#pause(end);
    const seasons = await this.#seasons(end);
    const owedWei = state.pool.owedWei;
    const now = await read(() => new ChainReader(d.provider).mark(blockTag));
    if (now?.blockHash !== end.blockHash) return;
    this.#compare(state, owedWei, blockTag);
    const history = this.#history;
    const { unusedWei, bootstrapWei, budgetWei, allowanceWei } = state.pool;
    const at = end.timestamp;
    history.series.add({ blockNumber: blockTag, at, unusedWei, owedWei, bootstrapWei, budgetWei, allowanceWei });
    const providers = this.#providers(state.head.providerCount);
    this.#publish({
      chainId: d.chainId,
      compute: d.addresses.compute,
      emissionStart: d.emissionStart,
      block: end,
      readAtMs: this.#now(),
      state,
      pause: pauseState,
      points: [...history.series.points],
      attestations: history.attestations.rows(at, SETTLED_ATTESTATIONS),
      providers,
      totals: totalsOf(providers),
      seasons,
      news: history.news,
      trouble: undefined,
    });
  }

  /** @throws HistoryDiverged when an event is missing */
  #compare({ head }: ComputeState, owedWei: bigint, blockNumber: number): void {
    const { ledger, pool } = this.#history;
    const same = <T extends string | bigint>(figure: string, onChain: T, heard: T) => {
      if (onChain !== heard) throw new HistoryDiverged(figure, onChain, heard, blockNumber);
    };
    same("last attestation", head.lastSeq, ledger.lastSeq);
    same("head", head.headSeq, ledger.headSeq);
    same("root of the head", head.headRoot, rootOf(ledger.headTree));
    same("owed", owedWei, pool.books.owedWei);
  }

  async #pause({ blockNumber, timestamp }: TimedMark): Promise<PauseState> {
    const [until, armed] = await read(() => this.d.compute.pauseState({ blockTag: blockNumber }));
    return { until: until > timestamp ? (until as UnixSeconds) : undefined, armed };
  }

  async #seasons({ blockNumber, timestamp }: TimedMark): Promise<SeasonRow[]> {
    const window = this.d.bootstrapWindow;
    if (window === undefined) return [];
    const running = runningSeason(this.d, timestamp);
    const shown = running === 0n ? [running] : [running, running - 1n];
    return Promise.all(
      shown.map(async (season) => {
        const book = this.#history.seasons.of(season);
        const bounds = seasonBounds(window, season);
        const isOpen = book.closed === undefined;
        const poolUMor = isOpen ? await poolNow(this.d, bounds, timestamp, blockNumber) : (0n as UMor);
        return seasonRowOf(window, season, book, timestamp, poolUMor);
      }),
    );
  }

  /** Figures of all providers, made anew only when something has happened to one. */
  #providers(registered: bigint): readonly ProviderRow[] {
    const basis = `${this.#changes}/${this.#history.ledger.activeSeq}/${registered}`;
    if (this.#rows.basis !== basis) this.#rows = { basis, rows: providerRows(this.#history, registered) };
    return this.#rows.rows;
  }

  #tell(trouble: Trouble | undefined): void {
    this.#trouble = trouble;
    const snapshot = this.#snapshot;
    if (snapshot !== undefined && snapshot.trouble?.reason !== trouble?.reason) this.#publish({ ...snapshot, trouble });
  }

  #publish(snapshot: StatusSnapshot): void {
    this.#snapshot = snapshot;
    this.#trouble = snapshot.trouble;
    for (const listener of this.#listeners) listener(snapshot);
  }
}
