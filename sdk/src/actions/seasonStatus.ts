import { rankSeason, weightOf } from "../bootstrap/ranking.js";
import { standingOf, type SeasonStanding } from "../bootstrap/standing.js";
import { seasonPhase, type SeasonPhase } from "../bootstrap/clock.js";
import { poolDown } from "../bootstrap/target.js";
import type { Deployment } from "../deployment/deployment.js";
import { ledgerId } from "../ledger/words.js";
import type { UMor, UnixSeconds } from "../units/brands.js";
import { providerId, unixSeconds, type Integer } from "../units/integers.js";
import { read, readBlock } from "./read.js";
import type { EventRange } from "./readEvents.js";
import { readSeason, type Season } from "./readSeason.js";
import { readSeasonLedgers } from "./readSeasonLedgers.js";

/** A provider's place in a season, what it would be paid, and what would lift it. */
export interface SeasonStatus {
  readonly season: Season;
  readonly phase: SeasonPhase | "closed";
  /** Moment of the block that was read. */
  readonly timestamp: UnixSeconds;
  /** Among everyone with a weight so far, entered or not; once nobody can be entered any more, among those in the list. */
  readonly standing: SeasonStanding;
  /** Providers with a weight. */
  readonly competing: number;
  /** Pool of a closed season; before that, what it would be at the least if the season were closed now. */
  readonly poolUMor: UMor;
  /** Whether the provider is in the list on chain. */
  readonly entered: boolean;
  /** Whether its award is paid. */
  readonly awarded: boolean;
}

/** Which season is looked at, and which events are read. */
export interface SeasonStatusOptions extends EventRange {
  /** Without it the one that runs; before the window the first, behind it the last. */
  readonly season?: Integer;
}

/**
 * Say how the provider `id` stands in a season, from the ledgers at its two roots (design 9). Credits that are not active by
 * the end of the season do not count; until then all that would be are counted.
 * @throws BootstrapSeasonUnknown for a deployment without a bootstrap pool, too; LedgerDiverged, SeasonDiverged, ChainRequestFailed
 */
export async function seasonStatus(
  d: Deployment,
  id: Integer,
  { season, ...range }: SeasonStatusOptions = {},
): Promise<SeasonStatus> {
  const key = providerId(id);
  const place = ledgerId(key);
  const block = await readBlock(d, range.toBlock ?? "latest");
  const timestamp = unixSeconds(block.timestamp);
  const fixed: EventRange = { ...range, toBlock: block.number };
  const looked = await readSeason(d, season ?? runningSeason(d, timestamp), fixed);
  const { before, after } = await readSeasonLedgers(d, looked, fixed);
  const ranking = rankSeason(before, after);
  const poolUMor = looked.closed ? looked.poolUMor : await poolNow(d, looked, timestamp, block.number);
  const rank = looked.list.findIndex((entry) => entry.id === key);
  const phase = looked.closed ? "closed" : seasonPhase(looked, timestamp);
  const isFinal = phase === "closed" || phase === "closable";
  return {
    season: looked,
    phase,
    timestamp,
    standing: standingOf(isFinal ? looked.list : ranking.entries, poolUMor, key, weightOf(before, after, place)),
    competing: ranking.competing,
    poolUMor,
    entered: rank >= 0,
    awarded: looked.awarded.includes(rank),
  };
}

/** Season that runs at a moment; before the window the first, behind it the last. */
export function runningSeason(d: Pick<Deployment, "bootstrapWindow">, at: bigint): bigint {
  const window = d.bootstrapWindow;
  if (window === undefined || at < window.startAt) return 0n;
  const until = at < window.endAt ? at : window.endAt - 1n;
  return (until - window.startAt) / window.seasonSeconds;
}

/** Pool of a season if it were closed now; those before it that are not closed are taken to share all that is due to them. */
export async function poolNow(
  d: Deployment,
  { season, startAt, endAt }: Pick<Season, "season" | "startAt" | "endAt">,
  at: UnixSeconds,
  block: number,
): Promise<UMor> {
  const own = { blockTag: block };
  const [promisedWei, earlierWei, dueWei, accruedWei, unbookedWei, allottedUMor, next] = await read(() =>
    Promise.all([
      d.compute.bootstrapTargetWei(endAt, own),
      d.compute.bootstrapTargetWei(startAt, own),
      d.compute.bootstrapTargetWei(at, own),
      d.compute.bootstrapAccruedWei(own),
      d.compute.unbookedWei(own),
      d.bootstrap.allottedUMor(own),
      d.bootstrap.nextSeason(own),
    ]),
  );
  const lackWei = dueWei > accruedWei ? dueWei - accruedWei : 0n;
  const thereWei = accruedWei + (unbookedWei < lackWei ? unbookedWei : lackWei);
  const books = { accruedWei: thereWei, allottedUMor };
  const earlierUMor = season > next ? poolDown(earlierWei, books) : 0n;
  return poolDown(promisedWei, { ...books, allottedUMor: allottedUMor + earlierUMor });
}
