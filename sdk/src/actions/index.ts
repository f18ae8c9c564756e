export { acceptOwner } from "./acceptOwner.js";
export { addBond } from "./addBond.js";
export { announceExit } from "./announceExit.js";
export { applyPayout } from "./applyPayout.js";
export { archiveBalances, type ArchiveOptions } from "./archiveBalances.js";
export { awardSeason, type AwardOutcome, type SeasonAward } from "./awardSeason.js";
export { bookDebits, type DebitBooking } from "./bookDebits.js";
export { cancelCall, type CancelledCall } from "./cancelCall.js";
export { claim, claimFor, type ClaimArgs, type ClaimOutcome } from "./claim.js";
export { claimableOf, type Claimable } from "./claimableOf.js";
export { closeSeason, type SeasonClosing, type SeasonList } from "./closeSeason.js";
export { enterSeason, type SeasonEntering } from "./enterSeason.js";
export { explainSeason } from "./explainSeason.js";
export type { ChainSource } from "./dayBlock.js";
export { erc1271Reader } from "./erc1271Reader.js";
export { executeSlash } from "./executeSlash.js";
export { explainClaim } from "./explainClaim.js";
export {
  cursorAtDeployment,
  followEvents,
  type EventCursor,
  type EventDecoders,
  type EventStep,
  type FollowOptions,
  type FollowedEvent,
} from "./followEvents.js";
export type { BlockMark, TimedMark } from "./chainReader.js";
export { grantRole, type RoleGrant } from "./grantRole.js";
export { intake, type Intake } from "./intake.js";
export { pauseAttestations } from "./pauseAttestations.js";
export { postAttestation, type AttestationOutcome, type AttestationPost } from "./postAttestation.js";
export { postSlash, type SlashPost } from "./postSlash.js";
export { proposeOwner } from "./proposeOwner.js";
export { proposePayout } from "./proposePayout.js";
export { readAccount, type Account, type AccountLanes } from "./readAccount.js";
export { readAwards, type Award } from "./readAwards.js";
export { readEvents, type EventRange, type PlacedEvent } from "./readEvents.js";
export { readProvider, type PendingChange, type Provider } from "./readProvider.js";
export { readRoles, type RoleHolder, type RoleTable } from "./readRoles.js";
export { readRouterSet } from "./readRouterSet.js";
export { readSeason, type Season, type SeasonRoot } from "./readSeason.js";
export { readSeasonLedgers, type SeasonLedgers } from "./readSeasonLedgers.js";
export { readState, type ComputeState, type HeadState, type PoolState } from "./readState.js";
export { rearmPause } from "./rearmPause.js";
export { rebuildLedger, type LedgerPoint, type RebuildOptions } from "./rebuildLedger.js";
export { recordPossession, type Possession } from "./recordPossession.js";
export { approveBond, registerProvider, type Registration } from "./registerProvider.js";
export { removeRouter } from "./removeRouter.js";
export { rescueRegistryToken } from "./rescueRegistryToken.js";
export { rescueToken } from "./rescueToken.js";
export { resumeAttestations } from "./resumeAttestations.js";
export { revokeRole } from "./revokeRole.js";
export { scheduleCall, type Operation, type ScheduledCall } from "./scheduleCall.js";
export { seasonStatus, type SeasonStatus, type SeasonStatusOptions } from "./seasonStatus.js";
export type { SendOptions, SimulateOptions } from "./send.js";
export { setMetadata } from "./setMetadata.js";
export { setMinBond } from "./setMinBond.js";
export { setRouters } from "./setRouters.js";
export { transferIndex, type TransferIndex, type TransferIndexOptions } from "./transferIndex.js";
export { vetoAttestation } from "./vetoAttestation.js";
export { vetoSlash } from "./vetoSlash.js";
export type { WaitOptions } from "./wait.js";
export { withdrawBond } from "./withdrawBond.js";
export type { Mined, UnsignedCall, Write } from "./write.js";
