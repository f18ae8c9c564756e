import type { Metadata } from "../../model/verbs/providers.js";
import * as verbs from "../../model/verbs/providers.js";
import type { Outcome, Value } from "../../model/outcome.js";
import { callData } from "../../wire/abi.js";
import { utf8 } from "../../wire/bytes.js";
import { possessionDigest } from "../../wire/digests.js";
import { sign, type Key } from "../../wire/keys.js";
import type { Random } from "../random.js";
import { callerOf, drawId, ownerKey, type Action, type Attempt, type World } from "../world.js";

type Verb = (caller: { sender: bigint; now: bigint }) => Outcome;

/** A call of the registry. */
export function onRegistry(world: World, key: Key, name: string, args: readonly Value[], verb: Verb): Attempt {
  const data = callData("registry", name, ...args);
  return { key, to: world.addresses.registry, data, expect: () => verb(callerOf(world, key)) };
}

function drawMetadata(random: Random): Metadata {
  return { uri: utf8("x".repeat(random.pick([0, 1, 31, 32, 33, 70]))), contentHash: random.word() };
}

/** A payout address: mostly a new one, now and then one that is forbidden or another provider's. */
function drawPayout({ addresses, actors }: World, random: Random): bigint {
  const kind = random.weighted({ fresh: 70, shared: 22, forbidden: 8 });
  if (kind === "fresh") return random.word() >> 96n;
  if (kind === "shared") return random.pick(actors.owners).address;
  return random.pick([0n, addresses.token, addresses.compute, addresses.registry, addresses.bootstrap]);
}

function drawBond({ system }: World, random: Random): bigint {
  const { minBondWei } = system.registry;
  if (random.chance(10)) return minBondWei - 1n;
  return random.chance(40) ? minBondWei : minBondWei + random.magnitude(minBondWei * 20n);
}

/** A provider registers. */
export const register: Action = (world, random) => {
  const key = random.pick(world.actors.owners);
  const owner = random.chance(4) ? 0n : random.pick(world.actors.owners).address;
  const input = {
    owner,
    payout: drawPayout(world, random),
    bondWei: drawBond(world, random),
    metadata: drawMetadata(random),
  };
  const args = [owner, input.payout, input.bondWei, [input.metadata.uri, input.metadata.contentHash]];
  return onRegistry(world, key, "register", args, (caller) => verbs.register(world.system, caller, input));
};

/** A bond grows. */
export const addBond: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  const wei = random.chance(8) ? 0n : random.magnitude(10n ** 20n);
  const key = random.pick(world.actors.owners);
  return onRegistry(world, key, "addBond", [BigInt(id), wei], (caller) => verbs.addBond(world.system, caller, id, wei));
};

/** Other metadata. */
export const setMetadata: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  const metadata = drawMetadata(random);
  const args = [BigInt(id), [metadata.uri, metadata.contentHash]];
  return onRegistry(world, ownerKey(world, random, id), "setMetadata", args, (caller) =>
    verbs.setMetadata(world.system, caller, id, metadata),
  );
};

/** Another owner is proposed. */
export const proposeOwner: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  const newOwner = random.chance(12) ? 0n : random.pick(world.actors.owners).address;
  return onRegistry(world, ownerKey(world, random, id), "proposeOwner", [BigInt(id), newOwner], (caller) =>
    verbs.proposeOwner(world.system, caller, id, newOwner),
  );
};

/** A proposed owner accepts. */
export const acceptOwner: Action = (world, random) => {
  const id = pickPending(world, random, "pendingOwnerAt");
  if (id === undefined) return undefined;
  const { owners } = world.actors;
  const offered = owners.find(({ address }) => address === world.system.registry.providers[id]?.pendingOwner);
  const key = offered === undefined || random.chance(8) ? random.pick(owners) : offered;
  return onRegistry(world, key, "acceptOwner", [BigInt(id)], (caller) => verbs.acceptOwner(world.system, caller, id));
};

/** An id, mostly one whose moment `field` is over, else one where it is set. */
function pickPending(world: World, random: Random, field: "pendingOwnerAt" | "pendingPayoutAt" | "exitAt") {
  const { providers } = world.system.registry;
  const set = providers.flatMap((provider, id) => (provider[field] !== 0n ? [id] : []));
  const due = set.filter((id) => providers[id]![field] <= world.now && !providers[id]!.exited);
  if (due.length > 0 && random.chance(75)) return random.pick(due);
  return set.length > 0 && random.chance(75) ? random.pick(set) : drawId(world, random);
}

/** Another payout address is proposed. */
export const proposePayout: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  const payout = drawPayout(world, random);
  return onRegistry(world, ownerKey(world, random, id), "proposePayout", [BigInt(id), payout], (caller) =>
    verbs.proposePayout(world.system, caller, id, payout),
  );
};

/** A proposed payout address comes into force. */
export const applyPayout: Action = (world, random) => {
  const id = pickPending(world, random, "pendingPayoutAt");
  if (id === undefined) return undefined;
  return onRegistry(world, world.actors.stranger, "applyPayout", [BigInt(id)], (caller) =>
    verbs.applyPayout(world.system, caller, id),
  );
};

/** A provider announces its exit. */
export const announceExit: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  return onRegistry(world, ownerKey(world, random, id), "announceExit", [BigInt(id)], (caller) =>
    verbs.announceExit(world.system, caller, id),
  );
};

/** A bond goes back. */
export const withdrawBond: Action = (world, random) => {
  const id = pickPending(world, random, "exitAt");
  if (id === undefined) return undefined;
  return onRegistry(world, ownerKey(world, random, id), "withdrawBond", [BigInt(id)], (caller) =>
    verbs.withdrawBond(world.system, caller, id),
  );
};

/** A provider proves that it holds a model. */
export const recordPossession: Action = (world, random) => {
  const id = drawId(world, random);
  if (id === undefined) return undefined;
  const modelId = random.big(1n, 5n);
  const signer = ownerKey(world, random, id);
  const signature = sign(signer, possessionDigest(world.registryDomain, id, modelId));
  return onRegistry(world, world.actors.stranger, "recordPossession", [BigInt(id), modelId, signature], () =>
    verbs.recordPossession(world.system, id, modelId, signer.address),
  );
};

/** Governance changes the bond of new providers. */
export const setMinBond: Action = (world, random) => {
  const wei = random.chance(10) ? 0n : 10n ** 18n * random.big(1n, 10n);
  const key = random.chance(5) ? world.actors.stranger : world.actors.governance;
  return onRegistry(world, key, "setMinBond", [wei], (caller) => verbs.setMinBond(world.system, caller, wei));
};
