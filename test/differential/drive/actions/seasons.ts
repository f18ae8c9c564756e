import type { Refusal } from "../../model/outcome.js";
import { packList, type Rank } from "../../model/seasons.js";
import * as verbs from "../../model/verbs/bootstrap.js";
import type { ClaimRange } from "../../model/verbs/money.js";
import { callData } from "../../wire/abi.js";
import { packClaim, type Range } from "../../wire/ranges.js";
import type { Random } from "../random.js";
import { callerOf, drawRange, waitFor, type Action, type World } from "../world.js";

/** The list in force, now and then another. */
function drawList({ system }: World, random: Random, at: number): readonly Rank[] {
  const list = system.seasons.seasons[at]?.list ?? [];
  if (!random.chance(4)) return list;
  return list.length > 0 ? list.slice(1) : [{ id: 0, weightUMor: 1n }];
}

/** Providers come into the list of a season. */
export const enter: Action = (world, random) => {
  const { system } = world;
  const { seasons, ledger, registry } = system;
  const count = seasons.seasons.length;
  if (count === 0) return undefined;
  const isOpen = (at: number) => world.now >= seasons.endOf(at) && world.now < seasons.entryEndOf(at);
  const places = seasons.seasons.map((_, at) => at);
  const next = places.find((at) => seasons.endOf(at) > world.now);
  if (!places.some(isOpen) && next !== undefined && random.chance(60)) waitFor(world, random, seasons.endOf(next));
  const open = places.filter(isOpen);
  if (open.length === 0 && !random.chance(3)) return undefined;
  const at = open.length > 0 && random.chance(95) ? random.pick(open) : random.int(0, count);
  const list = drawList(world, random, at);
  const before = ledger.treeOf(ledger.standingAt(BigInt(at)));
  const after = ledger.treeOf(ledger.standingAt(BigInt(at) + 1n));
  const ranges: ClaimRange[] = [];
  let [packedBefore, packedAfter] = ["", ""];
  const flaws: Refusal[] = [];
  for (let left = random.int(1, 3); left > 0; left--) {
    const range = drawRange(random, after.lanes, registry.providers.length);
    const lanes = random.chance(70) ? 15 : random.int(1, 15);
    ranges.push({ ...range, lanes });
    packedAfter += packClaim(range, lanes, after);
    packedBefore += packClaim(random.chance(50) ? range : shortest(range, before.lanes), lanes, before);
  }
  const { stranger } = world.actors;
  return {
    key: stranger,
    to: world.addresses.bootstrap,
    data: callData("bootstrap", "enter", BigInt(at), packList(list), packedBefore, packedAfter),
    expect: () => verbs.enter(system, callerOf(world, stranger), at, list, ranges, flaws),
  };
};

/** The range with no more words than hold something. */
function shortest(range: Range, lanes: readonly bigint[]): Range {
  if (range.level === 0) return range;
  let count = 2;
  for (let i = 0; i < range.count; i++) {
    const at = (range.firstWord + i) * 4;
    if (lanes.slice(at, at + 4).some((lane) => lane !== 0n)) count = Math.max(2, i + 1 + ((i + 1) % 2));
  }
  return { ...range, count };
}

/** A season is closed. */
export const close: Action = (world, random) => {
  const { system } = world;
  const { seasons } = system;
  const count = seasons.seasons.length;
  if (count === 0) return undefined;
  const isReady = () => seasons.next < count && world.now >= seasons.entryEndOf(seasons.next);
  if (!isReady() && seasons.next < count && world.now >= seasons.endOf(seasons.next) && random.chance(30)) {
    waitFor(world, random, seasons.entryEndOf(seasons.next));
  }
  if (!isReady() && !random.chance(5)) return undefined;
  const at = random.chance(95) ? seasons.next : random.int(0, count);
  const list = drawList(world, random, at);
  const { stranger } = world.actors;
  return {
    key: stranger,
    to: world.addresses.bootstrap,
    data: callData("bootstrap", "close", BigInt(at), packList(list)),
    expect: () => verbs.close(system, callerOf(world, stranger), at, list),
  };
};

/** Ranks of a season are paid. */
export const award: Action = (world, random) => {
  const { system } = world;
  const { seasons } = system;
  const count = seasons.seasons.length;
  if (count === 0) return undefined;
  const due = seasons.seasons.flatMap(({ closed, list, awarded }, i) =>
    closed && awarded.size < list.length ? [i] : [],
  );
  if (due.length === 0 && !random.chance(3)) return undefined;
  const at = due.length > 0 && random.chance(93) ? random.pick(due) : random.int(0, count);
  const list = drawList(world, random, at);
  const ranks = drawRanks(random, list.length);
  const { stranger } = world.actors;
  return {
    key: stranger,
    to: world.addresses.bootstrap,
    data: callData("bootstrap", "award", BigInt(at), packList(list), ranks),
    expect: () => verbs.award(system, at, list, ranks),
  };
};

function drawRanks(random: Random, size: number): bigint {
  const kind = random.weighted({ all: 30, some: 60, none: 5, beyond: 5 });
  if (kind === "all") return (1n << 128n) - 1n;
  if (kind === "none") return 0n;
  if (kind === "beyond") return 1n << 120n;
  return random.word() & ((1n << BigInt(Math.max(1, size))) - 1n);
}
