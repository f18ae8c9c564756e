/** A value as the ABI has it: numbers, addresses and words as bigint, bytes and texts as hex without prefix, lists as arrays. */
export type Value = bigint | string | readonly Value[];

/** Contracts of the suite, by the name of their place in it. */
export type Place = "compute" | "registry" | "routers" | "bootstrap" | "token" | "authority";

/** A custom error with its arguments. */
export interface Refusal {
  readonly error: string;
  readonly args: readonly bigint[];
}

/** An event with its arguments. */
export interface Log {
  readonly place: Place;
  readonly event: string;
  readonly args: readonly Value[];
}

/**
 * What the model says of a step. The specification does not order the reasons for a refusal, so a step is refused if there is
 * any, and with one of them.
 */
export interface Outcome {
  readonly refusals: readonly Refusal[];
  readonly logs: readonly Log[];
  /** Words that the verb returns, where it returns any. */
  readonly output?: readonly bigint[];
}

/** Who calls, and when. */
export interface Caller {
  readonly sender: bigint;
  readonly now: bigint;
}

/** Reasons collected for one step. */
export class Reasons {
  readonly list: Refusal[] = [];

  /** Add a reason if `wrong` holds. */
  when(wrong: boolean, error: string, ...args: bigint[]): void {
    if (wrong) this.list.push({ error, args });
  }

  /** Whether there is any. */
  get any(): boolean {
    return this.list.length > 0;
  }

  /** The outcome of a step that is refused. */
  refused(): Outcome {
    return { refusals: this.list, logs: [] };
  }
}

/** The outcome of a step that is accepted. */
export function accepted(logs: readonly Log[], ...output: bigint[]): Outcome {
  return output.length === 0 ? { refusals: [], logs } : { refusals: [], logs, output };
}
