import type { Quorum, RouterSetValue } from "../../model/routers.js";
import { packSet } from "../../model/routers.js";
import { sizeOf } from "../../wire/bytes.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";

/** Faults of a quorum. */
export const QUORUM_FAULTS = {
  missing: 2,
  unknownSigner: 1,
  trailing: 1,
  length: 1,
  malleable: 1,
  "other message": 2,
  oldSet: 2,
} as const;

/** A quorum of the set in force, or one with a fault. */
export function drawQuorum(world: World, random: Random, fault?: keyof typeof QUORUM_FAULTS): Quorum {
  const set = fault === "oldSet" && world.oldSets.length > 0 ? random.pick(world.oldSets) : world.system.routers.set;
  const signers = drawSigners(random, set, fault === "missing");
  if (fault === "unknownSigner") return { set, signers: [...signers, set.routers.length] };
  if (fault === "trailing") {
    const expected = BigInt(lengthOf(set, signers));
    return { set, signers, trailing: { expected, actual: expected + random.big(1n, 40n) } };
  }
  if (fault !== "length" && fault !== "malleable" && fault !== "other message") return { set, signers };
  const candidates = signers.filter((i) => fault === "other message" || !set.routers[i]!.isContract);
  if (candidates.length === 0) return { set, signers };
  const lengths = [64n, 66n, 0n, 1n];
  return { set, signers, flaw: { signer: random.pick(candidates), kind: fault, length: random.pick(lengths) } };
}

function drawSigners(random: Random, { routers, threshold }: RouterSetValue, missing: boolean): number[] {
  const all = routers.map((_, i) => i);
  const count = missing ? random.int(0, Number(threshold) - 1) : random.int(Number(threshold), all.length);
  while (all.length > count) all.splice(random.int(0, all.length - 1), 1);
  return all;
}

function lengthOf(set: RouterSetValue, signers: readonly number[]): number {
  const signatures = signers.reduce((sum, i) => sum + 2 + (set.routers[i]!.isContract ? 3 : 65), 0);
  return sizeOf(packSet(set)) + 4 + signatures;
}
