import * as verbs from "../../model/verbs/slashes.js";
import type { SlashOrder } from "../../model/verbs/slashes.js";
import { slashDigest, slashWords } from "../../wire/digests.js";
import { packQuorum } from "../../wire/quorum.js";
import type { Random } from "../random.js";
import { drawId, type Action, type World } from "../world.js";
import { onRegistry } from "./providers.js";
import { QUORUM_FAULTS, drawQuorum } from "./quorums.js";

/** A slash is ordered. */
export const postSlash: Action = (world, random) => {
  const providerId = drawId(world, random);
  if (providerId === undefined) return undefined;
  const fault = random.chance(15) ? random.weighted(QUORUM_FAULTS) : undefined;
  const quorum = drawQuorum(world, random, fault);
  const again = world.slashEvents.length > 0 && random.chance(6);
  const eventId = again ? random.pick(world.slashEvents) : random.word();
  const order: SlashOrder = {
    eventId,
    providerId,
    amountWei: random.chance(4) ? 0n : random.magnitude(10n ** 20n),
    reasonHash: random.word(),
    routerSet: random.chance(4) ? random.word() : world.system.routers.digest,
    deadline: world.now + random.pick([0n, 3_600n, 3_600n, 3_600n, -1n]),
  };
  world.slashEvents.push(eventId);
  const packed = packQuorum(quorum, slashDigest(world.registryDomain, order), world.keys);
  return onRegistry(world, world.actors.stranger, "postSlash", [slashWords(order), packed], (caller) =>
    verbs.postSlash(world.system, caller, order, quorum),
  );
};

/** A pending slash, mostly; undefined before the first. */
function pickSlash(world: World, random: Random, due: boolean): bigint | undefined {
  const slashes = [...world.system.registry.slashes];
  const pending = slashes.filter(([, { state, executableAt }]) => state === 1n && (!due || executableAt <= world.now));
  if (pending.length > 0 && random.chance(85)) return random.pick(pending)[0];
  return world.slashEvents.length > 0 ? random.pick(world.slashEvents) : undefined;
}

/** The guardian drops a slash. */
export const vetoSlash: Action = (world, random) => {
  const eventId = pickSlash(world, random, false);
  if (eventId === undefined) return undefined;
  const key = random.chance(5) ? world.actors.stranger : world.actors.guardian;
  return onRegistry(world, key, "vetoSlash", [eventId], (caller) => verbs.vetoSlash(world.system, caller, eventId));
};

/** A slash is executed. */
export const executeSlash: Action = (world, random) => {
  const eventId = pickSlash(world, random, true);
  if (eventId === undefined) return undefined;
  return onRegistry(world, world.actors.stranger, "executeSlash", [eventId], (caller) =>
    verbs.executeSlash(world.system, caller, eventId),
  );
};
