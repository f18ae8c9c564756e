import { bytesToHex, concatBytes, hexToBytes, keccak256 } from "../crypto/index.js";
import { ReportOutsideTree } from "../errors/attestation.js";
import { InvalidField } from "../errors/input.js";
import { ZERO_HASH, type Hash32, type ProviderId, type Wei } from "../units/index.js";

/**
 * The Merkle-sum tree of reports behind `reportsRoot` (design.md section 6): it commits to every report, its value and
 * the total, so that a report can be drawn in proportion to its value and demanded.
 *
 *     leaf := keccak256(0x00 | report digest b32 | providerId u64 | creditWei u256)      value creditWei
 *     node := keccak256(0x01 | left b32 | left value u256 | right b32 | right value u256) value left + right
 *     root := keccak256(0x02 | count u64 | total u256 | top b32)
 *
 * Leaves stand in the order of judgement; the last node of a level with an odd number moves up unhashed. Integers are
 * big-endian. The root of no reports is zero.
 */

/** What the tree holds of a report. A report that is not credited has value 0 and is never drawn. */
export interface ReportEntry {
  /** EIP-712 digest of the `InferenceReport`. */
  readonly reportHash: Hash32;
  readonly providerId: ProviderId;
  readonly creditWei: Wei;
}

/** A node with the sum of the credits below it. */
export interface SumNode {
  readonly hash: Hash32;
  readonly sumWei: bigint;
}

/** Proof of the report at `index`: siblings from the leaf up; a level where the node moves up unhashed has none. */
export interface ReportProof {
  readonly report: ReportEntry;
  readonly index: number;
  readonly count: number;
  readonly siblings: readonly SumNode[];
}

/** Root of the reports, in this order. @throws InvalidField */
export function reportsRoot(reports: readonly ReportEntry[]): Hash32 {
  const top = levelsOf(reports).at(-1)?.[0];
  return top === undefined ? ZERO_HASH : hashRoot(reports.length, top);
}

/** Sum of the credits in wei. */
export function totalWei(reports: readonly ReportEntry[]): Wei {
  return reports.reduce((sum, { creditWei }) => sum + creditWei, 0n) as Wei;
}

/** Prove the report at `index`. @throws ReportOutsideTree */
export function proveReport(reports: readonly ReportEntry[], index: number): ReportProof {
  const report = Number.isInteger(index) ? reports[index] : undefined;
  if (report === undefined) throw new ReportOutsideTree(BigInt(Math.trunc(index) || 0), BigInt(reports.length));
  const siblings = levelsOf(reports)
    .map((level, height) => level[Math.floor(index / 2 ** height) ^ 1])
    .filter((node) => node !== undefined);
  return { report, index, count: reports.length, siblings };
}

/**
 * Index of the report drawn by a position in [0, total): the one whose credit covers it when credits are laid end to
 * end.
 * @throws ReportOutsideTree
 */
export function reportAt(reports: readonly ReportEntry[], positionWei: bigint): number {
  let rest = positionWei;
  if (rest >= 0n) {
    for (const [index, { creditWei }] of reports.entries()) {
      if (rest < creditWei) return index;
      rest -= creditWei;
    }
  }
  throw new ReportOutsideTree(positionWei, totalWei(reports));
}

/** Hash a report to its leaf. @throws InvalidField */
export function reportLeaf(report: ReportEntry): SumNode {
  const { reportHash, providerId, creditWei } = report;
  const hash = keccak256(
    concatBytes(Uint8Array.of(0), bytes32(reportHash), word(providerId, 64), word(creditWei, 256)),
  );
  return { hash: bytesToHex(hash) as Hash32, sumWei: creditWei };
}

/** Join two nodes. @throws InvalidField */
export function joinNodes(left: SumNode, right: SumNode): SumNode {
  const [leftWei, rightWei] = [word(left.sumWei, 256), word(right.sumWei, 256)];
  const hash = keccak256(concatBytes(Uint8Array.of(1), bytes32(left.hash), leftWei, bytes32(right.hash), rightWei));
  return { hash: bytesToHex(hash) as Hash32, sumWei: left.sumWei + right.sumWei };
}

/** Hash the top of a tree with its count and total. @throws InvalidField */
export function hashRoot(count: number, top: SumNode): Hash32 {
  const parts = [Uint8Array.of(2), word(BigInt(count), 64), word(top.sumWei, 256), bytes32(top.hash)];
  return bytesToHex(keccak256(concatBytes(...parts))) as Hash32;
}

function levelsOf(reports: readonly ReportEntry[]): SumNode[][] {
  const levels = [reports.map(reportLeaf)];
  for (let level = levels[0]; level !== undefined && level.length > 1;) {
    const parents: SumNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left !== undefined) parents.push(right === undefined ? left : joinNodes(left, right));
    }
    levels.push(parents);
    level = parents;
  }
  return levels;
}

function bytes32(hash: string): Uint8Array {
  const bytes = hexToBytes(hash);
  if (bytes.length !== 32) throw new InvalidField("report.hash", "32 bytes of hex", hash);
  return bytes;
}

function word(value: bigint, bits: 64 | 256): Uint8Array {
  if (BigInt.asUintN(bits, value) !== value) throw new InvalidField("report.value", `an integer of uint${bits}`, value);
  return hexToBytes(`0x${value.toString(16).padStart(bits / 4, "0")}`);
}
