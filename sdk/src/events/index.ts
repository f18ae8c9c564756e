export {
  bondAddedEvent,
  bondWithdrawnEvent,
  exitAnnouncedEvent,
  minBondChangedEvent,
  type BondAdded,
  type BondWithdrawn,
  type ExitAnnounced,
  type MinBondChanged,
} from "./bond.js";
export {
  awardsPaidEvent,
  bootstrapReleasedEvent,
  providersEnteredEvent,
  ranksAwardedEvent,
  seasonClosedEvent,
  type AwardsPaid,
  type BootstrapReleased,
  type ProvidersEntered,
  type RanksAwarded,
  type SeasonClosed,
} from "./bootstrap.js";
export {
  debitedEvent,
  debitsAttestedEvent,
  debtAbsorbedEvent,
  debtBookedEvent,
  type Debited,
  type DebitsAttested,
  type DebtChanged,
} from "./debits.js";
export {
  operationCanceledEvent,
  operationScheduledEvent,
  registryTokenRescuedEvent,
  routerSetChangedEvent,
  tokenRescuedEvent,
  type OperationCanceled,
  type OperationScheduled,
  type RouterSetChanged,
  type TokenRescued,
} from "./governance.js";
export { attestationsPausedEvent, pauseRearmedEvent, type AttestationsPaused } from "./pause.js";
export {
  metadataChangedEvent,
  ownerChangedEvent,
  ownerProposedEvent,
  payoutChangedEvent,
  payoutProposedEvent,
  possessionRecordedEvent,
  type AddressChanged,
  type ChangeProposed,
  type MetadataChanged,
  type PossessionRecorded,
} from "./provider.js";
export { roleGrantedEvent, roleRevokedEvent, type RoleChanged } from "./roles.js";
export {
  slashExecutedEvent,
  slashPostedEvent,
  slashVetoedEvent,
  type SlashExecuted,
  type SlashPosted,
  type SlashVetoed,
} from "./slash.js";
export { attestationsVetoedEvent, type AttestationsVetoed } from "./vetoed.js";
export { attestedEvent, deltasById, type Attested } from "./attested.js";
export {
  claimedEvent,
  paymentFailedEvent,
  unpackPayments,
  type Claimed,
  type Payment,
  type PaymentFailed,
} from "./claimed.js";
export type { EventDecoder, EventLog, EventReceipt } from "./define.js";
export { providerRegisteredEvent, type ProviderMetadata, type ProviderRegistered } from "./providerRegistered.js";
export { arrivalBookedEvent, dayOpenedEvent, type ArrivalBooked, type DayOpened } from "./reserve.js";
