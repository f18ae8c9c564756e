import { closeSeason } from "../../actions/closeSeason.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import type { Command } from "../command.js";
import { WRITE_OPTIONS, perform, stepOf } from "../perform.js";
import { SEASON_OPTION, readNamedSeason } from "../seasons.js";
import { amountJson, mor, morOfUMor, uMorJson } from "../words.js";

/** `yellowstone season close`: the pool of a season is fixed. */
export const seasonClose: Command = {
  about:
    "Anyone may, any time after the entry window; seasons are closed in order, and when does not change what is shared.",
  options: { ...SEASON_OPTION, ...CHAIN_OPTIONS, ...WRITE_OPTIONS },
  examples: ["season close --keystore any.json --yes", "season close --season 2 --dry-run"],
  run: (context) =>
    withChain(context, ({ d }) =>
      perform(context, d, async () => {
        const { season, list } = await readNamedSeason(context, d, (_at, next) => next);
        const title = `close season ${season} with ${list.length} providers in its list`;
        const step = stepOf(closeSeason, { season, list }, title, ({ poolUMor, sharesUMor, released }) => ({
          json: {
            season,
            ...uMorJson("pool", poolUMor),
            ...uMorJson("shares", sharesUMor),
            ...(released === undefined ? {} : amountJson("released", released.amountWei)),
          },
          text:
            `season ${season} is closed: ${morOfUMor(sharesUMor)} of a pool of ${morOfUMor(poolUMor)} are shared` +
            (released === undefined ? "" : `; ${mor(released.amountWei)} became free behind the last season`),
        }));
        return { steps: [step], about: { json: { season }, text: "" } };
      }),
    ),
};
