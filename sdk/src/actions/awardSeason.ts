import { hexlify } from "ethers";
import { packList } from "../bootstrap/list.js";
import { ALL_RANKS, ranksMask } from "../bootstrap/ranks.js";
import { awardsPaidEvent, ranksAwardedEvent } from "../events/bootstrap.js";
import { paymentFailedEvent, type Payment, type PaymentFailed } from "../events/claimed.js";
import type { UMor, Wei } from "../units/brands.js";
import type { SeasonList } from "./closeSeason.js";
import { defineWrite } from "./write.js";

/** A closed season, its list, and whom to pay. */
export interface SeasonAward extends SeasonList {
  /** Ranks from 0; everyone that has no award yet without them. */
  readonly ranks?: Iterable<number>;
}

/** Who has its award since this call, what was paid, and who could not be paid. */
export interface AwardOutcome {
  /** Ranks from 0. */
  readonly ranks: readonly number[];
  readonly paidUMor: UMor;
  /** Debts are netted: what is paid may be less than the share. */
  readonly payments: readonly Payment[];
  readonly failed: readonly PaymentFailed[];
}

/**
 * Pay the shares of a closed season (design 9), all or some ranks. Anyone may: each provider is paid at its own payout
 * address. Shares never expire. Returns the sum in wei.
 *
 * @throws BootstrapSeasonNotClosed, BootstrapListStale, BootstrapNothingDue
 */
export const awardSeason = defineWrite<SeasonAward, Wei, AwardOutcome>({
  verb: "awardSeason",
  contract: "bootstrap",
  method: "award",
  params: (_, { season, list, ranks }) => [
    season,
    hexlify(packList(list)),
    ranks === undefined ? ALL_RANKS : ranksMask(ranks),
  ],
  returned: (result) => result[0] as Wei,
  outcome: (d, receipt) => {
    const paid = awardsPaidEvent.all(receipt, d.addresses.compute);
    return {
      ranks: ranksAwardedEvent.all(receipt, d.addresses.bootstrap).flatMap(({ ranks }) => ranks),
      paidUMor: paid.reduce((sum, { paidUMor }) => sum + paidUMor, 0n) as UMor,
      payments: paid.flatMap(({ payments }) => payments),
      failed: paymentFailedEvent.all(receipt, d.addresses.compute),
    };
  },
});
