import { enterSeason } from "../../actions/enterSeason.js";
import { readSeasonLedgers } from "../../actions/readSeasonLedgers.js";
import { planEntries, rankSeason } from "../../bootstrap/index.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import type { Command } from "../command.js";
import { WRITE_OPTIONS, perform, stepOf } from "../perform.js";
import { SEASON_OPTION, endedBefore, readNamedSeason } from "../seasons.js";
import { morOfUMor, uMorJson } from "../words.js";

/** `yellowstone season enter`: providers into the list of a season. */
export const seasonEnter: Command = {
  about:
    "Anyone may enter anyone while the entry window is open: weights are proved on chain. Without --id the hundred that belong " +
    "there are entered, in as few transactions as the chain takes.",
  options: {
    id: { value: "N", about: "a provider, or several as 4,7,9; the best hundred without it", isMany: true },
    ...SEASON_OPTION,
    ...CHAIN_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: ["season enter --season 2 --keystore any.json", "season enter --id 4 --dry-run"],
  run(context) {
    const named = context.args.flag("id") ? context.args.needIds("id") : undefined;
    return withChain(context, ({ d }) =>
      perform(context, d, async () => {
        context.print.progress("reading the ledgers of the season");
        const season = await readNamedSeason(context, d, (at) => endedBefore(d, at));
        const { before, after } = await readSeasonLedgers(d, season);
        const ids = named ?? rankSeason(before, after).entries.map(({ id }) => id);
        const calls = planEntries(before, after, ids, { list: season.list });
        const steps = calls.map(({ list, ranges, after: next }) => {
          const title = `enter providers into season ${season.season}: ${next.length} will be in its list`;
          return stepOf(enterSeason, { season: season.season, list, ranges }, title, (entered) => ({
            json: {
              season: season.season,
              entered: entered.map(({ id, weightUMor }) => ({ id, ...uMorJson("weight", weightUMor) })),
            },
            text: entered
              .map(({ id, weightUMor }) => `provider ${id} is entered with ${morOfUMor(weightUMor)}`)
              .join("\n"),
          }));
        });
        const nothing = "nobody is to be entered: who belongs into the list is there";
        return { steps, about: { json: { season: season.season }, text: steps.length === 0 ? nothing : "" } };
      }),
    );
  },
};
