import { contractError } from "./define.js";

/** The minimum bond is outside its bounds. */
export class RegistryMinBondInvalid extends contractError("RegistryMinBondInvalid", {
  say: ({ minBondWei }) => `minimum bond of ${minBondWei} wei`,
  next: "Choose a minimum bond of 1 wei to 100,000 MOR.",
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

/** A delay of a deployment is outside its bounds. */
export class RegistryDelayInvalid extends contractError("RegistryDelayInvalid", {
  say: ({ delay, minimum, maximum }) => `delay of ${delay} s, allowed are ${minimum} to ${maximum} s`,
  next: "Deploy with a delay within these bounds.",
  retry: "no",
}) {}

/** Nothing would be added to the bond. */
export class RegistryAmountZero extends contractError("RegistryAmountZero", {
  say: "nothing would be added to the bond",
  next: "Add at least 1 wei.",
  retry: "no",
}) {}

/** Only the owner of the provider may do this. */
export class RegistryNotOwner extends contractError("RegistryNotOwner", {
  say: ({ id, caller, owner }) => `provider ${id} belongs to ${owner}, not to ${caller}`,
  next: "Send this from the provider's owner.",
  retry: "no",
}) {}

/** Only the compute contract may do this. */
export class RegistryNotCompute extends contractError("RegistryNotCompute", {
  say: ({ caller }) => `${caller} is not the compute contract`,
  next: "Use claim and bookDebits: they change debts by the compute contract.",
  retry: "no",
}) {}

/** Nothing is pending, or it was proposed to somebody else. */
export class RegistryNothingPending extends contractError("RegistryNothingPending", {
  say: ({ id, caller }) => `nothing is pending of provider ${id} that ${caller} could put into force`,
  next: "Read the provider; propose the change first, and accept it from the account it was proposed to.",
  retry: "no",
}) {}

/** A delay has not passed. */
export class RegistryTooEarly extends contractError("RegistryTooEarly", {
  say: ({ timestamp, earliestAt }) => `possible from ${earliestAt} on, the chain is at ${timestamp}`,
  next: "Send it again at that moment.",
  retry: "later",
}) {}

/** The exit was announced already, or not yet, or is over. */
export class RegistryExitState extends contractError("RegistryExitState", {
  say: ({ id, exitAt, exited }) =>
    exited
      ? `provider ${id} has withdrawn its bond`
      : exitAt === 0n
        ? `provider ${id} has not announced its exit`
        : `provider ${id} has announced its exit for ${exitAt}`,
  next: "Announce the exit once, then withdraw the bond when its delay has passed.",
  retry: "no",
}) {}

/** The signature is not the owner's over this model. */
export class RegistryPossessionInvalid extends contractError("RegistryPossessionInvalid", {
  say: ({ id, modelId }) => `the signature is not that of provider ${id}'s owner over model ${modelId}`,
  next: "Sign ModelPossession with the owner's key under the registry's domain.",
  retry: "no",
}) {}

/** MOR cannot be rescued from the registry. */
export class RegistryTokenNotRescuable extends contractError("RegistryTokenNotRescuable", {
  say: ({ token }) => `token ${token} is MOR: all of it is somebody's bond`,
  next: "Rescue only tokens other than MOR.",
  retry: "no",
}) {}
