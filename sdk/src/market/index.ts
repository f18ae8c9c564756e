export {
  createBidBook,
  type BidBook,
  type BidBookOptions,
  type BidBookSnapshot,
  type BidTimer,
  type PriceRange,
  type SeatSnapshot,
  type StandingBid,
} from "./bidBook.js";
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
export { createRfcQueue, type ArrivedRfc, type QueuedRfc, type RfcQueue, type RfcQueueSnapshot } from "./rfcQueue.js";
export { tieKey } from "./tie.js";
