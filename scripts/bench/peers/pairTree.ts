import { AbiCoder, getBytes, keccak256, solidityPackedKeccak256 } from "ethers";

/** What a leaf of a distribution says. */
export interface Share {
  readonly index: number;
  readonly account: string;
  readonly amountWei: bigint;
}

/** A Merkle tree of sorted pairs over (index, account, amount), as distributors take it. An odd node goes up as it is. */
export class PairTree {
  readonly #levels: string[][];

  constructor(readonly shares: readonly Share[]) {
    const leaves = shares.map(({ index, account, amountWei }) =>
      solidityPackedKeccak256(["uint256", "address", "uint256"], [index, account, amountWei]),
    );
    this.#levels = [leaves];
    for (let level = leaves; level.length > 1; this.#levels.push(level)) level = parents(level);
  }

  get root(): string {
    return this.#levels.at(-1)?.[0] ?? `0x${"00".repeat(32)}`;
  }

  /** Siblings of the share at a position, lowest first. */
  proof(position: number): string[] {
    return this.#levels.slice(0, -1).flatMap((level, depth) => level[Math.floor(position / 2 ** depth) ^ 1] ?? []);
  }
}

function parents(level: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
    const [left, right] = [level[2 * i] ?? "0x", level[2 * i + 1]];
    if (right === undefined) return left;
    const pair = left < right ? [left, right] : [right, left];
    return keccak256(getBytes(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], pair)));
  });
}
