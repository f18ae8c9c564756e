import { providerRegistryAbi } from "../abi/providerRegistry.js";
import type { Address, ProviderId, UnixSeconds, Wei } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineEvent } from "./define.js";

/** A bond grew (design 8). */
export interface BondAdded {
  readonly id: ProviderId;
  readonly payer: Address;
  readonly amountWei: Wei;
  /** The bond after it. */
  readonly bondWei: Wei;
}

/** A provider announced its exit: its bond may be withdrawn from `exitAt` on. */
export interface ExitAnnounced {
  readonly id: ProviderId;
  readonly exitAt: UnixSeconds;
}

/** A bond went back to its owner. */
export interface BondWithdrawn {
  readonly id: ProviderId;
  readonly owner: Address;
  readonly paidWei: Wei;
  /** Debt that it covered: this went to the compute contract. */
  readonly coveredWei: Wei;
}

/** New providers need another bond. */
export interface MinBondChanged {
  readonly minBondWei: Wei;
}

/** Reads `BondAdded`. */
export const bondAddedEvent = defineEvent<BondAdded>("registry", providerRegistryAbi, "BondAdded", (args) => ({
  id: providerId(args["id"] as bigint),
  payer: args["payer"] as Address,
  amountWei: args["amountWei"] as Wei,
  bondWei: args["bondWei"] as Wei,
}));

/** Reads `ExitAnnounced`. */
export const exitAnnouncedEvent = defineEvent<ExitAnnounced>(
  "registry",
  providerRegistryAbi,
  "ExitAnnounced",
  (args) => ({ id: providerId(args["id"] as bigint), exitAt: args["exitAt"] as UnixSeconds }),
);

/** Reads `BondWithdrawn`. */
export const bondWithdrawnEvent = defineEvent<BondWithdrawn>(
  "registry",
  providerRegistryAbi,
  "BondWithdrawn",
  (args) => ({
    id: providerId(args["id"] as bigint),
    owner: args["owner"] as Address,
    paidWei: args["paidWei"] as Wei,
    coveredWei: args["coveredWei"] as Wei,
  }),
);

/** Reads `MinBondChanged`. */
export const minBondChangedEvent = defineEvent<MinBondChanged>(
  "registry",
  providerRegistryAbi,
  "MinBondChanged",
  (args) => ({ minBondWei: args["minBondWei"] as Wei }),
);
