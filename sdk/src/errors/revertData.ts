import { isHexBytes } from "../crypto/hex.js";
import type { Hex } from "../units/brands.js";

/**
 * Fields in which ethers, nodes and wallets wrap what a call reverted with. `transaction`, `payload` and `request` are left
 * out on purpose: their `data` is what was sent.
 */
const WRAPPERS = ["data", "error", "info", "cause", "originalError", "revert", "result", "return"] as const;
const MAX_DEPTH = 8;

/**
 * Find the revert data in an error of ethers v6, hardhat, anvil, geth or a wallet: the first non-empty one, going inwards.
 * Gives "0x" when only empty data was found, and undefined when there is none at all.
 */
export function findRevertData(error: unknown): Hex | undefined {
  return search(error, MAX_DEPTH, new Set());
}

function search(value: unknown, depth: number, seen: Set<object>): Hex | undefined {
  if (typeof value === "string") return hexIn(value);
  if (typeof value !== "object" || value === null || depth === 0 || seen.has(value)) return undefined;
  seen.add(value);
  let empty: Hex | undefined;
  for (const key of WRAPPERS) {
    const inner = (value as Record<string, unknown>)[key];
    const found = search(inner, depth - 1, seen);
    if (found === "0x") empty = found;
    else if (found !== undefined) return found;
  }
  return empty;
}

/** Nethermind and OpenEthereum write a word in front of the data. */
function hexIn(text: string): Hex | undefined {
  const data = text.startsWith("Reverted ") ? text.slice("Reverted ".length) : text;
  return isHexBytes(data) && (data === "0x" || data.length >= 10) ? data : undefined;
}
