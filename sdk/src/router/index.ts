export type { SignedSeq } from "./drafts.js";
export {
  OUTCOMES,
  type Judged,
  type Matched,
  type Outcome,
  type Queued,
  type Rejected,
  type Unreported,
  type Unserved,
} from "./outcomes.js";
export type { MatchEnd, RouterEvent, RouterObserver } from "./observer.js";
export { createPolicy, type AccessBudget, type RouterPolicy } from "./policy.js";
export { createRouter, type Router, type RouterFigures, type RouterOptions } from "./router.js";
export { MAX_ROUTERS, packQuorum, packRouterSet, routerSetDigest, type RouterSet, type RouterSetEntry } from "./set.js";
export { createRouterState, type RouterState } from "./state.js";
