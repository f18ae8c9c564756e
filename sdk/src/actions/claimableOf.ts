import { hexlify, type BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { Address, ProviderId, UMor } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import type { ClaimArgs } from "./claim.js";
import { blockOf, read } from "./read.js";

/** What a claim would pay to a provider, after netting its debt. */
export interface Claimable {
  readonly id: ProviderId;
  readonly payout: Address;
  readonly amountUMor: UMor;
  /** Debt that would be netted with it: kept back, returned to the free pool. */
  readonly nettedUMor: UMor;
}

/**
 * Read what a claim would find due; also for an attestation that is still pending. Providers that are not due are left out.
 * @throws LedgerAttestationUnknown, LedgerRootMismatch
 */
export async function claimableOf(d: Deployment, args: ClaimArgs, blockTag?: BlockTag): Promise<Claimable[]> {
  return read(async () => {
    const at = await blockOf(d, blockTag);
    const due = await d.lens.claimableOf(d.addresses.compute, args.seq, hexlify(args.ranges), { blockTag: at });
    return due.map((entry) => ({
      id: providerId(entry.providerId),
      payout: entry.payout as Address,
      amountUMor: entry.amountUMor as UMor,
      nettedUMor: entry.nettedUMor as UMor,
    }));
  });
}
