export {
  bootstrapWindow,
  seasonAt,
  seasonBounds,
  seasonCount,
  seasonPhase,
  type BootstrapWindow,
  type SeasonBounds,
  type SeasonPhase,
} from "./clock.js";
export { enterList, listHash, packList, unpackEntries, unpackList } from "./list.js";
export { ENTRY_COST, type EntryRanges } from "./pieces.js";
export { planEntries, type EntryCall, type EntryOptions } from "./plan.js";
export {
  MAX_WEIGHT_UMOR,
  SEASON_RANKS,
  compareEntries,
  rankSeason,
  totalOf,
  weightOf,
  type Ranking,
  type SeasonEntry,
} from "./ranking.js";
export { ALL_RANKS, ranksMask, ranksOf } from "./ranks.js";
export { awardShares, shareOfDown, type SeasonShare, type Shares } from "./shares.js";
export { standingOf, type SeasonStanding } from "./standing.js";
export {
  BOOTSTRAP_PARTS,
  bootstrapLackWei,
  bootstrapTargetWei,
  poolDown,
  seasonPoolUMor,
  type PoolBooks,
} from "./target.js";
