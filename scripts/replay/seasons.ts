import {
  CHAIN_LIMITS,
  awardSeason,
  closeSeason,
  enterSeason,
  planEntries,
  rankSeason,
  readSeason,
  readSeasonLedgers,
  seasonBounds,
  seasonCount,
  type BootstrapWindow,
  type Season,
} from "@yellowstone-compute/sdk";
import type { ReplayChain } from "./chain.js";
import type { Timeline } from "./events.js";
import type { ReplayRecords } from "./records.js";
import type { Accounts } from "./settlement.js";

/** The seasons of the bootstrap pool: MOR arrive when one ends, everyone is entered, then it is closed and awarded. */
export class Seasons {
  constructor(
    private readonly chain: ReplayChain,
    private readonly accounts: Accounts,
    private readonly timeline: Timeline,
    private readonly records: ReplayRecords,
    private readonly arrive: (season: bigint) => Promise<void>,
  ) {}

  /** Plan what happens with every season of a window; gives the moment of the last. */
  begin(window: BootstrapWindow): bigint {
    let lastAt = window.endAt;
    for (let season = 0n; season < seasonCount(window); season++) {
      const { endAt, entryEndAt } = seasonBounds(window, season);
      this.timeline.plan(endAt * 1_000n, async () => {
        await this.arrive(season);
        await this.#enter(season);
      });
      this.timeline.plan(entryEndAt * 1_000n, async () => {
        await this.chain.advanceTo(entryEndAt);
        await this.#closeAndAward(season);
      });
      lastAt = entryEndAt;
    }
    return lastAt;
  }

  /** The relayer ranks the season by its two ledgers, both rebuilt from events, and enters the best. */
  async #enter(season: bigint): Promise<void> {
    const { relayer } = this.accounts;
    const ended = await readSeason(relayer, season);
    const { before, after } = await readSeasonLedgers(relayer, ended);
    const ids = rankSeason(before, after).entries.map(({ id }) => id);
    for (const call of planEntries(before, after, ids, { list: ended.list, limits: CHAIN_LIMITS.geth })) {
      await this.chain.transact(() => enterSeason.sendAndWait(relayer, { season, ...call }));
    }
  }

  async #closeAndAward(season: bigint): Promise<void> {
    const { relayer, claimer } = this.accounts;
    const { list } = await readSeason(relayer, season);
    await this.chain.transact(() => closeSeason.sendAndWait(relayer, { season, list }));
    const closed = await readSeason(claimer, season);
    const paid = list.length === 0 ? new Map<bigint, bigint>() : await this.#award(closed);
    this.records.seasons.push({
      season,
      endAt: closed.endAt,
      poolUMor: closed.poolUMor,
      ranks: closed.shares.map(({ id, weightUMor, shareUMor }) => ({
        provider: Number(id),
        weightUMor,
        shareUMor,
        paidUMor: paid.get(id) ?? 0n,
      })),
    });
  }

  /** Give what everyone was paid. */
  async #award({ season, list }: Season): Promise<Map<bigint, bigint>> {
    const { outcome } = await this.chain.transact(() =>
      awardSeason.sendAndWait(this.accounts.claimer, { season, list }),
    );
    this.records.steps.push({ kind: "award", season });
    return new Map(outcome.payments.map(({ id, amountUMor }) => [id, amountUMor]));
  }
}
