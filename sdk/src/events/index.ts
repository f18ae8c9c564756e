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
