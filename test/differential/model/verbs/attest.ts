import { hex, keccak } from "../../wire/bytes.js";
import type { Debit, Entry } from "../ledger.js";
import { Reasons, accepted, type Caller, type Log, type Outcome, type Refusal } from "../outcome.js";
import { logOf } from "../registry.js";
import type { Quorum } from "../routers.js";
import type { System } from "../system.js";
import { LANES, UMOR } from "../units.js";
import { Tree, type Lanes } from "../tree.js";

/** The message that routers sign. */
export interface Attestation {
  readonly seq: bigint;
  readonly previousRoot: bigint;
  readonly newRoot: bigint;
  readonly credited: bigint;
  readonly debitsHash: bigint;
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly reportsRoot: bigint;
  readonly routerSet: bigint;
  readonly deadline: bigint;
}

/** A touched range: the deltas and the old lanes of its first `count` words; those behind are empty. */
export interface Update {
  readonly firstWord: number;
  readonly level: number;
  readonly count: number;
  readonly deltas: readonly bigint[];
  readonly olds: readonly bigint[];
}

/** Everything that is posted. */
export interface AttestInput {
  readonly message: Attestation;
  readonly updates: readonly Update[];
  /** Packed deltas, as the event repeats them. */
  readonly packedDeltas: string;
  readonly debits: readonly Debit[];
  readonly quorum: Quorum;
  /** What is wrong with the bytes themselves. */
  readonly format?: readonly Refusal[];
}

/** Packed debits. */
export const packDebits = (debits: readonly Debit[]): string =>
  debits.map(({ id, amountUMor, reasonHash }) => hex(id, 4) + hex(amountUMor, 8) + hex(reasonHash, 32)).join("");

/** Hash of debits; 0 for none. */
export const hashDebits = (debits: readonly Debit[]): bigint => (debits.length === 0 ? 0n : keccak(packDebits(debits)));

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Lanes in which range after range was replaced by what `pick` names, the words behind a range's count by empty ones. */
function replace(lanes: Lanes, update: Update, values: readonly bigint[]): bigint[] {
  const result = [...lanes];
  const from = update.firstWord * LANES;
  while (result.length < from) result.push(0n);
  for (let i = 0; i < LANES << update.level; i++) {
    if (i < values.length) result[from + i] = values[i]!;
    else if (from + i < result.length) result[from + i] = 0n;
  }
  return result;
}

interface Applied {
  readonly lanes: Lanes;
  readonly endId: number;
  readonly mismatch?: { readonly firstWord: number; readonly computed: bigint; readonly expected: bigint };
}

/** A range names every id before its last pair of words, and in that pair those up to the last one with a delta. */
function endOf({ firstWord, count, deltas }: Update): number {
  const certain = Math.max(0, count - 2) * LANES;
  const last = deltas.findLastIndex((delta) => delta > 0n);
  return firstWord * LANES + Math.max(certain, last + 1);
}

/** Apply range after range to the head's lanes. */
function apply(head: Lanes, headRoot: bigint, updates: readonly Update[]): Applied {
  let lanes = head;
  let root = headRoot;
  let endId = 0;
  for (const update of updates) {
    const computed = new Tree(replace(lanes, update, update.olds)).root;
    if (computed !== root) return { lanes, endId, mismatch: { firstWord: update.firstWord, computed, expected: root } };
    const sums = update.deltas.map((delta, i) => update.olds[i]! + delta);
    lanes = replace(lanes, update, sums);
    root = new Tree(lanes).root;
    endId = Math.max(endId, endOf(update));
  }
  return { lanes, endId };
}

/** `attest` (SPEC S3, design 6). */
export function attest(system: System, { now }: Caller, input: AttestInput): Outcome {
  const { ledger, reserve, registry } = system;
  const { message, debits } = input;
  const reasons = new Reasons();
  reasons.list.push(...(input.format ?? []));
  reasons.when(system.isPaused(now), "AttestationPaused", system.pausedUntil);
  reasons.when(now > message.deadline, "AttestationExpired", message.deadline, now);
  reasons.when(message.seq !== ledger.lastSeq + 1n, "AttestationSeqInvalid", message.seq, ledger.lastSeq + 1n);
  const { root } = ledger.tree;
  reasons.when(message.previousRoot !== root, "AttestationRootStale", message.previousRoot, root);
  const { nextBlock } = ledger;
  reasons.when(message.firstBlock !== nextBlock, "AttestationBlockGap", message.firstBlock, nextBlock);
  const { firstBlock, lastBlock } = message;
  reasons.when(lastBlock + 1n < firstBlock, "AttestationBlockOrder", firstBlock, lastBlock);
  const open = system.heightOf(now);
  reasons.when(lastBlock >= open, "AttestationBlockIncomplete", lastBlock, open);
  const debitsHash = hashDebits(debits);
  reasons.when(message.debitsHash !== debitsHash, "AttestationDebitsMismatch", message.debitsHash, debitsHash);
  reasons.when(message.credited === 0n && message.debitsHash === 0n, "AttestationEmpty");
  debits.forEach(({ id, amountUMor }, i) => {
    reasons.when(amountUMor === 0n, "DebitZero", BigInt(i));
    reasons.when(BigInt(id) >= registry.count, "LedgerProviderUnregistered", BigInt(id) + 1n, registry.count);
  });
  system.routers.check(reasons, message.routerSet, input.quorum);
  const waiting = ledger.occupant(now);
  if (waiting) reasons.when(true, "LedgerTooManyPending", message.seq, waiting.seq, waiting.activeAt);

  const credited = sumOf(input.updates.flatMap(({ deltas }) => deltas));
  const applied = apply(ledger.tree.lanes, root, input.updates);
  const { mismatch } = applied;
  if (mismatch) {
    const { firstWord, computed, expected } = mismatch;
    reasons.when(true, "LedgerRootMismatch", BigInt(firstWord), computed, expected);
  }
  const tree = new Tree(applied.lanes);
  if (!mismatch) reasons.when(message.newRoot !== tree.root, "AttestationRootMismatch", message.newRoot, tree.root);
  reasons.when(message.credited !== credited, "AttestationSumMismatch", message.credited, credited);
  const endId = BigInt(applied.endId);
  reasons.when(endId > registry.count, "LedgerProviderUnregistered", endId, registry.count);

  const reserved = reserveAllowed(system, reasons, now, message.credited, sumOf(debits.map((d) => d.amountUMor)));
  if (reasons.any) return reasons.refused();
  const entry: Entry = {
    seq: message.seq,
    lanes: applied.lanes,
    tree,
    creditedUMor: credited,
    nextBlock: message.lastBlock + 1n,
    activeAt: now + ledger.activationDelay,
    debits,
    debitsHash,
    debitDay: reserve.day,
    debitsBooked: false,
  };
  ledger.standing.push(entry);
  ledger.lastSeq = entry.seq;
  system.touch("attestation", entry.seq);
  return accepted([...reserved, ...attestedLogs(system, input, entry)]);
}

/** Roll, book if the books do not suffice for the credits, and reserve; or say why not and leave all as it was. */
function reserveAllowed(system: System, reasons: Reasons, now: bigint, credited: bigint, debited: bigint): Log[] {
  const { reserve } = system;
  const before = { ...reserve };
  const logs = reserve.roll(now);
  if (credited * UMOR > reserve.allowance) logs.push(...reserve.book(now));
  const { allowance, budget } = reserve;
  reasons.when(credited * UMOR > allowance, "ReserveAllowanceExceeded", credited * UMOR, allowance);
  const ofTheDay = (reserve.debitedTodayUMor + debited) * UMOR;
  reasons.when(debited > 0n && ofTheDay > budget, "ReserveDebitRoomExceeded", ofTheDay, budget);
  if (reasons.any) {
    Object.assign(reserve, before);
    return [];
  }
  reserve.reserve(credited);
  reserve.debitedTodayUMor += debited;
  return logs;
}

function attestedLogs({ reserve }: System, { message, debits, packedDeltas }: AttestInput, entry: Entry): Log[] {
  const { seq, newRoot, credited, debitsHash, firstBlock, lastBlock, reportsRoot } = message;
  const head = [seq, newRoot, credited, reserve.attestedUMor, debitsHash, firstBlock, lastBlock, reportsRoot];
  const logs = [logOf("compute", "Attested", ...head, entry.activeAt, packedDeltas)];
  if (debits.length > 0) {
    const sum = sumOf(debits.map(({ amountUMor }) => amountUMor));
    logs.push(logOf("compute", "DebitsAttested", seq, sum, packDebits(debits)));
  }
  return logs;
}
