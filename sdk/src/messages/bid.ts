import type { ModelId, ProviderId, UnixSeconds, Wei } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** What a bid prices. All but `T` are named for the future and refused by the market until priced (design 11). */
export const BidUnit = { T: 0, IPS: 1, TPS: 2, ISPS: 3, IFPS: 4, NA: 5 } as const;
export type BidUnit = (typeof BidUnit)[keyof typeof BidUnit];

/** A provider's price for a model. */
export interface Bid {
  readonly providerId: ProviderId;
  readonly modelId: ModelId;
  readonly unit: BidUnit;
  /** Wei of MOR per T. */
  readonly priceWei: Wei;
  /** Jobs of this model the provider takes at once. */
  readonly capacity: number;
  /** A bid with a greater sequence replaces the provider's earlier one for the model. */
  readonly sequence: bigint;
  /** First second in which the bid can be chosen. A bid may be handed in earlier. */
  readonly validFromAt: UnixSeconds;
  /** Last second in which the bid can be chosen. */
  readonly expiresAt: UnixSeconds;
  /** Where users send their queries. */
  readonly endpoint: string;
}

/** EIP-712 description of `Bid`, signed by the provider's owner or its operator. */
export const bidMessage = defineMessage<Bid>(
  "Bid",
  [
    { name: "providerId", type: "uint64" },
    { name: "modelId", type: "bytes32" },
    { name: "unit", type: "uint8" },
    { name: "priceWei", type: "uint256" },
    { name: "capacity", type: "uint32" },
    { name: "sequence", type: "uint64" },
    { name: "validFromAt", type: "uint64" },
    { name: "expiresAt", type: "uint64" },
    { name: "endpoint", type: "string" },
  ],
  { deadline: "expiresAt", greatest: { unit: BidUnit.NA } },
);
