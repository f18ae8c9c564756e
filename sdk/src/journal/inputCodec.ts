import { hashMessage, type Domain } from "../messages/index.js";
import type { InputKind, RouterInput } from "../router/inputs.js";
import type { UnixMillis, UnixSeconds } from "../units/index.js";
import type { ByteReader, ByteWriter } from "./bytes.js";
import { readEarned, writeEarned } from "./creditsCodec.js";
import { readSigned, readValue, writeSigned, writeValue } from "./messageCodec.js";

/** What an input carries behind its kind and its moment. */
type Body<K extends InputKind> = Omit<RouterInput<K>, "kind" | "atMs">;

interface Codec<K extends InputKind> {
  /** Stands in the file: never changes, is never used again. */
  readonly code: number;
  write(out: ByteWriter, input: RouterInput<K>): void;
  read(from: ByteReader, domain: Domain): Body<K>;
}

const nothing = { write: () => undefined, read: () => ({}) };

const CODECS: { readonly [K in InputKind]: Codec<K> } = {
  bid: {
    code: 1,
    write: (out, { signed }) => writeSigned(out, signed),
    read: (from, domain) => {
      const signed = readSigned(from, "Bid");
      return { signed, hash: hashMessage("Bid", signed.value, domain) };
    },
  },
  rfc: {
    code: 2,
    write: (out, input) => {
      writeAccess(out, input.access);
      writeSigned(out, input.signed);
      out.uint(input.balanceWei);
    },
    read: (from, domain) => {
      const access = readAccess(from);
      const signed = readSigned(from, "Rfc");
      return { ...access, signed, hash: hashMessage("Rfc", signed.value, domain), balanceWei: from.uint() };
    },
  },
  refusedRfc: { code: 3, ...nothing },
  expire: { code: 4, ...nothing },
  pump: { code: 5, write: (out, { access }) => writeAccess(out, access), read: readAccess },
  unanswered: {
    code: 6,
    write: (out, { access, matchHash }) => {
      writeAccess(out, access);
      out.fixed(matchHash, 32);
    },
    read: (from) => ({ ...readAccess(from), matchHash: from.hash() }),
  },
  lapsed: {
    code: 7,
    write: (out, { matchHash }) => out.fixed(matchHash, 32),
    read: (from) => ({ matchHash: from.hash() }),
  },
  report: {
    code: 8,
    write: (out, { signed }) => writeSigned(out, signed),
    read: (from, domain) => {
      const signed = readSigned(from, "InferenceReport");
      return { signed, hash: hashMessage("InferenceReport", signed.value, domain) };
    },
  },
  close: { code: 9, ...nothing },
  blocksSigned: {
    code: 10,
    write: (out, { signatures }) => out.list(signatures, (signature) => out.hex(signature)),
    read: (from) => ({ signatures: from.list(() => from.hex()) }),
  },
  draft: {
    code: 11,
    write: (out, { attestation, count, debits }) => {
      writeValue(out, "Attestation", attestation);
      out.count(count);
      out.bytes(debits);
    },
    read: (from) => ({
      attestation: readValue(from, "Attestation"),
      count: from.count(),
      debits: Uint8Array.from(from.bytes()),
    }),
  },
  accepted: {
    code: 12,
    write: (out, { seq, previousRoot, newRoot, count }) => {
      out.uint(seq);
      out.fixed(previousRoot, 32);
      out.fixed(newRoot, 32);
      out.count(count);
    },
    read: (from) => ({ seq: from.uint(), previousRoot: from.hash(), newRoot: from.hash(), count: from.count() }),
  },
  vetoed: { code: 13, write: (out, { seq }) => out.uint(seq), read: (from) => ({ seq: from.uint() }) },
  settled: { code: 14, write: (out, { seq }) => out.uint(seq), read: (from) => ({ seq: from.uint() }) },
  paid: {
    code: 15,
    write: (out, { reports }) => out.list(reports, (report) => out.fixed(report, 32)),
    read: (from) => ({ reports: from.list(() => from.hash()) }),
  },
  unpaid: {
    code: 16,
    write: (out, { reports }) => writeEarned(out, reports),
    read: (from) => ({ reports: readEarned(from) }),
  },
  coSigned: {
    code: 17,
    write: (out, { seq, digest, deadline }) => {
      out.uint(seq);
      out.fixed(digest, 32);
      out.uint(deadline);
    },
    read: (from) => ({ seq: from.uint(), digest: from.hash(), deadline: from.uint() as UnixSeconds }),
  },
};

const KIND_OF_CODE = new Map(Object.entries(CODECS).map(([kind, { code }]) => [code, kind as InputKind]));

/** Write an input. Hashes are left out: they follow from the messages. */
export function writeInput<K extends InputKind>(out: ByteWriter, input: RouterInput<K>): void {
  const codec = CODECS[input.kind] as Codec<K>;
  out.byte(codec.code);
  out.uint(input.atMs);
  codec.write(out, input);
}

/** Read an input. @throws JournalDamaged */
export function readInput(from: ByteReader, domain: Domain): RouterInput {
  const code = from.byte();
  const kind = KIND_OF_CODE.get(code);
  if (kind === undefined) throw from.damaged(`no kind of input has the code ${code}`);
  const atMs = from.uint() as UnixMillis;
  return { kind, atMs, ...CODECS[kind].read(from, domain) } as RouterInput;
}

function writeAccess(out: ByteWriter, access: RouterInput<"pump">["access"]): void {
  out.bool(access !== undefined);
  if (access === undefined) return;
  out.uint(access.budgetWei);
  out.uint(access.supplyWei);
}

function readAccess(from: ByteReader): Pick<RouterInput<"pump">, "access"> {
  return from.bool() ? { access: { budgetWei: from.uint(), supplyWei: from.uint() } } : {};
}
