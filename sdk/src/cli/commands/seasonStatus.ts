import { explainSeason } from "../../actions/explainSeason.js";
import { seasonStatus } from "../../actions/seasonStatus.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import { EXIT, type Command } from "../command.js";
import { SEASON_OPTION, seasonJson, seasonOf } from "../seasons.js";
import { uMorJson } from "../words.js";

/** `yellowstone season status`: a provider's place. */
export const seasonStatusCommand: Command = {
  about: "Says in words how a provider stands, what it would be paid and what is to be done. Shares never expire.",
  options: { id: { value: "N", about: "the provider" }, ...SEASON_OPTION, ...CHAIN_OPTIONS },
  examples: ["season status --id 4", "season status --id 4 --season 2 --json"],
  run(context) {
    const id = context.args.needId("id");
    const season = seasonOf(context);
    return withChain(context, async ({ d }) => {
      context.print.progress("reading the ledgers of the season");
      const found = await seasonStatus(d, id, season === undefined ? {} : { season });
      const { rank, weightUMor, shareUMor, toEnterUMor, toRiseUMor } = found.standing;
      const json = {
        id,
        ...seasonJson(found.season),
        phase: found.phase,
        competing: found.competing,
        rank: rank === undefined ? null : rank + 1,
        ...uMorJson("weight", weightUMor),
        ...uMorJson("pool", found.poolUMor),
        ...uMorJson("share", shareUMor),
        ...uMorJson("toEnter", toEnterUMor),
        ...(toRiseUMor === undefined ? {} : uMorJson("toRise", toRiseUMor)),
        entered: found.entered,
        awarded: found.awarded,
      };
      context.print.result(json, explainSeason(found));
      return EXIT.done;
    });
  },
};
