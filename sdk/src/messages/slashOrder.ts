import type { Hash32, ProviderId, UnixSeconds, Wei } from "../units/brands.js";
import { defineMessage } from "./definition.js";

/** An order to take from a provider's bond, signed by a quorum, delayed and open to veto (design 8). */
export interface SlashOrder {
  /** Identifies the event; each is slashed once. */
  readonly eventId: Hash32;
  readonly providerId: ProviderId;
  readonly amountWei: Wei;
  readonly reasonHash: Hash32;
  /** Digest of the router set and threshold in force. */
  readonly routerSet: Hash32;
  /** Last second in which it may be posted. */
  readonly deadline: UnixSeconds;
}

/** EIP-712 description of `SlashOrder`, signed by each router of the quorum under the registry's domain. */
export const slashOrderMessage = defineMessage<SlashOrder>(
  "SlashOrder",
  [
    { name: "eventId", type: "bytes32" },
    { name: "providerId", type: "uint64" },
    { name: "amountWei", type: "uint256" },
    { name: "reasonHash", type: "bytes32" },
    { name: "routerSet", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
  { deadline: "deadline" },
);
