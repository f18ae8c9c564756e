export { LEDGER_EVENTS, type LedgerEvent } from "./ledgerEvents.js";
export type { StandingAttestation } from "./attestations.js";
export type { BooksTotals, ProviderBooks } from "./books.js";
export type { HistoryEntry, HistoryEntryKind } from "./entries.js";
export { LedgerHistory, type LedgerAccount } from "./history.js";
export { historyAtDeployment, syncLedger, verifyAccounts, type LedgerStep, type SyncOptions } from "./syncLedger.js";
export { exportSnapshot, importSnapshot, type LedgerSnapshot } from "./snapshot.js";
export { CLAIM_COST, type ClaimCost, type ClaimFee } from "./claimCost.js";
export {
  planClaims,
  type ClaimBasis,
  type ClaimPlan,
  type ClaimTerms,
  type LeftOut,
  type PlannedClaim,
} from "./planClaims.js";
export { claimAll, type ClaimResult } from "./claimAll.js";
export {
  findMissingWork,
  publishedCredits,
  type HeldWork,
  type MissingKind,
  type MissingWork,
  type MissingWorkOptions,
} from "./missingWork.js";
export { seasonReminders, type ReminderOptions, type SeasonReminder } from "./reminders.js";
export { createProvider, type ProviderClient, type ProviderClientOptions, type Sending } from "./client.js";
