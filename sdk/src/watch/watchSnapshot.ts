import type { EventCursor } from "../actions/followEvents.js";
import type { StandingAttestation } from "../provider/attestations.js";
import type { Line } from "../quorum/line.js";
import type { Replica } from "../quorum/replica.js";
import type { WatchFacts } from "./watchBooks.js";

/** What a watcher knows, as plain maps, sets, bigints and texts: keep it where nobody else can write, it is believed. */
export interface WatchSnapshot {
  readonly cursor: EventCursor;
  /** Where each router stands. */
  readonly replicas: readonly Replica[];
  readonly line: Line;
  readonly attestations: {
    readonly lastSeq: bigint;
    readonly activeSeq: bigint;
    /** Lanes at the last active attestation, in uMOR by provider. */
    readonly lanes: readonly bigint[];
    readonly pending: readonly StandingAttestation[];
  };
  readonly facts: WatchFacts;
}
