import { YellowstoneError } from "../errors/base.js";
import type { Identity } from "../router/matching.js";
import type { RouterState } from "../router/state.js";
import type { Journal } from "./journal.js";
import { writeTransitionSettings, type JournalSettings } from "./settings.js";
import { writeState } from "./stateCodec.js";

/** Decides when the state is written whole, and writes it. */
export class Snapshots {
  readonly #journal: Journal;
  readonly #state: RouterState;
  readonly #self: Identity;
  readonly #settings: Required<JournalSettings>;
  #inputs = 0;
  #inputBytes = 0;
  #stateBytes = 0;
  #failure: YellowstoneError | undefined;

  constructor(journal: Journal, state: RouterState, self: Identity, settings: Required<JournalSettings>) {
    this.#journal = journal;
    this.#state = state;
    this.#self = self;
    this.#settings = settings;
  }

  /** Why the last one could not be written. */
  get failure(): YellowstoneError | undefined {
    return this.#failure;
  }

  /**
   * Note a batch; take a snapshot when enough inputs came, and more bytes of them than the last one had: so all snapshots
   * together cost no more than the inputs. One that cannot be written is tried again after as many inputs.
   */
  note(count: number, bytes: number): void {
    this.#inputs += count;
    this.#inputBytes += bytes;
    if (this.#inputs < this.#settings.snapshotEvery || this.#inputBytes < this.#stateBytes) return;
    try {
      this.take();
    } catch (reason) {
      if (!(reason instanceof YellowstoneError)) throw reason;
      this.#failure = reason as YellowstoneError;
      this.#inputs = 0;
    }
  }

  /** Take a snapshot now. @throws the errors of the storage */
  take(): void {
    const state = writeState(this.#state);
    const keepAtMs = this.#state.latestMs - this.#settings.retainSeconds * 1_000n;
    this.#journal.compact({ settings: writeTransitionSettings(this.#self), state }, keepAtMs);
    this.#inputs = 0;
    this.#inputBytes = 0;
    this.#stateBytes = state.length;
    this.#failure = undefined;
  }
}
