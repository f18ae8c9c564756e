import { drawSteps, runWorld, worldSeedOf, type Failure, type RunOptions, type Step, type Tally } from "./run.js";
import type { ActionName } from "./actions/index.js";

/** Steps of a world: long enough for days, seasons and exits to pass. */
export const WORLD_STEPS = 2_000;

/** What to run: worlds of `seed` until `steps` are done. */
export interface SessionOptions extends RunOptions {
  readonly seed: bigint;
  readonly steps: number;
  readonly worldSteps?: number;
  /** First world, to go on where another session stopped. */
  readonly firstWorld?: number;
  /** Told after each world. */
  readonly onWorld?: (session: Session) => void;
}

/** What was compared, and the first difference. */
export interface Session {
  readonly seed: bigint;
  worlds: number;
  steps: number;
  figures: number;
  readonly tallies: Map<ActionName, Tally>;
  failure?: Failure & { readonly world: number; readonly worldSeed: bigint; readonly drawn: readonly Step[] };
}

/** Run world after world, a fresh deployment each, until the steps are done or one differs. */
export async function runSession(options: SessionOptions): Promise<Session> {
  const { seed, steps, worldSteps = WORLD_STEPS, firstWorld = 0 } = options;
  const session: Session = { seed, worlds: 0, steps: 0, figures: 0, tallies: new Map() };
  for (let world = firstWorld; session.steps < steps; world++) {
    const worldSeed = worldSeedOf(seed, world);
    const drawn = drawSteps(worldSeed, Math.min(worldSteps, steps - session.steps));
    const result = await runWorld(worldSeed, drawn, options);
    session.worlds++;
    session.steps += result.steps;
    session.figures += result.figures;
    for (const [action, { accepted, refused }] of result.tallies) {
      const tally = session.tallies.get(action) ?? { accepted: 0, refused: 0 };
      session.tallies.set(action, tally);
      tally.accepted += accepted;
      tally.refused += refused;
    }
    if (result.failure) {
      session.failure = { ...result.failure, world, worldSeed, drawn: drawn.slice(0, result.failure.step + 1) };
      return session;
    }
    options.onWorld?.(session);
  }
  return session;
}
