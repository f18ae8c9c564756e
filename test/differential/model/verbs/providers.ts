import { Reasons, accepted, type Caller, type Log, type Outcome } from "../outcome.js";
import { logOf, type Provider } from "../registry.js";
import type { System } from "../system.js";
import { UMOR } from "../units.js";

/** What a provider publishes: hex of the URI's UTF-8, and a hash. */
export interface Metadata {
  readonly uri: string;
  readonly contentHash: bigint;
}

/** `register` (design 8). The caller has approved and holds the bond. */
export function register(
  system: System,
  { sender }: Caller,
  input: { owner: bigint; payout: bigint; bondWei: bigint; metadata: Metadata },
): Outcome {
  const { registry } = system;
  const { owner, payout, bondWei, metadata } = input;
  const reasons = new Reasons();
  reasons.when(owner === 0n, "RegistryOwnerZero");
  reasons.when(registry.forbiddenPayouts.has(payout), "RegistryPayoutForbidden", payout);
  reasons.when(bondWei < registry.minBondWei, "RegistryBondTooSmall", bondWei, registry.minBondWei);
  if (reasons.any) return reasons.refused();
  const id = registry.count;
  const nothing = { debtUMor: 0n, exitAt: 0n, exited: false, pendingOwner: 0n, pendingOwnerAt: 0n };
  registry.providers.push({ owner, payout, bondWei, ...nothing, pendingPayout: 0n, pendingPayoutAt: 0n });
  system.touch("provider", id);
  const args = [id, owner, payout, bondWei, [metadata.uri, metadata.contentHash]];
  return accepted([takeBond(system, sender, bondWei), logOf("registry", "ProviderRegistered", ...args)], id);
}

function takeBond({ token, deployment }: System, from: bigint, wei: bigint): Log {
  return token.move(from, deployment.addresses.registry, wei);
}

/** `addBond`. */
export function addBond(system: System, { sender }: Caller, id: number, amountWei: bigint): Outcome {
  const reasons = new Reasons();
  const provider = find(system, reasons, id);
  reasons.when(amountWei === 0n, "RegistryAmountZero");
  if (provider?.exited) reasons.when(true, "RegistryExitState", BigInt(id), provider.exitAt, 1n);
  if (reasons.any || provider === undefined) return reasons.refused();
  provider.bondWei += amountWei;
  system.touch("provider", id);
  const added = logOf("registry", "BondAdded", BigInt(id), sender, amountWei, provider.bondWei);
  return accepted([takeBond(system, sender, amountWei), added]);
}

/** The provider `id`, or a reason to refuse. */
export function find({ registry }: System, reasons: Reasons, id: number): Provider | undefined {
  const provider = registry.providers[id];
  reasons.when(provider === undefined, "RegistryProviderUnknown", BigInt(id), registry.count);
  return provider;
}

function findOwned(system: System, reasons: Reasons, id: number, sender: bigint): Provider | undefined {
  const provider = find(system, reasons, id);
  if (provider && provider.owner !== sender) {
    reasons.when(true, "RegistryNotOwner", BigInt(id), sender, provider.owner);
  }
  return provider;
}

/** `setMetadata`. */
export function setMetadata(system: System, { sender }: Caller, id: number, metadata: Metadata): Outcome {
  const reasons = new Reasons();
  findOwned(system, reasons, id, sender);
  if (reasons.any) return reasons.refused();
  return accepted([logOf("registry", "MetadataChanged", BigInt(id), [metadata.uri, metadata.contentHash])]);
}

/** `proposeOwner`: zero takes the proposal back. */
export function proposeOwner(system: System, { sender, now }: Caller, id: number, newOwner: bigint): Outcome {
  const reasons = new Reasons();
  const provider = findOwned(system, reasons, id, sender);
  if (reasons.any || provider === undefined) return reasons.refused();
  provider.pendingOwner = newOwner;
  provider.pendingOwnerAt = newOwner === 0n ? 0n : now + system.registry.delays.change;
  system.touch("provider", id);
  return accepted([logOf("registry", "OwnerProposed", BigInt(id), newOwner, provider.pendingOwnerAt)]);
}

/** `acceptOwner`: what the old owner proposed for the payout is dropped. */
export function acceptOwner(system: System, { sender, now }: Caller, id: number): Outcome {
  const reasons = new Reasons();
  const provider = find(system, reasons, id);
  if (provider) {
    const offered = provider.pendingOwnerAt !== 0n && provider.pendingOwner === sender;
    reasons.when(!offered, "RegistryNothingPending", BigInt(id), sender);
    reasons.when(offered && now < provider.pendingOwnerAt, "RegistryTooEarly", now, provider.pendingOwnerAt);
  }
  if (reasons.any || provider === undefined) return reasons.refused();
  const old = provider.owner;
  const logs = [logOf("registry", "OwnerChanged", BigInt(id), old, sender)];
  if (provider.pendingPayoutAt !== 0n) logs.push(logOf("registry", "PayoutProposed", BigInt(id), 0n, 0n));
  Object.assign(provider, { owner: sender, pendingOwner: 0n, pendingOwnerAt: 0n });
  Object.assign(provider, { pendingPayout: 0n, pendingPayoutAt: 0n });
  system.touch("provider", id);
  return accepted(logs);
}

/** `proposePayout`: zero takes the proposal back. */
export function proposePayout(system: System, { sender, now }: Caller, id: number, newPayout: bigint): Outcome {
  const { registry } = system;
  const reasons = new Reasons();
  const provider = findOwned(system, reasons, id, sender);
  const forbidden = newPayout !== 0n && registry.forbiddenPayouts.has(newPayout);
  reasons.when(forbidden, "RegistryPayoutForbidden", newPayout);
  if (reasons.any || provider === undefined) return reasons.refused();
  provider.pendingPayout = newPayout;
  provider.pendingPayoutAt = newPayout === 0n ? 0n : now + registry.delays.change;
  system.touch("provider", id);
  return accepted([logOf("registry", "PayoutProposed", BigInt(id), newPayout, provider.pendingPayoutAt)]);
}

/** `applyPayout`. */
export function applyPayout(system: System, { sender, now }: Caller, id: number): Outcome {
  const reasons = new Reasons();
  const provider = find(system, reasons, id);
  if (provider) {
    const pending = provider.pendingPayoutAt !== 0n;
    reasons.when(!pending, "RegistryNothingPending", BigInt(id), sender);
    reasons.when(pending && now < provider.pendingPayoutAt, "RegistryTooEarly", now, provider.pendingPayoutAt);
  }
  if (reasons.any || provider === undefined) return reasons.refused();
  const old = provider.payout;
  Object.assign(provider, { payout: provider.pendingPayout, pendingPayout: 0n, pendingPayoutAt: 0n });
  system.touch("provider", id);
  return accepted([logOf("registry", "PayoutChanged", BigInt(id), old, provider.payout)]);
}

/** `announceExit`. */
export function announceExit(system: System, { sender, now }: Caller, id: number): Outcome {
  const reasons = new Reasons();
  const provider = findOwned(system, reasons, id, sender);
  if (provider) {
    const { exitAt, exited } = provider;
    reasons.when(exitAt !== 0n || exited, "RegistryExitState", BigInt(id), exitAt, exited ? 1n : 0n);
  }
  if (reasons.any || provider === undefined) return reasons.refused();
  provider.exitAt = now + system.registry.delays.unbonding;
  system.touch("provider", id);
  return accepted([logOf("registry", "ExitAnnounced", BigInt(id), provider.exitAt)]);
}

/** `withdrawBond`: bond - min(bond, debt) to the owner, the rest to the compute contract. */
export function withdrawBond(system: System, { sender, now }: Caller, id: number): Outcome {
  const { registry, token, deployment } = system;
  const { addresses } = deployment;
  const reasons = new Reasons();
  const provider = findOwned(system, reasons, id, sender);
  if (provider) {
    const { exitAt, exited } = provider;
    reasons.when(exitAt === 0n || exited, "RegistryExitState", BigInt(id), exitAt, exited ? 1n : 0n);
    reasons.when(exitAt !== 0n && !exited && now < exitAt, "RegistryTooEarly", now, exitAt);
  }
  if (reasons.any || provider === undefined) return reasons.refused();
  const absorbed = registry.covered(provider);
  const covered = absorbed * UMOR;
  const paid = provider.bondWei - covered;
  reasons.when(paid > 0n && token.refused.has(provider.owner), "RecipientRefused", provider.owner);
  if (reasons.any) return reasons.refused();
  provider.exited = true;
  provider.bondWei = 0n;
  const logs: Log[] = [];
  if (absorbed > 0n) logs.push(registry.absorbDebt(id, absorbed));
  if (covered > 0n) logs.push(token.move(addresses.registry, addresses.compute, covered));
  if (paid > 0n) logs.push(token.move(addresses.registry, provider.owner, paid));
  logs.push(logOf("registry", "BondWithdrawn", BigInt(id), provider.owner, paid, covered));
  system.touch("provider", id);
  return accepted(logs);
}

/** `recordPossession`: `signer` is who signed. */
export function recordPossession(system: System, id: number, modelId: bigint, signer: bigint): Outcome {
  const reasons = new Reasons();
  const provider = find(system, reasons, id);
  if (provider) reasons.when(signer !== provider.owner, "RegistryPossessionInvalid", BigInt(id), modelId);
  if (reasons.any) return reasons.refused();
  system.registry.possessions.set(`${id} ${modelId}`, signer);
  return accepted([logOf("registry", "PossessionRecorded", BigInt(id), modelId, signer)]);
}

/** `setMinBond`, within its bounds. */
export function setMinBond(system: System, { sender }: Caller, minBondWei: bigint): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "governance");
  reasons.when(minBondWei === 0n, "RegistryMinBondInvalid", minBondWei);
  if (reasons.any) return reasons.refused();
  system.registry.minBondWei = minBondWei;
  return accepted([logOf("registry", "MinBondChanged", minBondWei)]);
}
