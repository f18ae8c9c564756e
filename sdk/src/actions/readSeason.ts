import { awardShares, type SeasonShare } from "../bootstrap/shares.js";
import { enterList, listHash, packList } from "../bootstrap/list.js";
import { ranksOf } from "../bootstrap/ranks.js";
import type { SeasonEntry } from "../bootstrap/ranking.js";
import type { Deployment } from "../deployment/deployment.js";
import { SeasonDiverged } from "../errors/chain.js";
import { providersEnteredEvent } from "../events/bootstrap.js";
import type { Hash32, UMor, UnixSeconds } from "../units/brands.js";
import { uint, type Integer } from "../units/integers.js";
import { read } from "./read.js";
import { readEvents, type EventRange } from "./readEvents.js";

/** The attestation whose root weighs a season; seq 0 and the empty root before the first one. */
export interface SeasonRoot {
  readonly seq: bigint;
  readonly root: Hash32;
}

/** A season as the contract keeps it, with its list (design 9). Moments in Unix seconds, amounts in uMOR. */
export interface Season {
  readonly season: bigint;
  readonly startAt: UnixSeconds;
  readonly endAt: UnixSeconds;
  readonly entryEndAt: UnixSeconds;
  /** List in force, best first. */
  readonly list: readonly SeasonEntry[];
  /** Whether its pool is fixed. */
  readonly closed: boolean;
  /** What there is to share; 0 before it is closed. */
  readonly poolUMor: UMor;
  /** Everyone's share, in the order of the list; empty before it is closed. */
  readonly shares: readonly SeasonShare[];
  /** Ranks, from 0, that have their award. */
  readonly awarded: readonly number[];
  /** Root at its start and at its end; the second is final once the season is over. */
  readonly before: SeasonRoot;
  readonly after: SeasonRoot;
}

/**
 * Read a season; its list is rebuilt from the events and compared with the hash that the contract keeps.
 * @throws BootstrapSeasonUnknown; SeasonDiverged when an event is missing: read from the block of the deployment on
 */
export async function readSeason(d: Deployment, season: Integer, range: EventRange = {}): Promise<Season> {
  const key = uint(season, 32, "season");
  const toBlock = range.toBlock ?? (await read(() => d.provider.getBlockNumber()));
  const at = { blockTag: toBlock };
  const [state, roots] = await read(() => Promise.all([d.bootstrap.seasonOf(key, at), d.bootstrap.rootsOf(key, at)]));
  const list = await rebuildList(d, key, { ...range, toBlock });
  const rebuilt = listHash(packList(list));
  if (rebuilt !== state.listHash) throw new SeasonDiverged(key, state.listHash as Hash32, rebuilt);
  return {
    season: key,
    startAt: state.startAt as UnixSeconds,
    endAt: state.endAt as UnixSeconds,
    entryEndAt: state.entryEndAt as UnixSeconds,
    list,
    closed: state.closed,
    poolUMor: state.poolUMor as UMor,
    shares: state.closed ? awardShares(list, state.poolUMor).shares : [],
    awarded: ranksOf(state.awardedRanks),
    before: { seq: roots.seqBefore, root: roots.rootBefore as Hash32 },
    after: { seq: roots.seqAfter, root: roots.rootAfter as Hash32 },
  };
}

async function rebuildList(d: Deployment, season: bigint, range: EventRange): Promise<SeasonEntry[]> {
  const entered: SeasonEntry[] = [];
  for await (const { value } of readEvents(d, providersEnteredEvent, range)) {
    if (value.season === season) entered.push(...value.entries);
  }
  return enterList([], entered);
}
