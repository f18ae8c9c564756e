import { hex, keccak } from "../wire/bytes.js";
import type { Window } from "./reserve.js";
import { MAX_RANKS, min } from "./units.js";

/** A provider in the list of a season. */
export interface Rank {
  readonly id: number;
  readonly weightUMor: bigint;
}

/** A season as it stands. */
export interface Season {
  list: Rank[];
  closed: boolean;
  poolUMor: bigint;
  sharesUMor: bigint;
  readonly awarded: Set<number>;
}

/** Packed form of a list. */
export const packList = (list: readonly Rank[]): string =>
  list.map(({ id, weightUMor }) => hex(weightUMor, 6) + hex(id, 3)).join("");

/** Hash of a list; 0 when empty. */
export const listHash = (list: readonly Rank[]): bigint => (list.length === 0 ? 0n : keccak(packList(list)));

/** Sum of the weights of a list. */
export const totalOf = (list: readonly Rank[]): bigint => list.reduce((sum, { weightUMor }) => sum + weightUMor, 0n);

/** By falling weight, then by rising id. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.weightUMor !== b.weightUMor) return a.weightUMor > b.weightUMor ? -1 : 1;
  return a.id - b.id;
}

/** Seasons of the bootstrap window (SPEC S13). */
export class Seasons {
  readonly seasons: Season[];
  next = 0;

  constructor(readonly window: Window) {
    const { startAt, endAt, seasonLength } = window;
    const count = endAt === 0n ? 0 : Number((endAt - startAt + seasonLength - 1n) / seasonLength);
    this.seasons = Array.from({ length: count }, () => ({
      list: [],
      closed: false,
      poolUMor: 0n,
      sharesUMor: 0n,
      awarded: new Set<number>(),
    }));
  }

  /** First second of season `at`. */
  startOf(at: number): bigint {
    return this.window.startAt + BigInt(at) * this.window.seasonLength;
  }
  /** End of season `at`. */
  endOf(at: number): bigint {
    return min(this.startOf(at + 1), this.window.endAt);
  }
  /** End of its entry window. */
  entryEndOf(at: number): bigint {
    return this.endOf(at) + this.window.entryWindow;
  }
  /** Shares of all closed seasons. */
  get allottedUMor(): bigint {
    return this.seasons.reduce((sum, { sharesUMor }) => sum + sharesUMor, 0n);
  }

  /** Share of a rank, in uMOR. */
  shareOf({ list, poolUMor }: Season, rank: number): bigint {
    return (poolUMor * list[rank]!.weightUMor) / totalOf(list);
  }

  /** The list after `rank` came in: the best 100. */
  insert(list: readonly Rank[], rank: Rank): Rank[] {
    return [...list, rank].sort(compareRanks).slice(0, MAX_RANKS);
  }
}
