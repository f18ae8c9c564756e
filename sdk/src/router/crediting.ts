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

/** A block that is written and not signed yet. */
export interface UnsignedBlock {
  readonly value: InferenceBlock;
  readonly hash: Hash32;
  readonly reports: readonly ReportEntry[];
}

/** Write the blocks that are complete: one for each height with a report, and an empty one if the last has none. */
export function writeBlocks(state: RouterState, self: Identity, moment: Moment): UnsignedBlock[] {
  const lastComplete = moment.height - 1n;
  if (lastComplete <= state.closedThrough) return [];
  const heights = [...state.open.keys()].filter((height) => height < lastComplete);
  heights.sort((a, b) => (a < b ? -1 : 1));
  let previousHash = state.lastBlockHash;
  return [...heights, lastComplete].map((height) => {
    const reports = state.open.get(height) ?? [];
    const value = buildBlock(self.router, height, previousHash, reports);
    previousHash = hashMessage("InferenceBlock", value, self.domain);
    return { value, hash: previousHash, reports };
  });
}

/** Close blocks that were written and signed: their credits can be attested from now on. */
export function commitBlocks(state: RouterState, blocks: readonly UnsignedBlock[]): void {
  for (const { value, hash, reports } of blocks) {
    const { height } = value;
    for (const report of reports) if (report.creditWei > 0n) state.earned.push({ ...report, height });
    state.open.delete(height);
    state.lastBlockHash = hash;
    state.closedThrough = height;
  }
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

/** Take a draft as accepted by the contract: its credits are attested, and what it pays no longer waits. @throws DraftStale */
export function commitDraft(state: RouterState, draft: AttestationDraft): void {
  const { attestation, paid, fit, after } = draft;
  if (attestation.previousRoot !== bytesToHex(state.tree.root())) {
    throw new DraftStale(attestation.seq, "built on another root than the ledger's");
  }
  const first = paid.findIndex(({ reportHash }, i) => state.earned[i]?.reportHash !== reportHash);
  if (first >= 0) throw new DraftStale(attestation.seq, `report ${first} does not wait at its place`);
  for (const [providerId, lifetimeWei] of fit.after) state.attestedWei.set(providerId, lifetimeWei);
  state.earned = state.earned.slice(paid.length);
  const { seq, previousRoot } = attestation;
  const waiting = state.accepted.slice(1 - MAX_PENDING);
  state.accepted = [...waiting, { seq, previousRoot, deltas: fit.deltas, paid }];
  state.tree = after;
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
  for (const { deltas } of dropped) for (const [id, delta] of deltas) lanes[id] = (lanes[id] ?? 0n) - delta;
  const tree = LedgerTree.from(lanes);
  if (bytesToHex(tree.root()) !== oldest.previousRoot) throw new VetoUnknown(seq);
  const reports = dropped.flatMap(({ paid }) => paid);
  for (const { providerId, creditWei } of reports) {
    state.attestedWei.set(providerId, ((state.attestedWei.get(providerId) ?? 0n) - creditWei) as Wei);
  }
  state.earned = [...reports, ...state.earned];
  state.accepted = state.accepted.slice(0, first);
  state.tree = tree;
}

/**
 * Take reports as paid by an attestation of several routers: those of this router no longer wait.
 * @returns the reports of this router, as `revertPaid` takes them
 */
export function commitPaid(state: RouterState, reports: readonly EarnedReport[]): EarnedReport[] {
  const hashes = new Set(reports.map(({ reportHash }) => reportHash));
  const own = state.earned.filter(({ reportHash }) => hashes.has(reportHash));
  state.earned = state.earned.filter(({ reportHash }) => !hashes.has(reportHash));
  addAttested(state, own, 1n);
  return own;
}

/** Take `commitPaid` back, given what it returned: the reports wait again, in front of all others. */
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
