import { LedgerTree, type EarnedReport, type ReportEntry } from "../ledger/index.js";
import type { UnsignedBlock } from "../router/crediting.js";
import type { BoundDraft, SignedSeq } from "../router/drafts.js";
import type { Accepted, RouterState } from "../router/state.js";
import type { ProviderId, UnixSeconds, Wei } from "../units/index.js";
import type { ByteReader, ByteWriter } from "./bytes.js";
import { readValue, writeValue } from "./messageCodec.js";

/** Everything of a state that is about credits, from judged reports to the ledger. */
type Credits = Pick<
  RouterState,
  | "access"
  | "open"
  | "written"
  | "earned"
  | "judgedWei"
  | "attestedWei"
  | "accepted"
  | "bound"
  | "signedSeqs"
  | "acceptedThrough"
  | "tree"
  | "lastBlockHash"
  | "closedThrough"
>;

/** Write the credits. */
export function writeCredits(out: ByteWriter, state: RouterState): void {
  out.list([...state.access], ([day, { budgetWei, supplyWei }]) => {
    out.uint(day);
    out.uint(budgetWei);
    out.uint(supplyWei);
  });
  out.list([...state.open], ([height, reports]) => {
    out.uint(height);
    out.list(reports, (report) => writeReport(out, report));
  });
  out.list(state.written, ({ value, hash, reports }) => {
    writeValue(out, "InferenceBlock", value);
    out.fixed(hash, 32);
    out.list(reports, (report) => writeReport(out, report));
  });
  writeEarned(out, state.earned);
  writeLifetimes(out, state.judgedWei);
  writeLifetimes(out, state.attestedWei);
  out.list(state.accepted, ({ seq, previousRoot, deltas, paid }) => {
    out.uint(seq);
    out.fixed(previousRoot, 32);
    out.list([...deltas], ([id, delta]) => {
      out.count(id);
      out.uint(delta);
    });
    writeEarned(out, paid);
  });
  out.list([...state.bound.values()], ({ attestation, count, debits }) => {
    writeValue(out, "Attestation", attestation);
    out.count(count);
    out.bytes(debits);
  });
  out.list([...state.signedSeqs.values()], ({ seq, digest, deadline }) => {
    out.uint(seq);
    out.fixed(digest, 32);
    out.uint(deadline);
  });
  out.uint(state.acceptedThrough);
  out.list(state.tree.lanes(0, state.tree.wordCount), (lane) => out.uint(lane));
  out.fixed(state.lastBlockHash, 32);
  out.uint(state.closedThrough + 1n);
}

/** Read the credits. @throws JournalDamaged */
export function readCredits(from: ByteReader): Credits {
  return {
    access: new Map(from.list(() => [from.uint(), { budgetWei: from.uint(), supplyWei: from.uint() }] as const)),
    open: new Map(from.list(() => [from.uint(), from.list(() => readReport(from))] as const)),
    written: from.list((): UnsignedBlock => ({
      value: readValue(from, "InferenceBlock"),
      hash: from.hash(),
      reports: from.list(() => readReport(from)),
    })),
    earned: readEarned(from),
    judgedWei: readLifetimes(from),
    attestedWei: readLifetimes(from),
    accepted: from.list((): Accepted => ({
      seq: from.uint(),
      previousRoot: from.hash(),
      deltas: new Map(from.list(() => [from.count(), from.uint()] as const)),
      paid: readEarned(from),
    })),
    bound: new Map(from.list(() => readBound(from))),
    signedSeqs: new Map(from.list(() => readSignedSeq(from))),
    acceptedThrough: from.uint(),
    tree: LedgerTree.from(from.list(() => from.uint())),
    lastBlockHash: from.hash(),
    closedThrough: from.uint() - 1n,
  };
}

function readBound(from: ByteReader): [bigint, BoundDraft] {
  const attestation = readValue(from, "Attestation");
  return [attestation.seq, { attestation, count: from.count(), debits: Uint8Array.from(from.bytes()) }];
}

function readSignedSeq(from: ByteReader): [bigint, SignedSeq] {
  const [seq, digest, deadline] = [from.uint(), from.hash(), from.uint() as UnixSeconds] as const;
  return [seq, { seq, digest, deadline }];
}

/** Write reports that are credited. */
export function writeEarned(out: ByteWriter, reports: readonly EarnedReport[]): void {
  out.list(reports, (report) => {
    writeReport(out, report);
    out.uint(report.height);
  });
}

/** Read reports that are credited. @throws JournalDamaged */
export function readEarned(from: ByteReader): EarnedReport[] {
  return from.list(() => ({ ...readReport(from), height: from.uint() }));
}

function writeReport(out: ByteWriter, { reportHash, providerId, creditWei }: ReportEntry): void {
  out.fixed(reportHash, 32);
  out.uint(providerId);
  out.uint(creditWei);
}

function readReport(from: ByteReader): ReportEntry {
  return { reportHash: from.hash(), providerId: from.uint() as ProviderId, creditWei: from.uint() as Wei };
}

function writeLifetimes(out: ByteWriter, lifetimes: ReadonlyMap<ProviderId, Wei>): void {
  out.list([...lifetimes], ([providerId, wei]) => {
    out.uint(providerId);
    out.uint(wei);
  });
}

function readLifetimes(from: ByteReader): Map<ProviderId, Wei> {
  return new Map(from.list(() => [from.uint() as ProviderId, from.uint() as Wei] as const));
}
