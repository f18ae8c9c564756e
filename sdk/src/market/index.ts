export { createBidBook, type StandingBid, type BidBook, type BidBookOptions, type PriceRange } from "./bidBook.js";
export {
  afterJob,
  createFailureRecord,
  DEFAULT_FAILURE_PARAMS,
  GOOD_STANDING,
  type FailureParams,
  type FailureRecord,
  type JobOutcome,
  type Standing,
} from "./failures.js";
export { createIndexedHeap, type Compare, type HeapEntry, type IndexedHeap } from "./heap.js";
export { createRfcQueue, type QueuedRfc, type RfcQueue } from "./rfcQueue.js";
export { tieKey } from "./tie.js";
