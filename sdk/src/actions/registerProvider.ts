import type { ProviderMetadata, ProviderRegistered } from "../events/providerRegistered.js";
import { providerRegisteredEvent } from "../events/providerRegistered.js";
import type { Address, ProviderId, Wei } from "../units/brands.js";
import { providerId } from "../units/integers.js";
import { defineWrite } from "./write.js";

/** Who a provider is. The sender pays the bond and need not be the owner. */
export interface Registration {
  readonly owner: Address;
  readonly payout: Address;
  /** At least `minBondWei` of the registry, which must be approved for it: see `approveBond`. */
  readonly bondWei: Wei;
  readonly metadata: ProviderMetadata;
}

/**
 * Register a provider with its bond (design 8). Returns its id.
 *
 * @throws ERC20InsufficientAllowance without `approveBond`; RegistryBondTooSmall, RegistryPayoutForbidden, RegistryOwnerZero,
 * RegistryFull
 */
export const registerProvider = defineWrite<Registration, ProviderId, ProviderRegistered>({
  verb: "registerProvider",
  contract: "registry",
  method: "register",
  params: (_, { owner, payout, bondWei, metadata }) => [owner, payout, bondWei, metadata],
  returned: (result) => providerId(result[0] as bigint),
  outcome: (d, receipt) => providerRegisteredEvent.first(receipt, d.addresses.registry),
});

/** Approve the registry for a bond, so that `registerProvider` can take it. Returns whether the token agreed. */
export const approveBond = defineWrite<{ readonly bondWei: Wei }, boolean, void>({
  verb: "approveBond",
  contract: "token",
  method: "approve",
  params: (d, { bondWei }) => [d.addresses.registry, bondWei],
  returned: (result) => result[0] as boolean,
  outcome: () => undefined,
});
