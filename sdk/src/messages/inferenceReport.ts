import type { Hash32, ProviderId, UnixMillis } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** The user's account of one inference: what came, how fast, and whether it passes. */
export interface InferenceReport {
  /** EIP-712 digest of the `Match`. */
  readonly matchHash: Hash32;
  readonly providerId: ProviderId;
  /** Tokens (T) delivered. */
  readonly tokens: bigint;
  readonly passed: boolean;
  /** When the query left. */
  readonly sentAtMs: UnixMillis;
  /** When the last token came. */
  readonly receivedAtMs: UnixMillis;
}

/** EIP-712 description of `InferenceReport`, signed by the query key of the match. */
export const inferenceReportMessage = defineMessage<InferenceReport>("InferenceReport", [
  { name: "matchHash", type: "bytes32" },
  { name: "providerId", type: "uint64" },
  { name: "tokens", type: "uint64" },
  { name: "passed", type: "bool" },
  { name: "sentAtMs", type: "uint64" },
  { name: "receivedAtMs", type: "uint64" },
]);
