import { formatInteger, formatTable, formatUMor } from "./output/index.js";
import type { SeasonRecord } from "./records.js";

/** One row for each provider of each season; a season without anyone has a row of its own. */
export function seasonTable(providers: readonly string[], seasons: readonly SeasonRecord[]): string {
  const left = (title: string) => ({ title, align: "left" as const });
  const right = (title: string) => ({ title, align: "right" as const });
  const rows = seasons.flatMap(({ season, poolUMor, ranks }) => {
    const name = formatInteger(season);
    if (ranks.length === 0) return [[name, "", "", "nobody was credited"]];
    return ranks.map(({ provider, weightUMor, shareUMor, paidUMor }, rank) => [
      rank === 0 ? name : "",
      rank === 0 ? formatUMor(poolUMor) : "",
      formatInteger(rank + 1),
      `${providers[provider] ?? ""} (${provider})`,
      ...[weightUMor, shareUMor, paidUMor].map((amount) => formatUMor(amount)),
    ]);
  });
  const figures = ["weight MOR", "share MOR", "paid MOR"].map(right);
  return formatTable([right("season"), right("pool MOR"), right("rank"), left("provider (id)"), ...figures], rows);
}
