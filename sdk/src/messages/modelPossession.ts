import type { ModelId, ProviderId } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** A provider's word that it has downloaded a model. It does not prove use (design 11). */
export interface ModelPossession {
  readonly providerId: ProviderId;
  readonly modelId: ModelId;
}

/** EIP-712 description of `ModelPossession`, signed by the provider's owner under the registry's domain. */
export const modelPossessionMessage = defineMessage<ModelPossession>("ModelPossession", [
  { name: "providerId", type: "uint64" },
  { name: "modelId", type: "bytes32" },
]);
