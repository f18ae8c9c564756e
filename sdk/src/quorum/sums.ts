import { concatBytes, hexToBytes, keccak256Hex } from "../crypto/index.js";
import { TREE_DEPTH, ZERO_HASH, type Hash32 } from "../units/index.js";
import type { JudgedReport } from "./reviewSteps.js";

interface Branch {
  readonly hash: Hash32;
  readonly sumWei: bigint;
}

/**
 * Root of the Merkle-sum tree of reports, from the top down: a branch of n leaves has the greatest power of two below n
 * on its left. `ledger/reports.ts` builds the same tree from the leaves up.
 */
export function sumRoot(reports: readonly JudgedReport[]): Hash32 {
  if (reports.length === 0) return ZERO_HASH;
  const { hash, sumWei } = branchOf(reports);
  return keccak256Hex(concatBytes(bytes(2, 1), bytes(reports.length, 8), bytes(sumWei, 32), hexToBytes(hash)));
}

function branchOf(reports: readonly JudgedReport[]): Branch {
  const [only] = reports;
  if (reports.length === 1 && only !== undefined) {
    const { reportHash, providerId, creditWei } = only;
    const leaf = concatBytes(bytes(0, 1), hexToBytes(reportHash), bytes(providerId, 8), bytes(creditWei, 32));
    return { hash: keccak256Hex(leaf), sumWei: creditWei };
  }
  const half = 2 ** (31 - Math.clz32(reports.length - 1));
  const [left, right] = [branchOf(reports.slice(0, half)), branchOf(reports.slice(half))];
  const parts = [left, right].map(({ hash, sumWei }) => concatBytes(hexToBytes(hash), bytes(sumWei, 32)));
  return { hash: keccak256Hex(concatBytes(bytes(1, 1), ...parts)), sumWei: left.sumWei + right.sumWei };
}

/**
 * Root of the ledger (SPEC S4) from the lanes of all providers in uMOR, from the top down. `LedgerTree` keeps the same
 * tree and changes it leaf by leaf.
 */
export function ledgerRoot(lanes: ReadonlyMap<bigint, bigint>): Hash32 {
  const words = new Map<number, bigint>();
  for (const [id, lane] of lanes) {
    const word = Number(id / 4n);
    words.set(word, (words.get(word) ?? 0n) | (lane << (64n * (id % 4n))));
  }
  const filled = [...words].filter(([, word]) => word > 0n).sort(([a], [b]) => a - b);
  return nodeOf(filled, TREE_DEPTH, 0);
}

function nodeOf(words: readonly (readonly [number, bigint])[], level: number, first: number): Hash32 {
  const [only] = words;
  if (only === undefined) return emptyNode(level);
  if (level === 0) return `0x${only[1].toString(16).padStart(64, "0")}` as Hash32;
  const middle = first + 2 ** (level - 1);
  const split = words.findIndex(([word]) => word >= middle);
  const end = split < 0 ? words.length : split;
  const left = nodeOf(words.slice(0, end), level - 1, first);
  const right = nodeOf(words.slice(end), level - 1, middle);
  return keccak256Hex(concatBytes(hexToBytes(left), hexToBytes(right)));
}

const emptyNodes: Hash32[] = [ZERO_HASH];

function emptyNode(level: number): Hash32 {
  while (emptyNodes.length <= level) {
    const below = hexToBytes(emptyNodes[emptyNodes.length - 1]!);
    emptyNodes.push(keccak256Hex(concatBytes(below, below)));
  }
  return emptyNodes[level]!;
}

/** A number as big-endian bytes; it fits by what was checked of it before. */
function bytes(value: bigint | number, size: number): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(2 * size, "0")}`);
}
