import { read, readBlock } from "../actions/read.js";
import { readSeason, type Season } from "../actions/readSeason.js";
import { seasonCount, type BootstrapWindow } from "../bootstrap/index.js";
import type { Deployment } from "../deployment/index.js";
import { BootstrapSeasonUnknown } from "../errors/contract/bootstrap.js";
import type { Context, OptionSpecs } from "./command.js";

/** Option that names a season. */
export const SEASON_OPTION: OptionSpecs = {
  season: { value: "N", about: "season, counted from 0; the one it is time for without it" },
};

/** The season that is named; undefined without it. @throws InvalidField */
export function seasonOf({ args }: Context): bigint | undefined {
  return args.count("season", 0n, 2n ** 32n - 1n);
}

/** The newest block's moment in Unix seconds. @throws ChainRequestFailed */
export async function chainMoment(d: Deployment): Promise<bigint> {
  const { timestamp } = await readBlock(d, "latest");
  return BigInt(timestamp);
}

/** The season that is named, or the one that `choose` finds it is time for. @throws BootstrapSeasonUnknown */
export async function readNamedSeason(
  context: Context,
  d: Deployment,
  choose: (at: bigint, next: bigint, window: BootstrapWindow) => bigint,
): Promise<Season> {
  const [at, next] = await Promise.all([chainMoment(d), read(() => d.bootstrap.nextSeason())]);
  const window = d.bootstrapWindow;
  if (window === undefined) throw new BootstrapSeasonUnknown({ season: seasonOf(context) ?? 0n, seasonCount: 0n });
  const wanted = seasonOf(context) ?? choose(at, next, window);
  const last = seasonCount(window) - 1n;
  return readSeason(d, seasonOf(context) ?? (wanted < 0n ? 0n : wanted > last ? last : wanted));
}

/** Season that ended last before a moment: entries are taken for it. -1 before the first has ended. */
export function endedBefore({ bootstrapWindow: window }: Deployment, at: bigint): bigint {
  if (window === undefined || at < window.startAt) return -1n;
  if (at >= window.endAt) return seasonCount(window) - 1n;
  return (at - window.startAt) / window.seasonSeconds - 1n;
}

/** A season's moments and roots, for JSON. */
export function seasonJson({ season, startAt, endAt, entryEndAt, closed, before, after }: Season): object {
  return { season, startAt, endAt, entryEndAt, closed, before, after };
}
