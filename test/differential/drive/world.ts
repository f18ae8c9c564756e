import type { Suite } from "../chain/suite.js";
import type { Outcome } from "../model/outcome.js";
import type { Key } from "../wire/keys.js";
import { Reserve } from "../model/reserve.js";
import { DAY, LANES } from "../model/units.js";
import type { Range } from "../wire/ranges.js";
import type { Random } from "./random.js";
import type { Scalars } from "./figures.js";
import type { WorldParameters } from "./parameters.js";

/** A suite that lives, and what the driver remembers of it. */
export interface World extends Suite {
  readonly parameters: WorldParameters;
  now: bigint;
  /** Router sets that were in force, to be sent again. */
  readonly oldSets: Suite["system"]["routers"]["set"][];
  /** Events that were to be slashed. */
  readonly slashEvents: bigint[];
  readonly scalars: Scalars;
}

/** A transaction about to be sent, and what the model says of it. Asking the model changes the model. */
export interface Attempt {
  readonly key: Key;
  readonly to: bigint;
  readonly data: string;
  readonly expect: () => Outcome;
}

/** One kind of step. Undefined where the world offers nothing to do it with. */
export type Action = (world: World, random: Random) => Attempt | undefined;

/** Move the clock: mostly a little, often to the edge of something. */
export function advance(world: World, random: Random): void {
  const kind = random.weighted({ none: 22, seconds: 40, minutes: 13, hours: 3, days: 1, edge: 21 });
  if (kind === "seconds") world.now += random.big(1n, 30n);
  if (kind === "minutes") world.now += random.big(1n, 1_200n);
  if (kind === "hours") world.now += random.big(1n, DAY / 4n);
  if (kind === "days" && !world.parameters.crowded) world.now += random.big(DAY, 3n * DAY);
  if (kind !== "edge") return;
  const later = edgesOf(world).filter((edge) => edge > world.now + 1n && edge < world.now + DAY);
  if (later.length === 0) return;
  later.sort((a, b) => (a < b ? -1 : 1));
  world.now = later[random.chance(60) ? 0 : random.int(0, Math.min(5, later.length - 1))]! + random.big(-1n, 1n);
}

/** Let the clock run to `moment`, or a second before or after it, if that is not too far. */
export function waitFor(world: World, random: Random, moment: bigint): void {
  const at = moment + random.big(-1n, 1n);
  if (at > world.now && at - world.now < 8n * DAY) world.now = at;
}

/** Moments at which something turns. */
function edgesOf({ system, now }: World): bigint[] {
  const { emission, ledger, registry, seasons, pausedUntil } = system;
  const edges = [emission.parameters.startAt + (emission.dayOf(now) + 1n) * DAY, pausedUntil];
  const pending = ledger.standing.filter(({ activeAt }) => activeAt > now);
  edges.push(...[pending[0], pending[pending.length - 1]].map((entry) => entry?.activeAt ?? 0n));
  for (const { pendingOwnerAt, pendingPayoutAt, exitAt } of registry.providers) {
    edges.push(pendingOwnerAt, pendingPayoutAt, exitAt);
  }
  for (const { executableAt, state } of registry.slashes.values()) if (state === 1n) edges.push(executableAt);
  seasons.seasons.forEach((_, at) => edges.push(seasons.startOf(at), seasons.endOf(at), seasons.entryEndOf(at)));
  return edges;
}

/** The reserve as it would be after the day's first touch. */
export function rolled({ system, now }: World): Reserve {
  const copy = Object.assign(Object.create(Reserve.prototype) as Reserve, system.reserve);
  copy.roll(now);
  return copy;
}

/** The reserve as it would be after the day's first touch and a booking now. */
export function forecast(world: World): Reserve {
  const copy = rolled(world);
  copy.book(world.now);
  return copy;
}

/** A random range that holds all words of its subtree that are not empty in `lanes`; ids below `ids` lie in the reach of it. */
export function drawRange(random: Random, lanes: readonly bigint[], ids: number): Range {
  const words = Math.max(1, Math.ceil(ids / LANES));
  const highest = Math.ceil(Math.log2(words));
  const level = random.chance(25) ? Math.min(20, highest) : random.int(0, highest);
  const firstWord = (random.int(0, words - 1) >> level) << level;
  if (level === 0) return { firstWord, level, count: 1 };
  let needed = 0;
  for (let i = 0; i < 1 << level; i++) {
    const at = (firstWord + i) * LANES;
    if (lanes.slice(at, at + LANES).some((lane) => lane !== 0n)) needed = i + 1;
  }
  const least = Math.max(1, Math.ceil(needed / 2));
  const most = random.chance(10)
    ? 1 << (level - 1)
    : Math.max(least, Math.min(1 << (level - 1), Math.ceil((words - firstWord) / 2)));
  return { firstWord, level, count: 2 * (random.chance(50) ? least : random.int(least, most)) };
}

/** A provider's id, mostly one that exists. */
export function drawId({ system }: World, random: Random): number | undefined {
  const { count } = system.registry;
  if (count === 0n) return undefined;
  return random.chance(2) ? Number(count) : random.int(0, Number(count) - 1);
}

/** Who calls, and when. */
export const callerOf = (world: World, key: Key) => ({ sender: key.address, now: world.now });

/** Key of a provider's owner, sometimes another. */
export function ownerKey({ system, actors }: World, random: Random, id: number): Key {
  const owner = system.registry.providers[id]?.owner;
  const own = actors.owners.find(({ address }) => address === owner);
  return own === undefined || random.chance(8) ? random.pick(actors.owners) : own;
}
