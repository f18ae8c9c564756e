import { rankSeason } from "../bootstrap/ranking.js";
import { seasonBounds, seasonCount, seasonPhase } from "../bootstrap/clock.js";
import { read, readBlock } from "../actions/read.js";
import type { EventRange } from "../actions/readEvents.js";
import { readSeason, type Season } from "../actions/readSeason.js";
import { readSeasonLedgers } from "../actions/readSeasonLedgers.js";
import type { Deployment } from "../deployment/deployment.js";
import { providerId, unixSeconds, type Integer, type ProviderId, type UMor, type UnixSeconds } from "../units/index.js";

/** Something that is to be done for a provider about a season. Anyone may do it. */
export type SeasonReminder =
  /** It is among the hundred and not in the list: `enterSeason` before `until`, or it gets nothing. */
  | { readonly kind: "enter"; readonly season: bigint; readonly id: ProviderId; readonly until: UnixSeconds }
  /** It is in the list, and the season can be closed: `closeSeason`. Seasons are closed in order. */
  | { readonly kind: "close"; readonly season: bigint; readonly id: ProviderId }
  /** Its share waits: `awardSeason`. */
  | { readonly kind: "award"; readonly season: bigint; readonly id: ProviderId; readonly shareUMor: UMor };

/** Which seasons and events are looked at. */
export interface ReminderOptions extends EventRange {
  /** First season; the first whose pool is not fixed, and the one before it, when left out. */
  readonly fromSeason?: Integer;
}

/**
 * Say what is to be done for providers about the seasons of the bootstrap pool (design 9), oldest season first. None for a
 * deployment without a pool.
 *
 * @example
 * for (const { kind, season, id } of await seasonReminders(d, [4, 7])) console.log(`${kind} provider ${id} in ${season}`);
 * @throws SeasonDiverged, LedgerDiverged when events are missing; ChainRequestFailed
 */
export async function seasonReminders(
  d: Deployment,
  ids: Iterable<Integer>,
  { fromSeason, ...range }: ReminderOptions = {},
): Promise<SeasonReminder[]> {
  const window = d.bootstrapWindow;
  if (window === undefined) return [];
  const wanted = [...ids].map((id) => providerId(id));
  const block = await readBlock(d, range.toBlock ?? "latest");
  const at = unixSeconds(block.timestamp);
  const fixed: EventRange = { ...range, toBlock: block.number };
  const next = await read(() => d.bootstrap.nextSeason({ blockTag: block.number }));
  const first = fromSeason === undefined ? (next > 0n ? next - 1n : 0n) : BigInt(fromSeason);
  const reminders: SeasonReminder[] = [];
  for (let season = first; season < seasonCount(window); season++) {
    if (seasonBounds(window, season).endAt > at) break;
    reminders.push(...(await remindersOf(d, await readSeason(d, season, fixed), wanted, at, fixed)));
  }
  return reminders;
}

async function remindersOf(
  d: Deployment,
  season: Season,
  ids: readonly ProviderId[],
  at: UnixSeconds,
  range: EventRange,
): Promise<SeasonReminder[]> {
  const place = { season: season.season };
  const listed = ids.filter((id) => season.list.some((entry) => entry.id === id));
  if (season.closed) {
    return season.shares.flatMap(({ id, shareUMor }, rank): SeasonReminder[] => {
      const waits = shareUMor > 0n && ids.includes(id) && !season.awarded.includes(rank);
      return waits ? [{ kind: "award", ...place, id, shareUMor }] : [];
    });
  }
  // It has ended: entries are taken until it can be closed.
  if (seasonPhase(season, at) === "closable") return listed.map((id) => ({ kind: "close", ...place, id }));
  const { before, after } = await readSeasonLedgers(d, season, range);
  const best = new Set(rankSeason(before, after).entries.map(({ id }) => id));
  return ids
    .filter((id) => best.has(id) && !listed.includes(id))
    .map((id) => ({ kind: "enter", ...place, id, until: season.entryEndAt }));
}
