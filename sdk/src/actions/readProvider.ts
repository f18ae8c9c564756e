import type { BlockTag } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { Address, ProviderId, UMor, Wei } from "../units/brands.js";
import { providerId, type Integer } from "../units/integers.js";
import { blockOf, read } from "./read.js";

/** A provider as the registry keeps it (design 8). */
export interface Provider {
  readonly id: ProviderId;
  readonly owner: Address;
  readonly payout: Address;
  readonly bondWei: Wei;
  /** Netted against what is paid next. */
  readonly debtUMor: UMor;
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
    };
  });
}
