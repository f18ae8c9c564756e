import { hexlify } from "ethers";
import type { ClaimArgs } from "../actions/claim.js";
import type { AttestationPost } from "../actions/postAttestation.js";
import type { SlashPost } from "../actions/postSlash.js";
import type { DebitBooking } from "../actions/bookDebits.js";
import type { EntryRanges } from "../bootstrap/pieces.js";
import { ALL_RANKS, ranksMask, ranksOf } from "../bootstrap/ranks.js";
import { hexToBytes } from "../crypto/hex.js";
import { keccak256Text } from "../crypto/keccak.js";
import { claimedIds } from "../ledger/claimParts.js";
import { packDebits } from "../ledger/debits.js";
import type { Attestation } from "../messages/attestation.js";
import type { SlashOrder } from "../messages/slashOrder.js";
import type { Brand, Hash32, Hex } from "../units/brands.js";
import { uint, type Integer } from "../units/integers.js";
import { writeJson } from "./json.js";

/** Name of a job: the digest of what it is to do, so the same thing twice is one job. */
export type JobId = Brand<Hash32, "JobId">;

/** What is to be done, in a form that can be stored. Lists of seasons are left out: they are read when it is sent. */
export type Task =
  | ({ readonly kind: "attestation"; readonly attestation: Attestation } & PackedAttestation)
  | { readonly kind: "slash"; readonly order: SlashOrder; readonly quorum: Hex }
  | { readonly kind: "entry"; readonly season: bigint; readonly before: Hex; readonly after: Hex }
  | { readonly kind: "close"; readonly season: bigint }
  | { readonly kind: "award"; readonly season: bigint; readonly ranks: bigint }
  | { readonly kind: "claim"; readonly seq: bigint; readonly ranges: Hex }
  | { readonly kind: "debits"; readonly seq: bigint; readonly debits: Hex };

/** Kinds of jobs. */
export type TaskKind = Task["kind"];

/** An attestation as a job keeps it: parts that have their bytes, packed. */
export interface PackedAttestation {
  readonly deltas: Hex;
  readonly witness: Hex;
  readonly debits: Hex;
  readonly quorum: Hex;
}

/** Who is entered into which season: what `planEntries` gives, without the list. */
export interface RelayEntry {
  readonly season: Integer;
  readonly ranges: EntryRanges;
}

/** Which ranks of a closed season are paid; all of them without `ranks`. */
export interface RelayAward {
  readonly season: Integer;
  /** Ranks from 0. */
  readonly ranks?: Iterable<number>;
}

/** Task of posting an attestation. */
export function attestationTask({ attestation, deltas, witness, debits = "0x", quorum }: AttestationPost): Task {
  const packed = { deltas: hex(deltas), witness: hex(witness), debits: hex(debits), quorum: hex(quorum) };
  return { kind: "attestation", attestation: { ...attestation }, ...packed };
}

/** Task of posting a slash order. */
export function slashTask({ order, quorum }: SlashPost): Task {
  return { kind: "slash", order: { ...order }, quorum: hex(quorum) };
}

/** Task of entering providers into a season. @throws InvalidField */
export function entryTask({ season, ranges }: RelayEntry): Task {
  return { kind: "entry", season: seasonOf(season), before: hex(ranges.before), after: hex(ranges.after) };
}

/** Task of closing a season. @throws InvalidField */
export function closeTask(season: Integer): Task {
  return { kind: "close", season: seasonOf(season) };
}

/** Task of paying awards. @throws InvalidField */
export function awardTask({ season, ranks }: RelayAward): Task {
  return { kind: "award", season: seasonOf(season), ranks: ranks === undefined ? ALL_RANKS : ranksMask(ranks) };
}

/** Task of a claim. @throws PayloadTruncated when the ranges are none */
export function claimTask({ seq, ranges }: ClaimArgs): Task {
  claimedIds(bytes(hex(ranges)));
  return { kind: "claim", seq: uint(seq, 64, "seq"), ranges: hex(ranges) };
}

/** Task of booking debits. @throws InvalidField */
export function debitsTask({ seq, debits }: DebitBooking): Task {
  return { kind: "debits", seq: uint(seq, 64, "seq"), debits: hex(packDebits(debits)) };
}

/** Id of the job that does a task. */
export function jobIdOf(task: Task): JobId {
  return keccak256Text(writeJson(task)) as JobId;
}

/** Whom or what a task is about: ids of providers, ranks, a season, a seq, or the provider that is slashed. */
export function itemsOf(task: Task): bigint[] {
  switch (task.kind) {
    case "attestation":
      return [task.attestation.seq];
    case "slash":
      return [task.order.providerId];
    case "entry":
      return claimedIds(bytes(task.after)).map(BigInt);
    case "close":
      return [task.season];
    case "award":
      return ranksOf(task.ranks).map(BigInt);
    case "claim":
      return claimedIds(bytes(task.ranges)).map(BigInt);
    case "debits":
      return [task.seq];
  }
}

/** Tasks of one line are sent one after the other: each changes what the next one builds on. */
export function lineOf(task: Task): string | undefined {
  switch (task.kind) {
    case "attestation":
      return "attestation";
    case "entry":
    case "close":
    case "award":
      return `season ${task.season}`;
    default:
      return undefined;
  }
}

/** Bytes of stored hex. */
export function bytes(value: Hex): Uint8Array {
  return hexToBytes(value);
}

function hex(value: Uint8Array | Hex): Hex {
  return hexlify(value) as Hex;
}

function seasonOf(season: Integer): bigint {
  return uint(season, 32, "season");
}
