import { concatBytes, hexToBytes, keccak256Hex } from "../crypto/index.js";
import type { RouterPolicy } from "../router/index.js";
import { BLOCK_SECONDS, DAY_SECONDS, type Address } from "../units/index.js";
import type { KnownBid } from "./replica.js";

/** A router set that was changed, and the last moment (Unix ms) in which a router may not have noticed. */
export interface EarlierSet {
  readonly routers: readonly Address[];
  readonly untilMs: bigint;
}

/** What a review goes by: the co-signer's own policy and the set it believes in. */
export interface ReviewRules {
  readonly policy: RouterPolicy;
  readonly routers: readonly Address[];
  /** Sets that were in force before, and until when (Unix ms) a router may still have gone by them. */
  readonly earlierSets?: readonly EarlierSet[];
  readonly emissionStart: bigint;
  /**
   * Bids for a model that the co-signer has known for long enough to hold it against a router that passes them over.
   */
  readonly ownBids?: (modelId: string, atMs: bigint) => Iterable<KnownBid>;
}

/** Height of the inference block that contains a moment in Unix milliseconds. */
export function heightAt(rules: ReviewRules, atMs: bigint): bigint {
  return (atMs / 1_000n - rules.emissionStart) / BigInt(BLOCK_SECONDS);
}

/** Block-day that contains a moment in Unix milliseconds. */
export function dayOf(rules: ReviewRules, atMs: bigint): bigint {
  return (atMs / 1_000n - rules.emissionStart) / BigInt(DAY_SECONDS);
}

/** The router that serves a user on a day: keccak256(user, day) mod n, in ascending order of addresses. */
export function homeOf(rules: Pick<ReviewRules, "routers">, user: Address, day: bigint): string {
  const drawn = BigInt(keccak256Hex(concatBytes(pad(user.toLowerCase()), pad(`0x${day.toString(16)}`))));
  const ascending = rules.routers.map((router) => router.toLowerCase()).sort();
  return ascending[Number(drawn % BigInt(ascending.length))]!;
}

/** Whether a router may have been a user's home at a moment: by the set in force, or one that had only just ended. */
export function isHome(rules: ReviewRules, router: Address, user: Address, atMs: bigint): boolean {
  const sets = [rules, ...(rules.earlierSets ?? []).filter(({ untilMs }) => atMs <= untilMs)];
  const day = dayOf(rules, atMs);
  return sets.some((set) => set.routers.length === 1 || homeOf(set, user, day) === router.toLowerCase());
}

/** What decides between two providers at one price: the smaller number wins. */
export function drawOf(rfcHash: string, providerId: bigint): bigint {
  return BigInt(keccak256Hex(concatBytes(hexToBytes(rfcHash), pad(`0x${providerId.toString(16)}`))));
}

/** 32 bytes with a number at their end. */
function pad(hex: string): Uint8Array {
  return hexToBytes(`0x${hex.slice(2).padStart(64, "0")}`);
}
