import { InvalidField } from "../errors/input.js";
import { uint } from "../units/index.js";
import { SEASON_RANKS } from "./ranking.js";

/** Every rank of a season as bits. */
export const ALL_RANKS = (1n << BigInt(SEASON_RANKS)) - 1n;

/** Write ranks, from 0, as the bits of an award. @throws InvalidField for one that is none */
export function ranksMask(ranks: Iterable<number>): bigint {
  let mask = 0n;
  for (const rank of ranks) {
    const place = uint(rank, 7, "rank");
    if (place >= BigInt(SEASON_RANKS)) throw new InvalidField("rank", `a rank from 0 to ${SEASON_RANKS - 1}`, rank);
    mask |= 1n << place;
  }
  return mask;
}

/** Read the bits of an award as ranks, from 0, in order. */
export function ranksOf(mask: bigint): number[] {
  const ranks: number[] = [];
  for (let rank = 0, left = mask; left > 0n; rank++, left >>= 1n) if (left & 1n) ranks.push(rank);
  return ranks;
}
