import { enterList, listHash, packList } from "../bootstrap/list.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import { awardShares, type SeasonShare } from "../bootstrap/shares.js";
import type { Deployment } from "../deployment/deployment.js";
import { SeasonDiverged } from "../errors/chain.js";
import { providersEnteredEvent, ranksAwardedEvent } from "../events/bootstrap.js";
import type { Hash32, UMor } from "../units/brands.js";
import { providerId, type Integer } from "../units/integers.js";
import { read } from "./read.js";
import { readEvents, type EventRange } from "./readEvents.js";

/** A share of a season's pool that a provider got: paid, or netted with its debt. */
export interface Award {
  readonly season: bigint;
  /** From 0, the best. */
  readonly rank: number;
  readonly shareUMor: UMor;
}

/**
 * Read the awards of a provider from the events, in order of seasons.
 * @throws SeasonDiverged when the entries of an awarded season are not in the range; ChainRequestFailed
 */
export async function readAwards(d: Deployment, id: Integer, range: EventRange = {}): Promise<Award[]> {
  const key = providerId(id);
  const entered = new Map<bigint, SeasonEntry[]>();
  for await (const { value } of readEvents(d, providersEnteredEvent, range)) {
    entered.set(value.season, [...(entered.get(value.season) ?? []), ...value.entries]);
  }
  const awards: Award[] = [];
  for await (const { value } of readEvents(d, ranksAwardedEvent, range)) {
    const { season, ranks } = value;
    const shares = await sharesOf(d, season, entered.get(season) ?? []);
    const rank = ranks.find((one) => shares[one]?.id === key);
    if (rank !== undefined) awards.push({ season, rank, shareUMor: shares[rank]!.shareUMor });
  }
  return awards.sort((a, b) => Number(a.season - b.season));
}

/** Shares of a closed season, whose list and pool are final, by what was entered. */
async function sharesOf(
  d: Deployment,
  season: bigint,
  entered: readonly SeasonEntry[],
): Promise<readonly SeasonShare[]> {
  const list = enterList([], entered);
  const rebuilt = listHash(packList(list));
  const { listHash: onChain, poolUMor } = await read(() => d.bootstrap.seasonOf(season));
  if (rebuilt !== onChain) throw new SeasonDiverged(season, onChain as Hash32, rebuilt);
  return awardShares(list, poolUMor).shares;
}
