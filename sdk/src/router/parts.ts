import type { Hash32 } from "../units/index.js";
import type { Committer } from "./inputs.js";
import type { Identity } from "./matching.js";
import type { RouterState } from "./state.js";

/** What a quorum of the set in force is, for drafts. */
export interface QuorumShape {
  readonly routerSet: Hash32;
  readonly quorumBytes: number;
}

/** What a router is put together from, once its options are checked. */
export interface RouterParts {
  readonly self: Identity;
  readonly quorum: QuorumShape;
  readonly state: RouterState;
  readonly committer: Committer;
}
