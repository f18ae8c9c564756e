import type { BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { Address, ProviderId, UMor, UnixSeconds, Wei } from "../units/brands.js";
import { providerId, type Integer } from "../units/integers.js";
import { blockOf, read } from "./read.js";

/** A change that was proposed, and the moment from which it may take effect. */
export interface PendingChange {
  readonly to: Address;
  readonly effectiveAt: UnixSeconds;
}

/** A provider as the registry keeps it (design 8). */
export interface Provider {
  readonly id: ProviderId;
  readonly owner: Address;
  readonly payout: Address;
  readonly bondWei: Wei;
  /** Netted against what is paid next. */
  readonly debtUMor: UMor;
  /** From when the bond may be withdrawn; undefined before the exit is announced. */
  readonly exitAt: UnixSeconds | undefined;
  /** Whether the bond was withdrawn. */
  readonly exited: boolean;
  readonly pendingOwner: PendingChange | undefined;
  /** Claims go to `payout` until it is applied. */
  readonly pendingPayout: PendingChange | undefined;
}

/** Read a provider's record. @throws RegistryProviderUnknown */
export async function readProvider(d: Deployment, id: Integer, blockTag?: BlockTag): Promise<Provider> {
  return read(async () => {
    const known = await d.registry.providerOf(providerId(id), { blockTag: await blockOf(d, blockTag) });
    return {
      id: providerId(id),
      owner: known.owner as Address,
      payout: known.payout as Address,
      bondWei: known.bondWei as Wei,
      debtUMor: known.debtUMor as UMor,
      exitAt: known.exitAt === 0n ? undefined : (known.exitAt as UnixSeconds),
      exited: known.exited,
      pendingOwner: changeOf(known.pendingOwner, known.pendingOwnerAt),
      pendingPayout: changeOf(known.pendingPayout, known.pendingPayoutAt),
    };
  });
}

function changeOf(to: string, effectiveAt: bigint): PendingChange | undefined {
  return effectiveAt === 0n ? undefined : { to: to as Address, effectiveAt: effectiveAt as UnixSeconds };
}
