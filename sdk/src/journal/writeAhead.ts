import { YellowstoneError } from "../errors/base.js";
import { JournalClosed, JournalFull, JournalHalted } from "../errors/journal.js";
import { applyInput } from "../router/apply.js";
import type { Committer, InputKind, InputResults, RouterInput } from "../router/inputs.js";
import type { Identity } from "../router/matching.js";
import type { RouterState } from "../router/state.js";
import { ByteWriter } from "./bytes.js";
import { writeInput } from "./inputCodec.js";
import type { Journal } from "./journal.js";

/** Inputs in one batch at most: what waits longer than its bytes are worth is written at once. */
const MAX_BATCH = 1_024;

/** What a write-ahead committer works on. */
export interface WriteAheadParts {
  readonly journal: Journal;
  readonly state: RouterState;
  readonly self: Identity;
  readonly group: "each" | number;
  /** Called after each batch, when its transitions are made. */
  readonly onBatch: (count: number, bytes: number) => void;
}

interface Waiting {
  readonly input: RouterInput;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits inputs through a journal: a batch is made durable, then the transitions of its inputs are made in their order.
 * When it cannot be made durable, every input of it is refused and the state is as it was.
 */
export class WriteAhead implements Committer {
  readonly #parts: WriteAheadParts;
  readonly #out = new ByteWriter();
  #waiting: Waiting[] = [];
  #since = 0;
  #alarm: (() => void) | undefined;
  #stopped: YellowstoneError | undefined;

  constructor(parts: WriteAheadParts) {
    this.#parts = parts;
  }

  commit<K extends InputKind>(input: RouterInput<K>): Promise<InputResults[K]> {
    return new Promise((resolve, reject) => {
      this.#enqueue(input, resolve, reject);
      const { group } = this.#parts;
      if (group === "each" || this.#waiting.length >= MAX_BATCH || this.#isDue(group)) this.flush();
      else this.#alarm ??= after(group, () => this.flush());
    });
  }

  commitNow<K extends InputKind>(input: RouterInput<K>): InputResults[K] {
    let outcome: { readonly result: InputResults[K] } | { readonly reason: unknown } | undefined;
    const resolve = (result: InputResults[K]): void => void (outcome = { result });
    this.#enqueue(input, resolve, (reason) => void (outcome = { reason }));
    this.flush();
    const settled = outcome as { result: InputResults[K] } | { reason: unknown } | undefined;
    if (settled !== undefined && "result" in settled) return settled.result;
    throw settled?.reason;
  }

  /** Make durable what waits, and make its transitions. */
  flush(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    const batch = this.#waiting;
    const last = batch.at(-1);
    if (last === undefined) return;
    this.#waiting = [];
    const bytes = this.#out.take();
    this.#out.reset();
    try {
      this.#parts.journal.append(bytes, batch.length, last.input.atMs);
    } catch (reason) {
      // A full disk took nothing of the batch, and the next may find room. After any other failure nobody knows.
      if (!(reason instanceof JournalFull)) this.#stopped = new JournalHalted(reason);
      for (const { reject } of batch) reject(reason);
      return;
    }
    for (const waiting of batch) this.#apply(waiting);
    if (this.#stopped === undefined) this.#parts.onBatch(batch.length, bytes.length);
  }

  /** Commit what waits, and refuse everything from now on. */
  close(): void {
    if (this.#stopped === undefined) this.flush();
    this.#stopped ??= new JournalClosed();
  }

  /** Refuse what waits, and everything from now on. */
  abandon(): void {
    this.#alarm?.();
    this.#stopped ??= new JournalClosed();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped);
  }

  /** Whether the state is what the journal says: no after a failure. */
  get isSound(): boolean {
    return this.#stopped === undefined;
  }

  #enqueue<K extends InputKind>(
    input: RouterInput<K>,
    resolve: (result: InputResults[K]) => void,
    reject: (reason: unknown) => void,
  ): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    const length = this.#out.length;
    try {
      writeInput(this.#out, input);
    } catch (reason) {
      this.#out.reset(length);
      throw reason;
    }
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#waiting.push({ input: input as RouterInput, resolve, reject });
  }

  #apply({ input, resolve, reject }: Waiting): void {
    const { state, self } = this.#parts;
    if (this.#stopped !== undefined) return reject(this.#stopped);
    try {
      resolve(applyInput(state, self, input) as never);
    } catch (reason) {
      // A refusal leaves the state as it was; anything else is a defect in the middle of a transition.
      if (!(reason instanceof YellowstoneError)) this.#stopped = new JournalHalted(reason);
      reject(reason);
    }
  }

  #isDue(groupMs: number): boolean {
    return groupMs > 0 && performance.now() - this.#since >= groupMs;
  }
}

/** Call after so many milliseconds, or when this turn of the event loop is over; gives how to call it off. */
function after(delayMs: number, call: () => void): () => void {
  if (delayMs === 0 && typeof setImmediate === "function") {
    const immediate = setImmediate(call);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
}
