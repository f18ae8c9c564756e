import { Reasons, accepted, type Caller, type Outcome } from "../outcome.js";
import { SLASH, logOf } from "../registry.js";
import type { Quorum } from "../routers.js";
import type { System } from "../system.js";
import { min } from "../units.js";
import { find } from "./providers.js";

/** The message by which a quorum orders a slash. */
export interface SlashOrder {
  readonly eventId: bigint;
  readonly providerId: number;
  readonly amountWei: bigint;
  readonly reasonHash: bigint;
  readonly routerSet: bigint;
  readonly deadline: bigint;
}

/** `postSlash`. */
export function postSlash(system: System, { now }: Caller, order: SlashOrder, quorum: Quorum): Outcome {
  const { registry, routers } = system;
  const { eventId, providerId, amountWei, reasonHash, deadline } = order;
  const reasons = new Reasons();
  find(system, reasons, providerId);
  reasons.when(now > deadline, "RegistrySlashExpired", deadline, now);
  reasons.when(amountWei === 0n, "RegistrySlashEmpty", eventId);
  const before = registry.slashes.get(eventId);
  if (before) reasons.when(true, "RegistrySlashState", eventId, before.state);
  routers.check(reasons, order.routerSet, quorum);
  if (reasons.any) return reasons.refused();
  const executableAt = now + registry.delays.slash;
  registry.slashes.set(eventId, { id: providerId, executableAt, amountWei, state: SLASH.pending });
  system.touch("slash", eventId);
  const args = [eventId, BigInt(providerId), amountWei, reasonHash, executableAt];
  return accepted([logOf("registry", "SlashPosted", ...args)]);
}

/** `vetoSlash`. */
export function vetoSlash(system: System, { sender }: Caller, eventId: bigint): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "guardian");
  const slash = findPending(system, reasons, eventId);
  if (reasons.any || slash === undefined) return reasons.refused();
  slash.state = SLASH.vetoed;
  system.touch("slash", eventId);
  return accepted([logOf("registry", "SlashVetoed", eventId)]);
}

/** `executeSlash`: min(amount, bond) goes to the compute contract. */
export function executeSlash(system: System, { now }: Caller, eventId: bigint): Outcome {
  const { registry, token, deployment } = system;
  const reasons = new Reasons();
  const slash = findPending(system, reasons, eventId);
  if (slash?.state === SLASH.pending) {
    reasons.when(now < slash.executableAt, "RegistryTooEarly", now, slash.executableAt);
  }
  if (reasons.any || slash === undefined) return reasons.refused();
  slash.state = SLASH.executed;
  const provider = registry.providers[slash.id]!;
  const taken = min(slash.amountWei, provider.bondWei);
  provider.bondWei -= taken;
  system.touch("slash", eventId);
  system.touch("provider", slash.id);
  const logs = [logOf("registry", "SlashExecuted", eventId, BigInt(slash.id), taken, provider.bondWei)];
  if (taken > 0n) logs.push(token.move(deployment.addresses.registry, deployment.addresses.compute, taken));
  return accepted(logs);
}

function findPending({ registry }: System, reasons: Reasons, eventId: bigint) {
  const slash = registry.slashes.get(eventId);
  const state = slash?.state ?? SLASH.unknown;
  reasons.when(state !== SLASH.pending, "RegistrySlashState", eventId, state);
  return slash;
}
