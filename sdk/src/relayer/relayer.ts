import type { Signer } from "ethers";
import type { DebitBooking } from "../actions/bookDebits.js";
import type { ClaimArgs } from "../actions/claim.js";
import type { AttestationPost } from "../actions/postAttestation.js";
import type { SlashPost } from "../actions/postSlash.js";
import type { Deployment } from "../deployment/deployment.js";
import type { YellowstoneError } from "../errors/base.js";
import { RelayAborted } from "../errors/relayer.js";
import { address } from "../units/identities.js";
import type { Integer } from "../units/integers.js";
import { Courier } from "./courier.js";
import { RelayLog } from "./log.js";
import { RelayRecords } from "./records.js";
import { isRequestFailure, pause, pauseOf, relayFailure } from "./request.js";
import { relaySettings, type FeePolicy, type RelayLimits, type RelayTiming } from "./settings.js";
import type { Change } from "./state.js";
import { statusOf, type JobStatus } from "./status.js";
import type { RelayStore } from "./store.js";
import {
  attestationTask,
  awardTask,
  claimTask,
  closeTask,
  debitsTask,
  entryTask,
  itemsOf,
  jobIdOf,
  slashTask,
  type JobId,
  type RelayAward,
  type RelayEntry,
  type Task,
} from "./task.js";

/** What a relayer tells while it works. */
export type RelayEvent =
  /** Something became durable: a job, a signature, an end. */
  | { readonly event: "change"; readonly change: Change }
  /** A request failed, or a look at the chain. Nothing is lost by it. */
  | { readonly event: "failure"; readonly failure: YellowstoneError };

/** What a relayer is made of. */
export interface RelayerOptions {
  /** Pays for gas and signs transactions: a signer that holds its key. Its nonces must be the relayer's alone. */
  readonly sender: Signer;
  readonly deployment: Deployment;
  /** Jobs and signed transactions: `createMemoryStorage` or `openSqliteStorage` of `/journal`. */
  readonly store: RelayStore;
  readonly fees?: FeePolicy;
  /** Limits of Nitro, the stricter chain, without them. */
  readonly limits?: RelayLimits;
  readonly timing?: RelayTiming;
  readonly observer?: (event: RelayEvent) => void;
  /** Unix milliseconds; the machine's clock without it. */
  readonly clock?: () => number;
}

/** Carries what others signed to the chain, each thing once. The verbs return when the job is durable. */
export interface Relayer {
  /** Post a signed attestation. */
  post(post: AttestationPost): Promise<JobId>;
  /** Post a slash order with its quorum. */
  postSlash(post: SlashPost): Promise<JobId>;
  /** Claim for the providers of packed ranges, in as many transactions as the chain needs. */
  claim(args: ClaimArgs): Promise<JobId>;
  /** Book the debits of an active attestation. */
  bookDebits(booking: DebitBooking): Promise<JobId>;
  /** Enter providers into a season; the list in force is read when it is sent. */
  enterSeason(entry: RelayEntry): Promise<JobId>;
  /** Close a season. */
  closeSeason(season: Integer): Promise<JobId>;
  /** Pay the awards of a closed season. */
  awardSeason(award: RelayAward): Promise<JobId>;
  /** Tell how far a job is. @throws RelayJobUnknown */
  status(id: JobId): Promise<JobStatus>;
  /** Every job that is kept, oldest first. */
  jobs(): Promise<JobStatus[]>;
  /**
   * Work until the signal; returns then. Failures of node and network only make it wait.
   * @throws JournalHalted and the errors of the store; RelaySenderUnfit
   */
  run(signal: AbortSignal): Promise<void>;
  /** Do once what is due, for callers with a schedule of their own. @throws what the look at the chain failed with */
  advance(signal?: AbortSignal): Promise<void>;
  /** Let go of the store. Transactions that were sent stay sent. */
  close(): Promise<void>;
}

/**
 * Make a relayer, or take up the work of one that was stopped or died: everything is in the store.
 *
 * @example
 * const relayer = await createRelayer({ sender: wallet, deployment: d, store: await openSqliteStorage("relayer.db") });
 * const id = await relayer.claim(claimFor(seq, tree, ids));
 * await relayer.run(AbortSignal.timeout(60_000));
 * console.log((await relayer.status(id)).phase);
 * @throws InvalidRelaySetting, JournalForeign, JournalDamaged, JournalVersionUnknown and the errors of the store
 */
export async function createRelayer(options: RelayerOptions): Promise<Relayer> {
  const { sender: signer, deployment: d, store, observer = () => undefined, clock = () => Date.now() } = options;
  const settings = relaySettings(options.fees, options.limits, options.timing);
  const sender = address(await signer.getAddress());
  const log = new RelayLog(store, { chainId: d.chainId, contract: d.addresses.compute, sender });
  const onFailure = (failure: YellowstoneError): void => observer({ event: "failure", failure });
  const records = new RelayRecords(log, clock, settings.timing.retainMs, (change) =>
    observer({ event: "change", change }),
  );
  const courier = new Courier({ d, signer, sender, settings, records, clock, onFailure });
  return new RelayerOverRecords(courier, records, settings.timing, clock, onFailure);
}

class RelayerOverRecords implements Relayer {
  readonly #courier: Courier;
  readonly #records: RelayRecords;
  readonly #timing: Required<RelayTiming>;
  readonly #clock: () => number;
  readonly #onFailure: (failure: YellowstoneError) => void;
  /** One look at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    courier: Courier,
    records: RelayRecords,
    timing: Required<RelayTiming>,
    clock: () => number,
    onFailure: (failure: YellowstoneError) => void,
  ) {
    this.#courier = courier;
    this.#records = records;
    this.#timing = timing;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  post = (post: AttestationPost): Promise<JobId> => this.#add(() => attestationTask(post));
  postSlash = (post: SlashPost): Promise<JobId> => this.#add(() => slashTask(post));
  claim = (args: ClaimArgs): Promise<JobId> => this.#add(() => claimTask(args));
  bookDebits = (booking: DebitBooking): Promise<JobId> => this.#add(() => debitsTask(booking));
  enterSeason = (entry: RelayEntry): Promise<JobId> => this.#add(() => entryTask(entry));
  closeSeason = (season: Integer): Promise<JobId> => this.#add(() => closeTask(season));
  awardSeason = (award: RelayAward): Promise<JobId> => this.#add(() => awardTask(award));

  status(id: JobId): Promise<JobStatus> {
    return settled(() => this.#statusOf(id));
  }

  jobs(): Promise<JobStatus[]> {
    return settled(() => [...this.#records.state.jobs.keys()].map((id) => this.#statusOf(id)));
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      let waitMs = this.#timing.pollMs;
      try {
        await this.advance(signal);
        failures = 0;
      } catch (cause) {
        const failure = relayFailure(cause);
        if (failure instanceof RelayAborted) return;
        if (!isPassing(failure)) throw failure;
        this.#onFailure(failure);
        waitMs = Math.max(waitMs, pauseOf(failure, ++failures, this.#timing));
      }
      await pause(waitMs, signal).catch(() => undefined);
    }
  }

  advance(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const turn = this.#turn.then(() => this.#courier.advance(signal).then(() => this.#records.tidy()));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#records.close();
  }

  #add(make: () => Task): Promise<JobId> {
    return settled(() => {
      const task = make();
      const id = jobIdOf(task);
      // The same thing twice is one job; one that failed is tried anew.
      if (!this.#isKept(id)) this.#records.commit([{ t: "job", id, task, items: itemsOf(task), atMs: this.#clock() }]);
      return id;
    });
  }

  #isKept(id: JobId): boolean {
    return this.#records.state.jobs.has(id) && this.#statusOf(id).phase !== "failed";
  }

  #statusOf(id: JobId): JobStatus {
    return statusOf(this.#records.state, id, (part) => this.#courier.failureOf(part));
  }
}

/** Whether waiting helps: against trouble with node and network, a full disk, an empty purse; not against a broken store. */
function isPassing(failure: YellowstoneError): boolean {
  return (
    isRequestFailure(failure) ||
    (failure.retry !== "no" && (failure.code === "JournalFull" || !/^Journal/.test(failure.code)))
  );
}

/** Run what is synchronous, and give what it throws as a rejection. */
function settled<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()));
}
