import {
  DAY_SECONDS,
  ReserveAllowanceExceeded,
  WEI_PER_UMOR,
  dayAt,
  linearDecrease,
  scheduledWei,
} from "@yellowstone-compute/sdk";
import { allowance, book, budget, drawnToday, openBooks, reserve, rollDay } from "@yellowstone-compute/sdk/reserve";
import type { Books } from "@yellowstone-compute/sdk/reserve";
import type { GuardScenario, GuardState } from "../vectorsFile.js";
import type { GuardSide } from "./guard.js";
import { nameOf } from "./tally.js";

/** The SDK's books under a scenario: the rules of `Reserve` around them are the few lines here. */
export class GuardTwin implements GuardSide {
  readonly side = "sdk";
  readonly #scheduled: (day: bigint) => bigint;
  readonly #dayAt: (at: bigint) => bigint;
  #now: bigint;
  #arrivedWei = 0n;
  #books: Books;

  private constructor({ initialWei, decreaseWei, startAt, deployedAt }: GuardScenario) {
    const schedule = linearDecrease({ initialWei, decreaseWei, startAt, intervalSeconds: BigInt(DAY_SECONDS) });
    this.#scheduled = (day) => scheduledWei(schedule, day);
    this.#dayAt = (at) => dayAt(at, startAt);
    this.#now = deployedAt;
    this.#books = openBooks(this.#dayAt(deployedAt), this.#scheduled(this.#dayAt(deployedAt)));
  }

  static open(this: void, scenario: GuardScenario): GuardSide {
    return new GuardTwin(scenario);
  }

  arrive(amountWei: bigint): void {
    this.#arrivedWei += amountWei;
  }

  warp(to: bigint): void {
    this.#now = to;
  }

  intake(): string | undefined {
    this.#bookInto(this.#rolled());
    return undefined;
  }

  /** Rolls the day first; books arrivals only when the books do not suffice; what is refused changes nothing. */
  attest(creditedUMor: bigint): string | undefined {
    if (creditedUMor === 0n) return "an attestation without credit is refused";
    const rolled = this.#rolled();
    const short = creditedUMor * WEI_PER_UMOR > allowance(rolled);
    try {
      const reserved = reserve(short ? book(rolled, this.#arrivedWei) : rolled, creditedUMor);
      if (short) this.#arrivedWei = 0n;
      this.#books = reserved;
      return undefined;
    } catch (error) {
      if (error instanceof ReserveAllowanceExceeded) return nameOf(error);
      throw error;
    }
  }

  state(): GuardState {
    const { day, unusedWei, freshWei, owedWei, openingWei } = this.#books;
    return {
      day,
      unusedWei,
      freshWei,
      owedWei,
      openingWei,
      drawnTodayWei: drawnToday(this.#books),
      budgetWei: budget(this.#books),
      allowanceWei: allowance(this.#books),
    };
  }

  close(): void {}

  #rolled(): Books {
    const today = this.#dayAt(this.#now);
    return rollDay(this.#books, today, this.#scheduled(today));
  }

  #bookInto(books: Books): void {
    this.#books = book(books, this.#arrivedWei);
    this.#arrivedWei = 0n;
  }
}
