import { hex } from "../../wire/bytes.js";
import { Reasons, accepted, type Caller, type Log, type Outcome, type Refusal } from "../outcome.js";
import { logOf } from "../registry.js";
import type { System } from "../system.js";
import { LANES, MAX_PAUSE, UMOR, above } from "../units.js";
import { hashDebits, packDebits } from "./attest.js";
import type { Debit } from "../ledger.js";

export { packDebits };

/** `intake` (design 3 and 4). */
export function intake({ reserve }: System, { now }: Caller): Outcome {
  const booked = reserve.unbooked;
  const logs = [...reserve.roll(now), ...reserve.book(now)];
  return accepted(logs, booked);
}

/** `veto` (design 6). */
export function veto(system: System, { sender, now }: Caller, seq: bigint): Outcome {
  const { ledger, reserve } = system;
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "guardian");
  const entry = ledger.find(seq);
  if (entry === undefined) reasons.when(true, "LedgerAttestationUnknown", seq);
  else reasons.when(ledger.isActive(entry, now), "LedgerAttestationActive", seq, ledger.activeAtOf(entry));
  if (reasons.any || entry === undefined) return reasons.refused();
  const lastDropped = ledger.headSeq;
  const dropped = ledger.standing.splice(ledger.standing.indexOf(entry));
  const releasedUMor = dropped.reduce((sum, { creditedUMor }) => sum + creditedUMor, 0n);
  reserve.release(releasedUMor);
  for (const { seq: gone, debits, debitDay } of dropped) {
    system.touch("attestation", gone);
    if (debitDay !== reserve.day) continue;
    for (const { amountUMor } of debits) reserve.releaseDebits(amountUMor);
  }
  const args = [seq, lastDropped, ledger.headSeq, releasedUMor, reserve.attestedUMor];
  return accepted([logOf("compute", "AttestationsVetoed", ...args)]);
}

/** `debit` (design 7). */
export function debit(system: System, { now }: Caller, seq: bigint, debits: readonly Debit[]): Outcome {
  const { registry } = system;
  const reasons = new Reasons();
  const entry = requireActive(system, reasons, seq, now);
  const given = hashDebits(debits);
  const recorded = entry === undefined || entry.debitsBooked ? 0n : entry.debitsHash;
  reasons.when(recorded === 0n || given !== recorded, "LedgerDebitsUnknown", seq, given, recorded);
  if (reasons.any || entry === undefined) return reasons.refused();
  entry.debitsBooked = true;
  system.touch("attestation", seq);
  const logs = debits.flatMap(({ id, amountUMor, reasonHash }) => {
    system.touch("provider", id);
    const booked = registry.bookDebt(id, amountUMor);
    return [booked, logOf("compute", "Debited", seq, BigInt(id), amountUMor, reasonHash)];
  });
  return accepted(logs);
}

/** Words whose providers are claimed for; bit k of `lanes` stands for lane k of every word. */
export interface ClaimRange {
  readonly firstWord: number;
  readonly count: number;
  readonly lanes: number;
}

/** `claim` (design 7). `flaws` says what is wrong with ranges or proofs. */
export function claim(
  system: System,
  { now }: Caller,
  seq: bigint,
  ranges: readonly ClaimRange[],
  flaws: readonly Refusal[],
): Outcome {
  const { ledger } = system;
  const reasons = new Reasons();
  const entry = requireActive(system, reasons, seq, now);
  reasons.list.push(...flaws);
  if (reasons.any || entry === undefined) return reasons.refused();
  const logs: Log[] = [];
  let due = false;
  let paidUMor = 0n;
  let payments = "";
  for (const id of new Set(idsOf(ranges))) {
    const lane = entry.lanes[id] ?? 0n;
    const available = above(lane, ledger.settled[id] ?? 0n);
    if (available === 0n) continue;
    due = true;
    const paid = system.payOne(id, available, logs);
    if (paid === undefined) continue;
    ledger.settle(id, lane);
    paidUMor += paid;
    if (paid > 0n) payments += hex(id, 4) + hex(paid, 8);
  }
  reasons.when(!due, "ClaimNothingDue", seq);
  if (reasons.any) return reasons.refused();
  return accepted([...logs, logOf("compute", "Claimed", seq, paidUMor, payments)], paidUMor * UMOR);
}

/** Ids in ranges, in order. */
export function idsOf(ranges: readonly ClaimRange[]): number[] {
  const ids: number[] = [];
  for (const { firstWord, count, lanes } of ranges) {
    for (let i = 0; i < count * LANES; i++) if ((lanes >> (i % LANES)) & 1) ids.push(firstWord * LANES + i);
  }
  return ids;
}

function requireActive({ ledger }: System, reasons: Reasons, seq: bigint, now: bigint) {
  const entry = ledger.find(seq);
  if (entry === undefined) reasons.when(true, "LedgerAttestationUnknown", seq);
  else reasons.when(!ledger.isActive(entry, now), "LedgerAttestationPending", seq, entry.activeAt);
  return entry;
}

/** `pauseAttestations` (design 10). */
export function pause(system: System, { sender, now }: Caller, duration: bigint): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "guardian");
  reasons.when(duration === 0n || duration > MAX_PAUSE, "PauseTooLong", duration, MAX_PAUSE);
  reasons.when(!system.armed, "PauseSpent");
  if (reasons.any) return reasons.refused();
  system.armed = false;
  system.pausedUntil = now + duration;
  return accepted([logOf("compute", "AttestationsPaused", system.pausedUntil)]);
}

/** `resumeAttestations`. */
export function resume(system: System, { sender }: Caller): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "guardian");
  if (reasons.any) return reasons.refused();
  system.pausedUntil = 0n;
  return accepted([logOf("compute", "AttestationsPaused", 0n)]);
}

/** `rearmPause`. */
export function rearm(system: System, { sender }: Caller): Outcome {
  const reasons = new Reasons();
  system.requireRole(reasons, sender, "governance");
  if (reasons.any) return reasons.refused();
  system.armed = true;
  return accepted([logOf("compute", "PauseRearmed")]);
}
