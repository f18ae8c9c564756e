export { buildClaim, packClaim } from "./claim.js";
export {
  packHeader,
  packLanes,
  payloadBytes,
  unpackDeltas,
  unpackLanes,
  type DeltaRange,
  type Range,
} from "./packing.js";
export { UPDATE_COST, planClaim, planUpdate, type ClaimRange, type RangeCost } from "./plan.js";
export { LedgerTree, type Deltas } from "./tree.js";
export { buildUpdate, type LedgerUpdate, type Widths } from "./update.js";
export { DELTA_BITS_MAX, LANE_BITS_MAX, MAX_PROVIDERS, MAX_WORDS, laneOf, wordOf } from "./words.js";
