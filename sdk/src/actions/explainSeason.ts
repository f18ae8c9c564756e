import { formatMor } from "../units/amounts.js";
import type { Wei } from "../units/brands.js";
import { WEI_PER_UMOR } from "../units/constants.js";
import type { SeasonStatus } from "./seasonStatus.js";

/** Say in words how a provider stands in a season and what would lift it: one sentence a line. Ranks count from 1 here. Pure. */
export function explainSeason(status: SeasonStatus): string {
  return [standing(status), ...next(status), ...todo(status)].join("\n");
}

function standing({ season: { season }, standing: { id, weightUMor, rank }, competing }: SeasonStatus): string {
  const place = rank === undefined ? "without a rank" : `rank ${rank + 1}`;
  return `Provider ${id} was credited ${mor(weightUMor)} MOR in season ${season}: ${place} of ${competing} that compete.`;
}

function next({ phase, poolUMor, standing: { rank, shareUMor, toEnterUMor, toRiseUMor } }: SeasonStatus): string[] {
  const share = `${mor(shareUMor)} MOR of a pool of ${mor(poolUMor)} MOR`;
  if (phase === "closed") return [rank === undefined ? "It was not among the hundred." : `Its share is ${share}.`];
  const lines = rank === undefined ? [] : [`If the season were closed now its share would be ${share}.`];
  if (phase !== "running" && phase !== "ahead") return lines;
  if (toEnterUMor > 0n) lines.push(`${mor(toEnterUMor)} MOR more would bring it among the hundred.`);
  if (toRiseUMor !== undefined) lines.push(`${mor(toRiseUMor)} MOR more would lift it by a rank.`);
  return lines;
}

function todo({ phase, season, standing: { rank, weightUMor }, entered, awarded }: SeasonStatus): string[] {
  if (phase === "closable" && !entered && weightUMor > 0n) return ["It was not entered in time and gets nothing."];
  if (rank === undefined) return [];
  if (phase === "closed")
    return [awarded ? "It has its award." : "Its award is open: anyone may pay it with awardSeason."];
  if (entered) return ["It is entered."];
  return phase === "entering" ? [`It is not entered yet: anyone may enter it until ${season.entryEndAt}.`] : [];
}

function mor(amountUMor: bigint): string {
  return formatMor((amountUMor * WEI_PER_UMOR) as Wei);
}
