import { readSeasonLedgers } from "../../actions/readSeasonLedgers.js";
import { rankSeason, seasonPhase } from "../../bootstrap/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command } from "../command.js";
import { SEASON_OPTION, chainMoment, readNamedSeason, seasonJson } from "../seasons.js";
import { moment, morOfUMor, table, uMorJson } from "../words.js";

/** `yellowstone season ranking`: the best hundred. */
export const seasonRanking: Command = {
  about:
    "Ranked by what was credited between the season's two roots, from the events. Once nobody can be entered any more, the list " +
    "on chain counts, with its shares.",
  options: { ...SEASON_OPTION, ...CHAIN_OPTIONS },
  examples: ["season ranking", "season ranking --season 2 --json"],
  run: (context) =>
    withChain(context, async ({ d }) => {
      context.print.progress("reading the ledgers of the season");
      const at = await chainMoment(d);
      const season = await readNamedSeason(
        context,
        d,
        (_at, _next, window) => (at - window.startAt) / window.seasonSeconds,
      );
      const { before, after } = await readSeasonLedgers(d, season);
      const ranking = rankSeason(before, after);
      const phase = season.closed ? "closed" : seasonPhase(season, at);
      const isFinal = phase === "closed" || phase === "closable";
      const ranks = (isFinal ? season.list : ranking.entries).map(({ id, weightUMor }, rank) => ({
        rank: rank + 1,
        id,
        weightUMor,
        isEntered: season.list.some((entry) => entry.id === id),
        shareUMor: season.shares[rank]?.shareUMor,
        isAwarded: season.awarded.includes(rank),
      }));
      const json = {
        ...seasonJson(season),
        phase,
        competing: ranking.competing,
        ...uMorJson("pool", season.poolUMor),
        ranking: ranks.map(({ weightUMor, shareUMor, ...rest }) => ({
          ...rest,
          ...uMorJson("weight", weightUMor),
          ...(shareUMor === undefined ? {} : uMorJson("share", shareUMor)),
        })),
      };
      const rows = ranks.map(({ rank, id, weightUMor, isEntered, shareUMor, isAwarded }) => [
        `${rank}`,
        `${id}`,
        morOfUMor(weightUMor).replace(" MOR", ""),
        isEntered ? "yes" : "no",
        shareUMor === undefined ? "" : morOfUMor(shareUMor).replace(" MOR", ""),
        shareUMor === undefined ? "" : isAwarded ? "yes" : "no",
      ]);
      const head = `season ${season.season}: ${phase}, from ${moment(season.startAt)} to ${moment(season.endAt)}, entries until ${moment(season.entryEndAt)}`;
      const body =
        rows.length === 0
          ? "nobody was credited"
          : table([" rank", " provider", " weight MOR", "entered", " share MOR", "awarded"], rows);
      context.print.result(json, `${head}\n\n${body}`);
      return EXIT.done;
    }),
};
