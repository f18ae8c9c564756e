import { possessionRecordedEvent, type PossessionRecorded } from "../events/provider.js";
import type { Hex, ModelId, ProviderId } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/** A signed possession. */
export interface Possession {
  readonly id: ProviderId;
  readonly modelId: ModelId;
  /** 65 bytes; any length when the owner is a contract wallet. */
  readonly signature: Hex;
}

/**
 * Record the owner's `ModelPossession`, signed under `registryDomain`. Anyone may. It proves that the model was downloaded,
 * not that it is used.
 *
 * @throws RegistryPossessionInvalid, RegistryProviderUnknown
 */
export const recordPossession = defineWrite<Possession, void, PossessionRecorded>({
  verb: "recordPossession",
  contract: "registry",
  method: "recordPossession",
  params: (_, { id, modelId, signature }) => [id, modelId, signature],
  returned: returnsNothing,
  outcome: (d, receipt) => possessionRecordedEvent.first(receipt, d.addresses.registry),
});
