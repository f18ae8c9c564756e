import type { Log } from "./outcome.js";

/** MOR as far as the suite sees it: balances, and recipients that a token might refuse. Amounts in wei. */
export class Token {
  readonly #balances = new Map<bigint, bigint>();
  readonly refused = new Set<bigint>();
  supply = 0n;

  /** What `account` holds. */
  balanceOf(account: bigint): bigint {
    return this.#balances.get(account) ?? 0n;
  }

  /** Mint to `to`. */
  mint(to: bigint, wei: bigint): Log {
    this.supply += wei;
    this.#balances.set(to, this.balanceOf(to) + wei);
    return { place: "token", event: "Transfer", args: [0n, to, wei] };
  }

  /** Move what is known to be there. */
  move(from: bigint, to: bigint, wei: bigint): Log {
    this.#balances.set(from, this.balanceOf(from) - wei);
    this.#balances.set(to, this.balanceOf(to) + wei);
    return { place: "token", event: "Transfer", args: [from, to, wei] };
  }
}
