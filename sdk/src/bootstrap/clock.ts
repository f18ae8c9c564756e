import { InvalidWindow } from "../errors/bootstrap.js";
import { BootstrapSeasonUnknown } from "../errors/contract/bootstrap.js";
import { unixSeconds, type Integer, type UnixSeconds } from "../units/index.js";

/** When the bootstrap pool fills and into which seasons it is cut (design 9). Moments in Unix seconds. */
export interface BootstrapWindow {
  /** First second in which the pool fills: season 0 begins. */
  readonly startAt: bigint;
  /** End of the window, and of its last season, which may be shorter. */
  readonly endAt: bigint;
  /** Length of a season. */
  readonly seasonSeconds: bigint;
  /** How long after its end providers are entered into a season; at most `seasonSeconds`. */
  readonly entrySeconds: bigint;
}

/** The moments of a season. */
export interface SeasonBounds {
  readonly season: bigint;
  /** First second of it. */
  readonly startAt: UnixSeconds;
  /** End: what is active at this second counts; entries are taken from it on. */
  readonly endAt: UnixSeconds;
  /** First second in which nothing is entered any more and the season can be closed. */
  readonly entryEndAt: UnixSeconds;
}

/** What can be done with a season: nothing yet, it runs, providers are entered, it can be closed. */
export type SeasonPhase = "ahead" | "running" | "entering" | "closable";

/** Shortest entry window, in seconds. */
const ENTRY_SECONDS_MIN = 600n;

/** Take the parameters of a window. @throws InvalidWindow */
export function bootstrapWindow(window: BootstrapWindow): BootstrapWindow {
  const { startAt, endAt, seasonSeconds, entrySeconds } = window;
  if (startAt < 0n) throw new InvalidWindow("startAt", "0 or later", startAt);
  if (endAt <= startAt) throw new InvalidWindow("endAt", `after ${startAt}`, endAt);
  if (seasonSeconds < ENTRY_SECONDS_MIN) {
    throw new InvalidWindow("seasonSeconds", `at least ${ENTRY_SECONDS_MIN}`, seasonSeconds);
  }
  if (entrySeconds < ENTRY_SECONDS_MIN || entrySeconds > seasonSeconds) {
    throw new InvalidWindow("entrySeconds", `from ${ENTRY_SECONDS_MIN} to ${seasonSeconds}`, entrySeconds);
  }
  return Object.freeze({ startAt, endAt, seasonSeconds, entrySeconds });
}

/** Number of seasons of a window: the last one may be shorter. */
export function seasonCount({ startAt, endAt, seasonSeconds }: BootstrapWindow): bigint {
  return (endAt - startAt + seasonSeconds - 1n) / seasonSeconds;
}

/** Season that runs at `t`; undefined outside the window. */
export function seasonAt({ startAt, endAt, seasonSeconds }: BootstrapWindow, t: Integer): bigint | undefined {
  const at = unixSeconds(t);
  return at < startAt || at >= endAt ? undefined : (at - startAt) / seasonSeconds;
}

/** Give the moments of a season. @throws BootstrapSeasonUnknown */
export function seasonBounds(window: BootstrapWindow, season: bigint): SeasonBounds {
  const count = seasonCount(window);
  if (season < 0n || season >= count) throw new BootstrapSeasonUnknown({ season, seasonCount: count });
  const startAt = window.startAt + season * window.seasonSeconds;
  const full = startAt + window.seasonSeconds;
  const endAt = full < window.endAt ? full : window.endAt;
  return {
    season,
    startAt: unixSeconds(startAt),
    endAt: unixSeconds(endAt),
    entryEndAt: unixSeconds(endAt + window.entrySeconds),
  };
}

/** Say what can be done with a season at `t`. Seasons are closed in order: `closable` is by the clock alone. */
export function seasonPhase(
  { startAt, endAt, entryEndAt }: Pick<SeasonBounds, "startAt" | "endAt" | "entryEndAt">,
  t: Integer,
): SeasonPhase {
  const at = unixSeconds(t);
  if (at < startAt) return "ahead";
  if (at < endAt) return "running";
  return at < entryEndAt ? "entering" : "closable";
}
