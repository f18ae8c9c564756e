export { alarmOf, type Alarm } from "./alarms.js";
export { readQuorum, type ReadQuorum } from "./readQuorum.js";
export { readSignatures } from "./readSignatures.js";
export { verifyAttestation, type AttestationReview, type VerifyContext } from "./verifyAttestation.js";
export { WATCH_EVENTS, type WatchEvent } from "./watchEvents.js";
export { createWatcher, watch, type Watcher } from "./watcher.js";
export type { WatchedAttestation, WatchOptions, WatchStep } from "./watchSteps.js";
export type { WatchSnapshot } from "./watchSnapshot.js";
