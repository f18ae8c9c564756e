import { DraftStale, VetoUnknown } from "../errors/attestation.js";
import { RouterSetStale } from "../errors/contract/routers.js";
import {
  LedgerTree,
  buildAttestation,
  buildBlock,
  fitAllowance,
  type AttestationDraft,
  type ChainLimits,
  type Debit,
  type EarnedReport,
  type Head,
  type ReportEntry,
} from "../ledger/index.js";
import { bytesToHex } from "../crypto/index.js";
import { hashMessage, type InferenceBlock } from "../messages/index.js";
import { WEI_PER_UMOR, type Hash32, type UnixSeconds, type Wei } from "../units/index.js";
import type { Identity } from "./matching.js";
import type { Moment, RouterState } from "./state.js";

/** Attestations that can be pending on chain, as contracts/types/Units.sol. */
const MAX_PENDING = 256;
/** What was signed under a seq is remembered while it is among so many. */
const KEPT_SEQS = 1_024n;
/** More than any allowance: what was accepted fitted the day's. */
export const UNBOUNDED_UMOR = 1n << 128n;

/** A block that is written and not signed yet. */
export interface UnsignedBlock {
  readonly value: InferenceBlock;
  readonly hash: Hash32;
  readonly reports: readonly ReportEntry[];
}

/**
 * Write the blocks that are complete: one for each height with a report, and an empty one if the last has none. What was
 * written before and not signed stays as it is, so that no height is ever signed with two contents.
 * @returns all blocks that wait for their signature, oldest first
 */
export function closeOpenBlocks(state: RouterState, self: Identity, moment: Moment): readonly UnsignedBlock[] {
  const lastComplete = moment.height - 1n;
  const last = state.written.at(-1);
  if (lastComplete > (last?.value.height ?? state.closedThrough)) {
    const heights = [...state.open.keys()].filter((height) => height < lastComplete);
    heights.sort((a, b) => (a < b ? -1 : 1));
    let previousHash = last?.hash ?? state.lastBlockHash;
    for (const height of [...heights, lastComplete]) {
      const reports = state.open.get(height) ?? [];
      const value = buildBlock(self.router, height, previousHash, reports);
      previousHash = hashMessage("InferenceBlock", value, self.domain);
      state.written.push({ value, hash: previousHash, reports });
      state.open.delete(height);
    }
  }
  state.meter.forgetBefore(moment.day);
  for (const day of state.access.keys()) if (day < moment.day) state.access.delete(day);
  return [...state.written];
}

/** Close the oldest `count` written blocks, which are signed: their credits can be attested from now on. */
export function commitBlocks(state: RouterState, count: number): readonly UnsignedBlock[] {
  const blocks = state.written.splice(0, count);
  for (const { value, hash, reports } of blocks) {
    const { height } = value;
    for (const report of reports) if (report.creditWei > 0n) state.earned.push({ ...report, height });
    state.lastBlockHash = hash;
    state.closedThrough = height;
  }
  return blocks;
}

/**
 * Draft the attestation of closed blocks: first earned, first attested; what the allowance does not hold waits.
 * @returns undefined when there is nothing to credit or debit.
 * @throws RouterSetStale and the errors of `buildAttestation`
 */
export function draftAttestation(
  state: RouterState,
  self: Identity,
  input: {
    readonly head: Head;
    readonly allowanceUMor: bigint;
    readonly routerSet: Hash32;
    readonly quorumBytes: number;
    readonly limits?: ChainLimits;
    readonly debits?: readonly Debit[];
  },
  moment: Moment,
): AttestationDraft | undefined {
  const { head, allowanceUMor, routerSet, quorumBytes, limits, debits = [] } = input;
  if (head.routerSet !== routerSet) throw new RouterSetStale({ signed: routerSet, inForce: head.routerSet });
  const closed = state.closedThrough < head.openBlock ? state.closedThrough : head.openBlock - 1n;
  const lastBlock = closed < head.nextBlock ? head.nextBlock - 1n : closed;
  const behind = state.earned.findIndex(({ height }) => height > lastBlock);
  const earned = behind < 0 ? state.earned : state.earned.slice(0, behind);
  const fit = fitAllowance(earned, allowanceUMor, state.attestedWei);
  const deadline = (moment.at + self.policy.attestationSeconds) as UnixSeconds;
  const options = { deadline, lastBlock, quorumBytes, debits, ...(limits === undefined ? {} : { limits }) };
  return buildAttestation(state.tree, fit, head, options);
}

/** Refuse a draft whose reports do not wait at their places. @throws DraftStale */
export function requirePaidInOrder(state: RouterState, { attestation, paid }: AttestationDraft): void {
  const first = paid.findIndex(({ reportHash }, i) => state.earned[i]?.reportHash !== reportHash);
  if (first >= 0) throw new DraftStale(attestation.seq, `report ${first} does not wait at its place`);
}

/**
 * Take an attestation of the first `count` reports as accepted by the contract: its credits are attested, and what it pays
 * no longer waits. @throws DraftStale
 */
export function commitDraft(
  state: RouterState,
  accepted: { readonly seq: bigint; readonly previousRoot: Hash32; readonly newRoot: Hash32; readonly count: number },
): void {
  const { seq, previousRoot, newRoot, count } = accepted;
  if (previousRoot !== bytesToHex(state.tree.root())) {
    throw new DraftStale(seq, "built on another root than the ledger's");
  }
  const paid = state.earned.slice(0, count);
  const { deltas, after } = fitAllowance(paid, UNBOUNDED_UMOR, state.attestedWei);
  const tree = state.tree.clone();
  tree.apply(deltas);
  if (paid.length < count || bytesToHex(tree.root()) !== newRoot) {
    throw new DraftStale(seq, `does not pay the first ${count} reports that wait`);
  }
  for (const [providerId, lifetimeWei] of after) state.attestedWei.set(providerId, lifetimeWei);
  state.earned = state.earned.slice(count);
  const waiting = state.accepted.slice(1 - MAX_PENDING);
  state.accepted = [...waiting, { seq, previousRoot, deltas, paid }];
  state.tree = tree;
  if (seq > state.acceptedThrough) state.acceptedThrough = seq;
  for (const bound of state.bound.keys()) if (bound <= seq) state.bound.delete(bound);
}

/** Take accepted attestations up to `seq` as active: no veto drops them any more, and what they paid can be forgotten. */
export function settleAccepted(state: RouterState, seq: bigint): void {
  state.accepted = state.accepted.filter((each) => each.seq > seq);
  if (seq > state.acceptedThrough) state.acceptedThrough = seq;
  for (const signed of state.signedSeqs.keys()) if (signed <= seq - KEPT_SEQS) state.signedSeqs.delete(signed);
}

/**
 * Take attestation `seq` and all after it back, as a veto does: their reports wait again, in front of all others, and the
 * ledger steps back to the last one that stands. @throws VetoUnknown
 */
export function revertAccepted(state: RouterState, seq: bigint): void {
  const first = state.accepted.findIndex((each) => each.seq === seq);
  const dropped = first < 0 ? [] : state.accepted.slice(first);
  const [oldest] = dropped;
  if (oldest === undefined) throw new VetoUnknown(seq);
  const lanes = state.tree.lanes(0, state.tree.wordCount);
  for (const { deltas } of dropped) for (const [id, delta] of deltas) lanes[id]! -= delta;
  const tree = LedgerTree.from(lanes);
  if (bytesToHex(tree.root()) !== oldest.previousRoot) throw new VetoUnknown(seq);
  const reports = dropped.flatMap(({ paid }) => paid);
  addAttested(state, reports, -1n);
  state.earned = [...reports, ...state.earned];
  state.accepted = state.accepted.slice(0, first);
  state.tree = tree;
  // What was drafted on a dropped root can no longer be posted: its seq is free.
  for (const [bound, { attestation }] of state.bound) {
    if (attestation.previousRoot === oldest.previousRoot) continue;
    state.bound.delete(bound);
    state.signedSeqs.delete(bound);
  }
}

/** Take reports that wait as paid by an attestation of several routers. */
export function commitPaid(state: RouterState, reports: readonly Hash32[]): void {
  const hashes = new Set(reports);
  const own = state.earned.filter(({ reportHash }) => hashes.has(reportHash));
  state.earned = state.earned.filter(({ reportHash }) => !hashes.has(reportHash));
  addAttested(state, own, 1n);
}

/** Take `commitPaid` back, given whole: the reports wait again, in front of all others. */
export function revertPaid(state: RouterState, own: readonly EarnedReport[]): void {
  addAttested(state, own, -1n);
  state.earned = [...own, ...state.earned];
}

function addAttested(state: RouterState, reports: readonly EarnedReport[], sign: 1n | -1n): void {
  for (const { providerId, creditWei } of reports) {
    const attested = (state.attestedWei.get(providerId) ?? 0n) + sign * creditWei;
    state.attestedWei.set(providerId, attested as Wei);
  }
}

/** What is judged and not attested, in uMOR: closed or still open, whole units of each provider. */
export function backlogUMor(state: RouterState): bigint {
  let backlog = 0n;
  for (const [providerId, judged] of state.judgedWei) {
    backlog += judged / WEI_PER_UMOR - (state.attestedWei.get(providerId) ?? 0n) / WEI_PER_UMOR;
  }
  return backlog;
}
