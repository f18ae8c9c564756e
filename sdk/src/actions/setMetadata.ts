import { metadataChangedEvent, type MetadataChanged } from "../events/provider.js";
import type { ProviderMetadata } from "../events/providerRegistered.js";
import type { ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/**
 * Publish other metadata of a provider. Owner only.
 *
 * @throws RegistryNotOwner
 */
export const setMetadata = defineWrite<
  { readonly id: ProviderId; readonly metadata: ProviderMetadata },
  void,
  MetadataChanged
>({
  verb: "setMetadata",
  contract: "registry",
  method: "setMetadata",
  params: (_, { id, metadata }) => [id, metadata],
  returned: returnsNothing,
  outcome: (d, receipt) => metadataChangedEvent.first(receipt, d.addresses.registry),
});
