import type { Address, UnixSeconds, Wei } from "../units/index.js";

/** The block of a chain that figures were read at. */
export interface BalanceBlock {
  readonly chainId: bigint;
  readonly blockNumber: number;
  readonly timestamp: UnixSeconds;
}

/** An amount of MOR at the first block of a block-day, and which blocks that were: one for each chain. */
export interface DayAmount {
  readonly amountWei: Wei;
  readonly blocks: readonly BalanceBlock[];
}

/**
 * What a user held at the first block of a block-day, and how much there was (design.md section 11). So moving MOR
 * between addresses within a day gains nothing. The answer for a day never changes.
 */
export interface BalanceSource {
  /** MOR of a user. @throws DayNotBegun, and what the source says of its chain */
  balanceOf(user: Address, day: bigint): Promise<DayAmount>;
  /** All MOR. @throws as `balanceOf` */
  supplyOf(day: bigint): Promise<DayAmount>;
}

/** Sum several chains: MOR is one token on all of them. One that fails fails the sum, for half a balance is a wrong one. */
export function sumBalances(sources: readonly BalanceSource[]): BalanceSource {
  const sum = async (amounts: readonly Promise<DayAmount>[]): Promise<DayAmount> => {
    const all = await Promise.all(amounts);
    return {
      amountWei: all.reduce((total, { amountWei }) => total + amountWei, 0n) as Wei,
      blocks: all.flatMap(({ blocks }) => blocks),
    };
  };
  return {
    balanceOf: (user, day) => sum(sources.map((source) => source.balanceOf(user, day))),
    supplyOf: (day) => sum(sources.map((source) => source.supplyOf(day))),
  };
}
