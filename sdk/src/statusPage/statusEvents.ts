import type { FollowedEvent } from "../actions/followEvents.js";
import { bootstrapReleasedEvent, providersEnteredEvent, ranksAwardedEvent } from "../events/bootstrap.js";
import { debitsAttestedEvent } from "../events/debits.js";
import { attestationsPausedEvent } from "../events/pause.js";
import { metadataChangedEvent } from "../events/provider.js";
import { providerRegisteredEvent } from "../events/providerRegistered.js";
import { arrivalBookedEvent, dayOpenedEvent } from "../events/reserve.js";
import { LEDGER_EVENTS, type LedgerEvent } from "../provider/ledgerEvents.js";

/** All that a status page hears of the chain: the ledger's events, and those of pool, seasons, pause and names. */
export const STATUS_EVENTS = {
  ...LEDGER_EVENTS,
  dayOpened: dayOpenedEvent,
  arrivalBooked: arrivalBookedEvent,
  bootstrapReleased: bootstrapReleasedEvent,
  debitsAttested: debitsAttestedEvent,
  providersEntered: providersEnteredEvent,
  ranksAwarded: ranksAwardedEvent,
  registered: providerRegisteredEvent,
  metadataChanged: metadataChangedEvent,
  paused: attestationsPausedEvent,
} as const;

/** One of them, with its place on the chain. */
export type StatusEvent = FollowedEvent<typeof STATUS_EVENTS>;

/** Tell whether an event is one of the ledger. */
export function isLedgerEvent(event: StatusEvent): event is StatusEvent & LedgerEvent {
  return event.name in LEDGER_EVENTS;
}
