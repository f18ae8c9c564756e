import * as sdk from "@yellowstone-compute/sdk";
import { playSeasons, type ModelRoot, type ModelSeason } from "../bootstrap/model.js";
import { award, book, releaseBootstrap, reserve, rollDay, settle, type Books } from "@yellowstone-compute/sdk/reserve";
import { ACTIVATION_DELAY, attestationOf, deployWithProviders, networkHelpers, type SuiteOptions } from "./fixture.js";

export const SEASON = 3_600;
export const ENTRY = 1_200;
const UMOR = 10n ** 12n;
/** A whole number of wei a second. */
const DAILY_MOR = 3_456n;
const WEI_PER_SECOND = (DAILY_MOR * 10n ** 18n) / 86_400n;

/** A deployment with seasons, and beside it what the plain model says of it. */
export class SeasonWorld {
  tree = sdk.LedgerTree.empty();
  readonly roots: ModelRoot[] = [];
  /** What the pool had taken from arrivals when each season was closed. */
  readonly accruedWei: bigint[] = [];
  /** The SDK's twin of the contract's books. */
  books: Books;
  readonly #skipped = new Set<number>();
  #accruedWei = 0n;

  private constructor(
    readonly d: sdk.Deployment,
    readonly suite: Awaited<ReturnType<typeof deployWithProviders>>,
    readonly window: sdk.BootstrapWindow,
    readonly providers: number,
    opened: Books,
  ) {
    this.books = opened;
  }

  static async deploy(providers: number, seasons: number, options: SuiteOptions = {}): Promise<SeasonWorld> {
    const length = seasons * SEASON - 600;
    const window = { inSeconds: 3_000, length, seasonLength: SEASON, entryWindow: ENTRY };
    const suite = await deployWithProviders(providers, { window, dailyMor: DAILY_MOR, ...options });
    return new SeasonWorld(suite.d, suite, suite.d.bootstrapWindow!, providers, await readBooks(suite.d));
  }

  /** Credit providers; the root counts for the season in which it becomes active. */
  async attest(deltas: sdk.Deltas): Promise<sdk.AttestationOutcome> {
    const { post, after } = await attestationOf(this.d, this.tree, deltas);
    const { outcome, receipt } = await sdk.postAttestation.sendAndWait(this.d, post);
    await this.#book(receipt);
    this.books = reserve(this.books, outcome.creditedUMor);
    this.tree = after;
    const lanes = Array.from({ length: this.providers }, (_, id) => after.lane(id));
    this.roots.push({ seq: outcome.seq, activeAt: outcome.activeAt, lanes });
    return outcome;
  }

  /** MOR reach the contract and are booked. */
  async arrive(amountWei: bigint): Promise<void> {
    await this.suite.token.mint(this.d.addresses.compute, amountWei);
    const { receipt } = await sdk.intake.sendAndWait(this.d, {});
    await this.#book(receipt);
  }

  async close(season: sdk.Season): Promise<sdk.SeasonClosing> {
    const { outcome, receipt } = await sdk.closeSeason.sendAndWait(this.d, {
      season: season.season,
      list: season.list,
    });
    await this.#book(receipt);
    this.books = award(this.books, wei(outcome.sharesUMor));
    if (outcome.released !== undefined) this.books = releaseBootstrap(this.books);
    this.accruedWei.push(this.#accruedWei);
    return outcome;
  }

  /** Pay ranks of a closed season, from 0; all that have no award without them. */
  async award({ season, list }: sdk.Season, ranks?: number[]): Promise<sdk.AwardOutcome> {
    const args = ranks === undefined ? { season, list } : { season, list, ranks };
    const { outcome } = await sdk.awardSeason.sendAndWait(this.d, args);
    this.books = settle(this.books, wei(outcome.paidUMor));
    return outcome;
  }

  /** Go to a moment, if it is still ahead. */
  async to(at: bigint): Promise<void> {
    if (at > BigInt(await networkHelpers.time.latest())) await networkHelpers.time.increaseTo(at);
  }

  /** Go to `seconds` behind the end of a season. */
  async toEndOf(season: bigint, seconds = 0): Promise<void> {
    await this.to(sdk.seasonBounds(this.window, season).endAt + BigInt(seconds));
  }

  /** A season's two ledgers, from the events of the chain. */
  async ledgersOf(season: sdk.Season): Promise<[sdk.LedgerTree, sdk.LedgerTree]> {
    const { before, after } = await sdk.readSeasonLedgers(this.d, season);
    return [before, after];
  }

  /** Nobody was entered into this season. */
  skip(season: number): void {
    this.#skipped.add(season);
  }

  /** Every season, by the model; only those that were closed can be asked for. */
  model(): ModelSeason[] {
    const { startAt, endAt, seasonSeconds } = this.window;
    const lastWei = this.accruedWei[this.accruedWei.length - 1] ?? 0n;
    return playSeasons(
      { startAt, endAt, length: seasonSeconds },
      this.roots,
      (t) => t * WEI_PER_SECOND,
      (season) => this.accruedWei[season] ?? lastWei,
      (season) => !this.#skipped.has(season),
    );
  }

  /** Every booking gives the pool first what it lacks at that moment: compared with what the contract says it gave. */
  async #book(receipt: { blockNumber: number; hash: string; logs: readonly sdk.EventLog[] }): Promise<void> {
    const { timestamp } = (await this.d.provider.getBlock(receipt.blockNumber))!;
    this.books = rollDay(this.books, sdk.dayAt(timestamp, this.d.emissionStart), DAILY_MOR * 10n ** 18n);
    for (const { amountWei, bootstrapShareWei } of sdk.arrivalBookedEvent.all(receipt, this.d.addresses.compute)) {
      const { startAt, endAt } = this.window;
      const at = BigInt(timestamp) < endAt ? BigInt(timestamp) : endAt;
      const targetWei = at > startAt ? ((at - startAt) * WEI_PER_SECOND) / 10n : 0n;
      const lackWei = targetWei > this.#accruedWei ? targetWei - this.#accruedWei : 0n;
      const dueWei = amountWei < lackWei ? amountWei : lackWei;
      if (bootstrapShareWei !== dueWei) throw new Error(`the pool took ${bootstrapShareWei} wei, due were ${dueWei}`);
      this.#accruedWei += dueWei;
      this.books = book(this.books, amountWei, lackWei);
    }
  }
}

/** The contract's books as they stand. */
export async function readBooks({ compute }: sdk.Deployment): Promise<Books> {
  return {
    unusedWei: await compute.unusedWei(),
    owedWei: await compute.owedWei(),
    freshWei: await compute.freshWei(),
    openingWei: await compute.openingWei(),
    attestedUMor: await compute.attestedUMor(),
    attestedAtOpeningUMor: await compute.attestedAtOpeningUMor(),
    day: await compute.day(),
    scheduledTodayWei: await compute.scheduledTodayWei(),
    bootstrapWei: await compute.bootstrapWei(),
    bootstrapAccruedWei: await compute.bootstrapAccruedWei(),
  };
}

/** Seconds after which an attestation posted now is active. */
export const ACTIVATION = ACTIVATION_DELAY;
/** Wei of uMOR. */
export const wei = (amountUMor: bigint) => amountUMor * UMOR;
