import { contractError } from "./define.js";

/** Names of `IProviderRegistry.SlashState`, in its order. */
const STATES = ["not known", "pending", "executed", "vetoed"] as const;

/** A slash order has expired. */
export class RegistrySlashExpired extends contractError("RegistrySlashExpired", {
  say: ({ deadline, timestamp }) => `slash order could be posted until ${deadline}, the chain is at ${timestamp}`,
  next: "Have the quorum sign the order again with a later deadline.",
  retry: "no",
}) {}

/** A slash order takes nothing. */
export class RegistrySlashEmpty extends contractError("RegistrySlashEmpty", {
  say: ({ eventId }) => `slash order of event ${eventId} takes 0 wei`,
  next: "Order an amount above 0.",
  retry: "no",
}) {}

/** The slash of this event is not in the state that this needs. */
export class RegistrySlashState extends contractError("RegistrySlashState", {
  say: ({ eventId, state }) => `slash of event ${eventId} is ${STATES[Number(state)] ?? `in state ${state}`}`,
  next: "Post an order for each event once; veto or execute it while it is pending.",
  retry: "no",
}) {}
