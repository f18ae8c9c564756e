import type { FollowedEvent } from "../actions/followEvents.js";
import { attestedEvent } from "../events/attested.js";
import { debitsAttestedEvent } from "../events/debits.js";
import { operationCanceledEvent, operationScheduledEvent, routerSetChangedEvent } from "../events/governance.js";
import { attestationsPausedEvent, pauseRearmedEvent } from "../events/pause.js";
import { roleGrantedEvent, roleRevokedEvent } from "../events/roles.js";
import { slashExecutedEvent, slashPostedEvent, slashVetoedEvent } from "../events/slash.js";
import { attestationsVetoedEvent } from "../events/vetoed.js";

/** The events a guardian wants to know of. */
export const WATCH_EVENTS = {
  attested: attestedEvent,
  debitsAttested: debitsAttestedEvent,
  vetoed: attestationsVetoedEvent,
  paused: attestationsPausedEvent,
  pauseRearmed: pauseRearmedEvent,
  routersChanged: routerSetChangedEvent,
  slashPosted: slashPostedEvent,
  slashVetoed: slashVetoedEvent,
  slashExecuted: slashExecutedEvent,
  operationScheduled: operationScheduledEvent,
  operationCanceled: operationCanceledEvent,
  roleGranted: roleGrantedEvent,
  roleRevoked: roleRevokedEvent,
} as const;

/** One of them, with its place on the chain. */
export type WatchEvent = FollowedEvent<typeof WATCH_EVENTS>;
