import { awardSeason } from "../../actions/awardSeason.js";
import { InvalidField } from "../../errors/input.js";
import { CHAIN_OPTIONS, withChain } from "../chain.js";
import type { Command, Context } from "../command.js";
import type { Season } from "../../actions/readSeason.js";
import { WRITE_OPTIONS, perform, stepOf } from "../perform.js";
import { SEASON_OPTION, readNamedSeason } from "../seasons.js";
import { morOfUMor, uMorJson } from "../words.js";

/** `yellowstone season award`: shares of a closed season are paid. */
export const seasonAward: Command = {
  about:
    "Anyone may, at any time: each provider is paid at its own payout address, its debt netted. Shares never expire.",
  options: {
    id: { value: "N", about: "a provider, or several as 4,7,9; everyone without it", isMany: true },
    ...SEASON_OPTION,
    ...CHAIN_OPTIONS,
    ...WRITE_OPTIONS,
  },
  examples: ["season award --season 2 --keystore any.json --yes", "season award --season 2 --id 4 --dry-run"],
  run: (context) =>
    withChain(context, ({ d }) =>
      perform(context, d, async () => {
        const season = await readNamedSeason(context, d, (_at, next) => next - 1n);
        const ranks = ranksOf(context, season);
        const open = (ranks ?? season.shares.map((_, rank) => rank)).filter((rank) => !season.awarded.includes(rank));
        const sum = open.reduce((total, rank) => total + (season.shares[rank]?.shareUMor ?? 0n), 0n);
        const title = `pay ${morOfUMor(sum)} of season ${season.season} to ${open.length} providers`;
        const args = { season: season.season, list: season.list, ...(ranks === undefined ? {} : { ranks }) };
        const step = stepOf(awardSeason, args, title, ({ paidUMor, payments, failed }) => ({
          json: {
            season: season.season,
            ...uMorJson("paid", paidUMor),
            payments: payments.map(({ id, amountUMor }) => ({ id, ...uMorJson("amount", amountUMor) })),
            failed: failed.map(({ id, payout, amountUMor }) => ({ id, payout, ...uMorJson("amount", amountUMor) })),
          },
          text: [
            `paid ${morOfUMor(paidUMor)}`,
            ...payments.map(({ id, amountUMor }) => `  provider ${id}  ${morOfUMor(amountUMor)}`),
            ...failed.map(({ id, payout }) => `  provider ${id} cannot be paid at ${payout}: its share stays due`),
          ].join("\n"),
        }));
        return { steps: [step], about: { json: { season: season.season }, text: "" } };
      }),
    ),
};

/** Ranks of the providers that are named; undefined for all. @throws InvalidField for one that is not in the list */
function ranksOf({ args }: Context, { list, season }: Season): number[] | undefined {
  if (!args.flag("id")) return undefined;
  return args.needIds("id").map((id) => {
    const rank = list.findIndex((entry) => entry.id === id);
    if (rank < 0) throw new InvalidField("--id", `providers in the list of season ${season}`, id);
    return rank;
  });
}
