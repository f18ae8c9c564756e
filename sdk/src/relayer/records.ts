import { JournalFull, JournalHalted } from "../errors/journal.js";
import type { RelayLog } from "./log.js";
import { forgetEnded, type Change, type RelayState } from "./state.js";

/** Records after which the state is written whole. */
const SNAPSHOT_EVERY = 512;

/** The state of a relayer with its log: changes are durable first. */
export class RelayRecords {
  readonly #log: RelayLog;
  readonly #clock: () => number;
  readonly #retainMs: number;
  readonly #onChange: (change: Change) => void;
  #halted: JournalHalted | undefined;

  constructor(log: RelayLog, clock: () => number, retainMs: number, onChange: (change: Change) => void) {
    this.#log = log;
    this.#clock = clock;
    this.#retainMs = retainMs;
    this.#onChange = onChange;
  }

  get state(): RelayState {
    return this.#log.state;
  }

  /** Make changes, all or none. @throws JournalFull when nothing was recorded; JournalHalted after any other failure */
  commit(changes: readonly Change[]): void {
    if (this.#halted !== undefined) throw this.#halted;
    try {
      this.#log.commit(changes, this.#clock());
    } catch (reason) {
      if (reason instanceof JournalFull) throw reason;
      this.#halted = new JournalHalted(reason);
      throw this.#halted;
    }
    for (const change of changes) this.#onChange(change);
  }

  /** Write the state whole when many records have come, without jobs that ended long ago. */
  tidy(): void {
    if (this.#halted !== undefined || this.#log.length < SNAPSHOT_EVERY) return;
    forgetEnded(this.state, this.#clock() - this.#retainMs);
    this.#log.compact();
  }

  /** Let go of the store. */
  close(): void {
    this.#halted ??= new JournalHalted("closed");
    this.#log.close();
  }
}
