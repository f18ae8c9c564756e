import type { Hash32, UMor, UnixSeconds } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** The batched credits a quorum of routers signs and anyone posts (design 6). */
export interface Attestation {
  /** Last seq ever accepted + 1. */
  readonly seq: bigint;
  /** Root of the ledger before, which must be the head. */
  readonly previousRoot: Hash32;
  readonly newRoot: Hash32;
  /** Sum of the deltas in uMOR. */
  readonly credited: UMor;
  readonly debitsHash: Hash32;
  /** First inference block closed: the head's last + 1. */
  readonly firstBlock: bigint;
  /** Last inference block closed; firstBlock - 1 when none is. */
  readonly lastBlock: bigint;
  /** Commits to the reports this attestation pays. */
  readonly reportsRoot: Hash32;
  /** Digest of the router set and threshold in force. */
  readonly routerSet: Hash32;
  /** Last second in which it may be posted. */
  readonly deadline: UnixSeconds;
}

/** EIP-712 description of `Attestation`, signed by each router of the quorum. */
export const attestationMessage = defineMessage<Attestation>(
  "Attestation",
  [
    { name: "seq", type: "uint64" },
    { name: "previousRoot", type: "bytes32" },
    { name: "newRoot", type: "bytes32" },
    { name: "credited", type: "uint64" },
    { name: "debitsHash", type: "bytes32" },
    { name: "firstBlock", type: "uint64" },
    { name: "lastBlock", type: "uint64" },
    { name: "reportsRoot", type: "bytes32" },
    { name: "routerSet", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
  { deadline: "deadline" },
);
