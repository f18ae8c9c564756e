export {
  CHAIN_LIMITS,
  buildAttestation,
  type AttestationDraft,
  type AttestationOptions,
  type ChainLimits,
  type Head,
} from "./attestation.js";
export { buildBlock, mergeBlocks, requireLinked, type ClosedBlock, type EarnedReport } from "./blocks.js";
export { MAX_DEBITS, debitsHash, packDebits, unpackDebits, type Debit } from "./debits.js";
export { fitAllowance, type Fit, type FitLimits, type LifetimeWei } from "./fit.js";
export { verifyReportProof, type ProvenReport } from "./reportProof.js";
export {
  proveReport,
  reportAt,
  reportsRoot,
  totalWei,
  type ReportEntry,
  type ReportProof,
  type SumNode,
} from "./reports.js";
export { buildClaim, packClaim } from "./claim.js";
export { claimedIds, packProven, splitClaim, splitProven, unpackClaim, type ProvenRange } from "./claimParts.js";
export {
  packHeader,
  packLanes,
  payloadBytes,
  unpackDeltas,
  unpackLanes,
  type DeltaRange,
  type Range,
} from "./packing.js";
export { UPDATE_COST, planClaim, planUpdate, updateGas, type ClaimRange, type RangeCost } from "./plan.js";
export { LedgerTree, type Deltas } from "./tree.js";
export { buildUpdate, type LedgerUpdate, type Widths } from "./update.js";
export { DELTA_BITS_MAX, LANE_BITS_MAX, MAX_PROVIDERS, MAX_WORDS, laneOf, ledgerId, wordOf } from "./words.js";
