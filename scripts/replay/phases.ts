/** The parts of the main job, in their order. */
export const PHASES = ["deploy", "replay", "restart", "reconcile"] as const;
export type Phase = (typeof PHASES)[number];
/** Seconds each part took; a part that was not reached is not there. */
export type PhaseSeconds = Readonly<Partial<Record<Phase, number>>>;

/** A stopwatch with laps: each part begins where the one before ended. */
export class Phases {
  #seconds: PhaseSeconds;
  #since = performance.now();

  constructor(before: PhaseSeconds = {}) {
    this.#seconds = before;
  }

  /** End a part, and give all so far. */
  end(phase: Phase): PhaseSeconds {
    const now = performance.now();
    this.#seconds = { ...this.#seconds, [phase]: (now - this.#since) / 1_000 };
    this.#since = now;
    return this.#seconds;
  }
}
