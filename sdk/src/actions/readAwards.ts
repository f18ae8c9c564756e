import { enterList } from "../bootstrap/list.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import { awardShares } from "../bootstrap/shares.js";
import type { Deployment } from "../deployment/deployment.js";
import { providersEnteredEvent, ranksAwardedEvent, seasonClosedEvent } from "../events/bootstrap.js";
import type { UMor } from "../units/brands.js";
import { providerId, type Integer } from "../units/integers.js";
import { readEvents, type EventRange } from "./readEvents.js";

/** A share of a season's pool that a provider got: paid, or netted with its debt. */
export interface Award {
  readonly season: bigint;
  /** From 0, the best. */
  readonly rank: number;
  readonly shareUMor: UMor;
}

/** Read the awards of a provider from the events, in order of seasons. @throws ChainRequestFailed */
export async function readAwards(d: Deployment, id: Integer, range: EventRange = {}): Promise<Award[]> {
  const key = providerId(id);
  const entered = new Map<bigint, SeasonEntry[]>();
  for await (const { value } of readEvents(d, providersEnteredEvent, range)) {
    entered.set(value.season, [...(entered.get(value.season) ?? []), ...value.entries]);
  }
  const pools = new Map<bigint, bigint>();
  for await (const { value } of readEvents(d, seasonClosedEvent, range)) pools.set(value.season, value.poolUMor);
  const awards: Award[] = [];
  for await (const { value } of readEvents(d, ranksAwardedEvent, range)) {
    const { season, ranks } = value;
    const { shares } = awardShares(enterList([], entered.get(season) ?? []), pools.get(season) ?? 0n);
    const rank = ranks.find((one) => shares[one]?.id === key);
    if (rank !== undefined) awards.push({ season, rank, shareUMor: shares[rank]!.shareUMor });
  }
  return awards.sort((a, b) => (a.season < b.season ? -1 : 1));
}
