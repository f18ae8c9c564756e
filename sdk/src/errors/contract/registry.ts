import { contractError } from "./define.js";

/** The minimum bond of a deployment is 0 or above what a bond can be. */
export class RegistryMinBondInvalid extends contractError("RegistryMinBondInvalid", {
  say: ({ minBondWei }) => `minimum bond of ${minBondWei} wei`,
  next: "Deploy with a minimum bond of 1 wei to 2^128 - 1 wei.",
  retry: "no",
}) {}

/** The bond is below the minimum. */
export class RegistryBondTooSmall extends contractError("RegistryBondTooSmall", {
  say: ({ bondWei, minBondWei }) => `bond of ${bondWei} wei, at least ${minBondWei} wei is needed`,
  next: "Register with a bond of at least minBondWei.",
  retry: "no",
}) {}

/** The owner is the zero address. */
export class RegistryOwnerZero extends contractError("RegistryOwnerZero", {
  say: "the owner is the zero address",
  next: "Name an owner who can later change the payout address and withdraw the bond.",
  retry: "no",
}) {}

/** The payout address is zero, the token or a contract of the suite. */
export class RegistryPayoutForbidden extends contractError("RegistryPayoutForbidden", {
  say: ({ payout }) => `${payout} cannot be paid: it is zero, the token or a contract of the suite`,
  next: "Name a payout address that you control.",
  retry: "no",
}) {}

/** The tree has no lane for another provider. */
export class RegistryFull extends contractError("RegistryFull", {
  say: ({ maximum }) => `all ${maximum} provider ids are taken`,
  next: "Register with a later deployment.",
  retry: "no",
}) {}

/** No provider has this id. */
export class RegistryProviderUnknown extends contractError("RegistryProviderUnknown", {
  say: ({ id, count }) => `no provider ${id}: ${count} are registered`,
  next: "Use the id that the registration returned.",
  retry: "no",
}) {}

/** Payees of words outside the tree were asked for. */
export class RegistryWordsOutside extends contractError("RegistryWordsOutside", {
  say: ({ firstWord, count }) => `${count} words from word ${firstWord} on reach beyond the tree`,
  next: "Ask for words below 2^20.",
  retry: "no",
}) {}
