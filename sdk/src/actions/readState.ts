import type { BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { ComputeLens } from "../generated/contracts/periphery/ComputeLens.js";
import type { Hash32, UMor, UnixSeconds, Wei } from "../units/brands.js";
import { blockOf, read } from "./read.js";

/** The pool as it would stand after an `intake` now (design 4). */
export interface PoolState {
  readonly day: bigint;
  /** Tokens the contract holds, booked or not. */
  readonly heldWei: Wei;
  readonly unusedWei: Wei;
  readonly owedWei: Wei;
  readonly bootstrapWei: Wei;
  /** Arrivals not yet used as emission room. */
  readonly freshWei: Wei;
  /** Free pool at the day's opening. */
  readonly openingWei: Wei;
  readonly scheduledWei: Wei;
  /** Reserved today. */
  readonly drawnWei: Wei;
  /** The day's room. */
  readonly budgetWei: Wei;
  /** What may still be reserved today. */
  readonly allowanceWei: Wei;
  /** Tokens held above the books: what an intake would book. */
  readonly unbookedWei: Wei;
}

/** What the next attestation continues, and what can be claimed from (design 6). */
export interface HeadState {
  readonly timestamp: UnixSeconds;
  readonly lastSeq: bigint;
  readonly headSeq: bigint;
  /** The last active attestation; 0 before the first. */
  readonly activeSeq: bigint;
  /** First inference block the next attestation closes. */
  readonly nextBlock: bigint;
  /** The inference block that is open: all below it are complete. */
  readonly openBlock: bigint;
  readonly headRoot: Hash32;
  /** Digest of the router set in force. */
  readonly routerSet: Hash32;
  readonly threshold: bigint;
  readonly providerCount: bigint;
  /** Lifetime credits. */
  readonly attestedUMor: UMor;
}

/** Pool and head of a deployment at one block. */
export interface ComputeState {
  readonly blockTag: BlockTag;
  readonly pool: PoolState;
  readonly head: HeadState;
}

/** Read pool and head at one block, the latest unless named. @throws ChainRequestFailed */
export async function readState(d: Deployment, blockTag?: BlockTag): Promise<ComputeState> {
  return read(async () => {
    const at = await blockOf(d, blockTag);
    const [pool, head] = await Promise.all([
      d.lens.poolState(d.addresses.compute, { blockTag: at }),
      d.lens.headState(d.addresses.compute, { blockTag: at }),
    ]);
    return { blockTag: at, pool: poolOf(pool), head: headOf(head) };
  });
}

function poolOf(s: Awaited<ReturnType<ComputeLens["poolState"]>>): PoolState {
  return {
    day: s.day,
    heldWei: s.heldWei as Wei,
    unusedWei: s.unusedWei as Wei,
    owedWei: s.owedWei as Wei,
    bootstrapWei: s.bootstrapWei as Wei,
    freshWei: s.freshWei as Wei,
    openingWei: s.openingWei as Wei,
    scheduledWei: s.scheduledWei as Wei,
    drawnWei: s.drawnWei as Wei,
    budgetWei: s.budgetWei as Wei,
    allowanceWei: s.allowanceWei as Wei,
    unbookedWei: s.unbookedWei as Wei,
  };
}

function headOf(s: Awaited<ReturnType<ComputeLens["headState"]>>): HeadState {
  return {
    timestamp: s.timestamp as UnixSeconds,
    lastSeq: s.lastSeq,
    headSeq: s.headSeq,
    activeSeq: s.activeSeq,
    nextBlock: s.nextBlock,
    openBlock: s.openBlock,
    headRoot: s.headRoot as Hash32,
    routerSet: s.routerSet as Hash32,
    threshold: s.threshold,
    providerCount: s.providerCount,
    attestedUMor: s.attestedUMor as UMor,
  };
}
