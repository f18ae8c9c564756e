import type { FollowedEvent } from "../actions/followEvents.js";
import { attestedEvent } from "../events/attested.js";
import { bondWithdrawnEvent } from "../events/bond.js";
import { awardsPaidEvent, seasonClosedEvent } from "../events/bootstrap.js";
import { claimedEvent, paymentFailedEvent } from "../events/claimed.js";
import { debitedEvent, debtAbsorbedEvent, debtBookedEvent } from "../events/debits.js";
import { attestationsVetoedEvent } from "../events/vetoed.js";

/** The events that make up what providers were credited, paid and owe (design 7). */
export const LEDGER_EVENTS = {
  attested: attestedEvent,
  vetoed: attestationsVetoedEvent,
  claimed: claimedEvent,
  paymentFailed: paymentFailedEvent,
  debited: debitedEvent,
  debtBooked: debtBookedEvent,
  debtAbsorbed: debtAbsorbedEvent,
  bondWithdrawn: bondWithdrawnEvent,
  seasonClosed: seasonClosedEvent,
  awardsPaid: awardsPaidEvent,
} as const;

/** One of them, with its place on the chain. */
export type LedgerEvent = FollowedEvent<typeof LEDGER_EVENTS>;
