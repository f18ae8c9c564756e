import {
  awardShares,
  compareEntries,
  providerId,
  uMor,
  SEASON_RANKS,
  type SeasonEntry,
} from "@yellowstone-compute/sdk";
import { createRandom } from "../replay/input/random.js";
import { integer, percent, type AttackTable } from "./table.js";

const POOL_UMOR = 2_100n * 10n ** 6n;
/** Weight of the attacker in the season, however it is split. */
const WEIGHT_UMOR = 1_000n * 10n ** 6n;
const SEED = 9;

/** Share of a season's pool that one gets who splits its weight over `sybils` ids among `honest` other providers. */
export function splitWeight(honest: number, sybils: number): bigint {
  const random = createRandom(SEED, honest);
  const entries: SeasonEntry[] = Array.from({ length: honest }, (_, i) => ({
    id: providerId(i),
    // From 10 to 400 MOR, evenly.
    weightUMor: uMor(BigInt(10_000_000 + random.below(390_000_000))),
  }));
  for (let i = 0; i < sybils; i++) {
    entries.push({ id: providerId(honest + i), weightUMor: uMor(WEIGHT_UMOR / BigInt(sybils)) });
  }
  const best = entries.sort(compareEntries).slice(0, SEASON_RANKS);
  const { shares } = awardShares(best, POOL_UMOR);
  return shares.reduce((sum, { id, shareUMor }) => (Number(id) < honest ? sum : sum + shareUMor), 0n);
}

/** The table of split providers. */
export function sybils(): AttackTable {
  const splits = [1, 2, 5, 10, 50];
  const rows = [40, 99, 150, 300].map((honest) => [
    integer(honest),
    ...splits.map((split) => percent(splitWeight(honest, split), POOL_UMOR)),
  ]);
  return {
    title: "Sybil providers around the top 100",
    about: `A provider with a weight of ${integer(WEIGHT_UMOR / 10n ** 6n)} MOR in a season splits it over several ids, each with a bond; the others have 10 to 400 MOR. Shares are by weight: while at most 100 compete nothing is won. Above, the gain is the weight that is pushed out, and parts too light for the list are lost.`,
    columns: ["other providers", ...splits.map((split) => (split === 1 ? "one id" : `${split} ids`))],
    rows,
  };
}
