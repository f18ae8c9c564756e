import type { Result } from "ethers";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import type { Address, Hash32, ProviderId, Wei } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";

/** What a provider publishes about itself: where the document stands, and keccak256 of it. */
export interface ProviderMetadata {
  readonly uri: string;
  readonly contentHash: Hash32;
}

/** A provider was registered (design 8). */
export interface ProviderRegistered {
  readonly id: ProviderId;
  readonly owner: Address;
  readonly payout: Address;
  readonly bondWei: Wei;
  readonly metadata: ProviderMetadata;
}

/** Reads `ProviderRegistered`. */
export const providerRegisteredEvent = defineEvent<ProviderRegistered>(
  "registry",
  providerRegistryAbi,
  "ProviderRegistered",
  (args) => {
    const metadata = args["metadata"] as Result;
    return {
      id: providerId(args["id"] as bigint),
      owner: args["owner"] as Address,
      payout: args["payout"] as Address,
      bondWei: args["bondWei"] as Wei,
      metadata: { uri: metadata["uri"] as string, contentHash: metadata["contentHash"] as Hash32 },
    };
  },
);
