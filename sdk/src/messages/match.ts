import type { Address, Hash32, ModelId, ProviderId, UnixMillis, UnixSeconds, Wei } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** A router's answer to an RFC: this provider serves it at this price. It never names the user (design 1). */
export interface Match {
  /** EIP-712 digest of the `Rfc`. */
  readonly rfcHash: Hash32;
  /** EIP-712 digest of the `Bid`. */
  readonly bidHash: Hash32;
  readonly queryKey: Address;
  readonly providerId: ProviderId;
  readonly modelId: ModelId;
  readonly tokenMax: bigint;
  /** Wei of MOR per T, the bid's. */
  readonly priceWei: Wei;
  readonly matchedAtMs: UnixMillis;
  /** Last second in which the report is taken. */
  readonly reportDeadlineAt: UnixSeconds;
  /** Signs. */
  readonly router: Address;
}

/** EIP-712 description of `Match`, signed by the router. */
export const matchMessage = defineMessage<Match>(
  "Match",
  [
    { name: "rfcHash", type: "bytes32" },
    { name: "bidHash", type: "bytes32" },
    { name: "queryKey", type: "address" },
    { name: "providerId", type: "uint64" },
    { name: "modelId", type: "bytes32" },
    { name: "tokenMax", type: "uint64" },
    { name: "priceWei", type: "uint256" },
    { name: "matchedAtMs", type: "uint64" },
    { name: "reportDeadlineAt", type: "uint64" },
    { name: "router", type: "address" },
  ],
  { deadline: "reportDeadlineAt", signer: "router" },
);
