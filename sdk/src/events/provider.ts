import type { Result } from "ethers";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import type { Address, Hash32, ModelId, ProviderId, UnixSeconds } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";
import type { ProviderMetadata } from "./providerRegistered.js";

/** A provider published other metadata. */
export interface MetadataChanged {
  readonly id: ProviderId;
  readonly metadata: ProviderMetadata;
}

/** Another address was proposed, effective from `effectiveAt` on at the earliest; zero address: taken back. */
export interface ChangeProposed {
  readonly id: ProviderId;
  readonly to: Address;
  /** 0 when the proposal was taken back. */
  readonly effectiveAt: UnixSeconds;
}

/** An address of a provider was replaced. */
export interface AddressChanged {
  readonly id: ProviderId;
  readonly from: Address;
  readonly to: Address;
}

/** A provider signed that it holds a model. */
export interface PossessionRecorded {
  readonly id: ProviderId;
  readonly modelId: ModelId;
  readonly signer: Address;
}

/** Reads `MetadataChanged`. */
export const metadataChangedEvent = defineEvent<MetadataChanged>(
  "registry",
  providerRegistryAbi,
  "MetadataChanged",
  (args) => {
    const metadata = args["metadata"] as Result;
    const { uri, contentHash } = { uri: metadata["uri"] as string, contentHash: metadata["contentHash"] as Hash32 };
    return { id: providerId(args["id"] as bigint), metadata: { uri, contentHash } };
  },
);

/** Reads `OwnerProposed`. */
export const ownerProposedEvent = proposedEvent("OwnerProposed", "newOwner");
/** Reads `OwnerChanged`. */
export const ownerChangedEvent = changedEvent("OwnerChanged", "oldOwner", "newOwner");
/** Reads `PayoutProposed`. */
export const payoutProposedEvent = proposedEvent("PayoutProposed", "newPayout");
/** Reads `PayoutChanged`. */
export const payoutChangedEvent = changedEvent("PayoutChanged", "oldPayout", "newPayout");

/** Reads `PossessionRecorded`. */
export const possessionRecordedEvent = defineEvent<PossessionRecorded>(
  "registry",
  providerRegistryAbi,
  "PossessionRecorded",
  (args) => ({
    id: providerId(args["id"] as bigint),
    modelId: args["modelId"] as ModelId,
    signer: args["signer"] as Address,
  }),
);

function proposedEvent(name: string, to: string) {
  return defineEvent<ChangeProposed>("registry", providerRegistryAbi, name, (args) => ({
    id: providerId(args["id"] as bigint),
    to: args[to] as Address,
    effectiveAt: args["effectiveAt"] as UnixSeconds,
  }));
}

function changedEvent(name: string, from: string, to: string) {
  return defineEvent<AddressChanged>("registry", providerRegistryAbi, name, (args) => ({
    id: providerId(args["id"] as bigint),
    from: args[from] as Address,
    to: args[to] as Address,
  }));
}
