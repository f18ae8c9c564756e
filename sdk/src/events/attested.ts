import { computeContractAbi } from "../abi/computeContract.js";
import { hexToBytes } from "../crypto/hex.js";
import { unpackDeltas, type DeltaRange } from "../ledger/packing.js";
import type { Hash32, UMor, UnixSeconds } from "../units/brands.js";
import { LANES_PER_WORD } from "../units/constants.js";
import { defineEvent } from "./define.js";

/** An attestation was accepted; it is pending until `activeAt` (design 6). */
export interface Attested {
  readonly seq: bigint;
  readonly newRoot: Hash32;
  /** Sum of its deltas. */
  readonly creditedUMor: UMor;
  /** Lifetime credits after it. */
  readonly attestedUMor: UMor;
  readonly debitsHash: Hash32;
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly reportsRoot: Hash32;
  readonly activeAt: UnixSeconds;
  /** Its deltas, range by range: apply them one after the other. */
  readonly deltas: readonly DeltaRange[];
}

/** Reads `Attested`. */
export const attestedEvent = defineEvent<Attested>("compute", computeContractAbi, "Attested", (args) => ({
  seq: args["seq"] as bigint,
  newRoot: args["newRoot"] as Hash32,
  creditedUMor: args["creditedUMor"] as UMor,
  attestedUMor: args["attestedUMor"] as UMor,
  debitsHash: args["debitsHash"] as Hash32,
  firstBlock: args["firstBlock"] as bigint,
  lastBlock: args["lastBlock"] as bigint,
  reportsRoot: args["reportsRoot"] as Hash32,
  activeAt: args["activeAt"] as UnixSeconds,
  deltas: unpackDeltas(hexToBytes(args["deltas"] as string)),
}));

/** Sum the deltas of an attestation by provider; zeros are left out. */
export function deltasById(deltas: readonly DeltaRange[]): Map<number, bigint> {
  const byId = new Map<number, bigint>();
  for (const { firstWord, lanes } of deltas) {
    lanes.forEach((delta, i) => {
      const id = firstWord * LANES_PER_WORD + i;
      if (delta !== 0n) byId.set(id, (byId.get(id) ?? 0n) + delta);
    });
  }
  return byId;
}
