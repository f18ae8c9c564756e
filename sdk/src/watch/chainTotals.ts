import type { EventStep, FollowedEvent } from "../actions/followEvents.js";
import { awardsPaidEvent } from "../events/bootstrap.js";
import { claimedEvent, paymentFailedEvent } from "../events/claimed.js";
import { debitedEvent } from "../events/debits.js";
import { arrivalBookedEvent } from "../events/reserve.js";
import type { UnixSeconds } from "../units/brands.js";
import { WATCH_EVENTS } from "./watchEvents.js";

/** The events that are counted: those of a guardian, and those that move MOR. */
export const COUNTED_EVENTS = {
  ...WATCH_EVENTS,
  claimed: claimedEvent,
  awardsPaid: awardsPaidEvent,
  paymentFailed: paymentFailedEvent,
  debited: debitedEvent,
  arrivalBooked: arrivalBookedEvent,
} as const;

/** Name of an event that is counted. */
export type CountedEvent = keyof typeof COUNTED_EVENTS;

/** How often an event happened, and what it moved in sum: uMOR, wei for arrivals, 0 where nothing is moved. */
export interface EventTotal {
  readonly count: number;
  readonly amount: bigint;
}

interface Entry {
  readonly blockNumber: number;
  readonly name: CountedEvent;
  readonly amount: bigint;
  /** When the last attestation before this event was active. */
  readonly activeAtBefore: UnixSeconds | undefined;
}

/** Counts the events of a deployment from its beginning, right through reorganisations. Pure. */
export class ChainTotals {
  readonly #totals = new Map<CountedEvent, EventTotal>();
  /** What a reorganisation can still take back, oldest first. */
  #recent: Entry[] = [];
  #reorgs = 0;
  #activeAt: UnixSeconds | undefined;
  #lastBlock = -1;

  /** Reorganisations that were met. */
  get reorgs(): number {
    return this.#reorgs;
  }

  /** Number of the last block that was read; -1 before the first. */
  get lastBlock(): number {
    return this.#lastBlock;
  }

  /** From when the attestation that was accepted last is active; undefined before the first. */
  get lastActiveAt(): UnixSeconds | undefined {
    return this.#activeAt;
  }

  /** What is known of an event. */
  of(name: CountedEvent): EventTotal {
    return this.#totals.get(name) ?? { count: 0, amount: 0n };
  }

  /** Take one step of `followEvents` over `COUNTED_EVENTS`. */
  take(step: EventStep<FollowedEvent<typeof COUNTED_EVENTS>>): void {
    this.#lastBlock = step.end.blockNumber;
    if (step.kind === "steppedBack") {
      this.#reorgs++;
      const kept = this.#recent.filter(({ blockNumber }) => blockNumber <= step.end.blockNumber);
      const dropped = this.#recent.slice(kept.length);
      for (const entry of dropped) this.#add(entry, -1);
      if (dropped[0] !== undefined) this.#activeAt = dropped[0].activeAtBefore;
      this.#recent = kept;
      return;
    }
    if (step.kind === "events") {
      for (const event of step.events) {
        const { blockNumber, name } = event;
        const entry = { blockNumber, name, amount: amountOf(event), activeAtBefore: this.#activeAt };
        if (name === "attested") this.#activeAt = event.value.activeAt;
        this.#add(entry, 1);
        this.#recent.push(entry);
      }
    }
    const oldest = step.cursor.marks[0]?.blockNumber ?? -1;
    this.#recent = this.#recent.filter(({ blockNumber }) => blockNumber > oldest);
  }

  #add({ name, amount }: Entry, sign: 1 | -1): void {
    const before = this.of(name);
    this.#totals.set(name, { count: before.count + sign, amount: before.amount + BigInt(sign) * amount });
  }
}

function amountOf(event: FollowedEvent<typeof COUNTED_EVENTS>): bigint {
  switch (event.name) {
    case "claimed":
    case "awardsPaid":
      return event.value.paidUMor;
    case "debited":
    case "paymentFailed":
      return event.value.amountUMor;
    case "attested":
      return event.value.creditedUMor;
    case "vetoed":
      return event.value.releasedUMor;
    case "arrivalBooked":
      return event.value.amountWei;
    case "slashExecuted":
      return event.value.takenWei;
    default:
      return 0n;
  }
}
