import { MATURE, generator } from "../values.js";

/** Providers of the trees that are compared. */
export const PROVIDERS = 65_536;
const UPDATED = 1_000;
/** The peer, as its documentation uses it. */
export const STANDARD = "@openzeppelin/merkle-tree";
/** The same package, given leaves that are ready: it neither encodes nor hashes them, and so is the fastest it can be. */
export const SIMPLE = "@openzeppelin/merkle-tree, SimpleMerkleTree";

/** Credits of all providers, in uMOR. */
export function lanesOf(): bigint[] {
  const next = generator(7n);
  return Array.from({ length: PROVIDERS }, () => next(...MATURE));
}

/** Credits to every 65th provider: as many words as lanes, spread over the whole tree, so that few paths are shared. */
export function deltasOf(): Map<number, bigint> {
  return new Map(Array.from({ length: UPDATED }, (_, i) => [(i * 65) % PROVIDERS, 1n]));
}

/** Ids and amounts, as the peer's standard tree takes them. */
export function valuesOf(lanes: readonly bigint[]): (readonly [bigint, bigint])[] {
  return lanes.map((lane, id) => [BigInt(id), lane] as const);
}

/** The same in a word each, as its other tree takes them. */
export function leavesOf(lanes: readonly bigint[]): string[] {
  return lanes.map((lane, id) => `0x${((BigInt(id) << 64n) | lane).toString(16).padStart(64, "0")}`);
}
