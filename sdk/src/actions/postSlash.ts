import { hexlify } from "ethers";
import { slashPostedEvent, type SlashPosted } from "../events/slash.js";
import type { SlashOrder } from "../messages/slashOrder.js";
import type { Hex } from "../units/brands.js";
import { defineWrite, returnsNothing } from "./write.js";

/** A slash order with its quorum. */
export interface SlashPost {
  readonly order: SlashOrder;
  /** Router set and signatures of its quorum, as `packQuorum` gives it. */
  readonly quorum: Uint8Array | Hex;
}

/**
 * Post a slash order that a quorum signed under `registryDomain` (design 8). Anyone may; it can be executed after the
 * activation delay, unless the guardian vetoes it.
 *
 * @throws RegistrySlashExpired, RegistrySlashEmpty, RegistrySlashState, RegistryProviderUnknown and those of the router set
 */
export const postSlash = defineWrite<SlashPost, void, SlashPosted>({
  verb: "postSlash",
  contract: "registry",
  method: "postSlash",
  params: (_, { order, quorum }) => [order, hexlify(quorum)],
  returned: returnsNothing,
  outcome: (d, receipt) => slashPostedEvent.first(receipt, d.addresses.registry),
});
