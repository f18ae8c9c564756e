import { parseAddress } from "../crypto/address.js";
import { hexToBytes, isHexBytes } from "../crypto/hex.js";
import { keccak256Text } from "../crypto/keccak.js";
import { InvalidField } from "../errors/input.js";
import { SnapshotDamaged } from "../errors/provider.js";
import { readBigint, readRecord } from "../messages/parse.js";
import { hash32, type Address, type Hash32, type Hex } from "../units/index.js";
import type { HistoryEntry } from "./entries.js";

/** A whole number as JSON carries it. */
export type Decimal = string;

/** An entry of a watched provider as JSON carries it. */
export type EntryJson = readonly [
  id: Decimal,
  kind: HistoryEntry["kind"],
  amountUMor: Decimal,
  seq: Decimal | null,
  activeAt: Decimal | null,
  reasonHash: Hash32 | null,
  blockNumber: number,
  transactionHash: string,
];

/** What a snapshot's checksum covers. */
export interface SnapshotBody {
  readonly version: 1;
  readonly chainId: Decimal;
  readonly compute: Address;
  /** The block it stands at. */
  readonly end: { readonly blockNumber: number; readonly blockHash: Hash32; readonly timestamp: Decimal };
  readonly lastSeq: Decimal;
  readonly activeSeq: Decimal;
  /** Root of `lanes`: that of `activeSeq` on chain. */
  readonly activeRoot: Hash32;
  /** Lanes at `activeSeq`, 8 bytes each, by provider id. */
  readonly lanes: Hex;
  readonly pending: readonly {
    readonly seq: Decimal;
    readonly newRoot: Hash32;
    readonly activeAt: Decimal;
    readonly deltas: readonly (readonly [id: number, deltaUMor: Decimal])[];
  }[];
  /** Shares of closed seasons, all providers together. */
  readonly sharesUMor: Decimal;
  /** Provider id, then settled, paid, awarded, debited, absorbed, covered by bond, debt. */
  readonly books: readonly (readonly Decimal[])[];
  /** Providers whose entries are kept. */
  readonly ids: readonly Decimal[];
  readonly entries: readonly EntryJson[];
}

/** A credit history at a block, as JSON carries it: amounts in uMOR, bigints as decimal strings. */
export interface LedgerSnapshot extends SnapshotBody {
  /** keccak256 of the body. */
  readonly checksum: Hash32;
}

/** Figures of a provider in a row of `books`, in this order, behind its id. */
export const BOOK_FIGURES = [
  "settledUMor",
  "paidUMor",
  "awardedUMor",
  "debitedUMor",
  "absorbedUMor",
  "coveredByBondUMor",
  "debtUMor",
] as const;

const BODY = [
  "version",
  "chainId",
  "compute",
  "end",
  "lastSeq",
  "activeSeq",
  "activeRoot",
  "lanes",
  "pending",
  "sharesUMor",
  "books",
  "ids",
  "entries",
] as const;
const KINDS: readonly unknown[] = [
  "credited",
  "vetoed",
  "paid",
  "awarded",
  "unpayable",
  "debited",
  "netted",
  "covered",
] satisfies HistoryEntry["kind"][];

/** Close a body with its checksum. */
export function sealSnapshot(body: SnapshotBody): LedgerSnapshot {
  return { ...body, checksum: checksumOf(body) };
}

/** Parse unknown input as a snapshot. @throws InvalidField, SnapshotDamaged when the checksum is another */
export function parseSnapshot(input: unknown): LedgerSnapshot {
  const record = readRecord(input, "snapshot", [...BODY, "checksum"]);
  if (record["version"] !== 1) throw new InvalidField("snapshot.version", "1", record["version"]);
  const compute = parseAddress(record["compute"]);
  if (compute === undefined) throw new InvalidField("snapshot.compute", "an address", record["compute"]);
  const { lanes } = record;
  if (!isHexBytes(lanes) || hexToBytes(lanes).length % 8 !== 0) {
    throw new InvalidField("snapshot.lanes", "hex of 8 bytes a lane", lanes);
  }
  const end = readRecord(record["end"], "snapshot.end", ["blockNumber", "blockHash", "timestamp"]);
  const body: SnapshotBody = {
    version: 1,
    chainId: decimal(record["chainId"], "snapshot.chainId"),
    compute,
    end: {
      blockNumber: whole(end["blockNumber"], -1, "snapshot.end.blockNumber"),
      blockHash: hash(end["blockHash"], "snapshot.end.blockHash"),
      timestamp: decimal(end["timestamp"], "snapshot.end.timestamp"),
    },
    lastSeq: decimal(record["lastSeq"], "snapshot.lastSeq"),
    activeSeq: decimal(record["activeSeq"], "snapshot.activeSeq"),
    activeRoot: hash(record["activeRoot"], "snapshot.activeRoot"),
    lanes,
    pending: list(record["pending"], "snapshot.pending").map(pendingAt),
    sharesUMor: decimal(record["sharesUMor"], "snapshot.sharesUMor"),
    books: list(record["books"], "snapshot.books").map((row, i) => bookAt(row, `snapshot.books[${i}]`)),
    ids: list(record["ids"], "snapshot.ids").map((id, i) => decimal(id, `snapshot.ids[${i}]`)),
    entries: list(record["entries"], "snapshot.entries").map((row, i) => entryAt(row, `snapshot.entries[${i}]`)),
  };
  const checksum = hash(record["checksum"], "snapshot.checksum");
  const expected = checksumOf(body);
  if (checksum !== expected) throw new SnapshotDamaged("its checksum", expected, checksum);
  return { ...body, checksum };
}

/** Over the fields in one order, whatever order they came in. */
function checksumOf(body: SnapshotBody): Hash32 {
  return keccak256Text(JSON.stringify(BODY.map((field) => body[field])));
}

function pendingAt(input: unknown, index: number): SnapshotBody["pending"][number] {
  const path = `snapshot.pending[${index}]`;
  const { seq, newRoot, activeAt, deltas } = readRecord(input, path, ["seq", "newRoot", "activeAt", "deltas"]);
  return {
    seq: decimal(seq, `${path}.seq`),
    newRoot: hash(newRoot, `${path}.newRoot`),
    activeAt: decimal(activeAt, `${path}.activeAt`),
    deltas: list(deltas, `${path}.deltas`).map((pair) => {
      const [id, delta] = tuple(pair, 2, `${path}.deltas`);
      return [whole(id, 0, `${path}.deltas`), decimal(delta, `${path}.deltas`)] as const;
    }),
  };
}

function bookAt(input: unknown, path: string): Decimal[] {
  return tuple(input, BOOK_FIGURES.length + 1, path).map((figure) => decimal(figure, path));
}

function entryAt(input: unknown, path: string): EntryJson {
  const [id, kind, amount, seq, activeAt, reasonHash, blockNumber, transactionHash] = tuple(input, 8, path);
  if (!KINDS.includes(kind)) throw new InvalidField(path, "a kind of entry", kind);
  return [
    decimal(id, path),
    kind as HistoryEntry["kind"],
    decimal(amount, path),
    seq === null ? null : decimal(seq, path),
    activeAt === null ? null : decimal(activeAt, path),
    reasonHash === null ? null : hash(reasonHash, path),
    whole(blockNumber, 0, path),
    hash(transactionHash, path),
  ];
}

function decimal(input: unknown, path: string): Decimal {
  const value = typeof input === "string" ? readBigint(input, 256) : undefined;
  if (value === undefined) throw new InvalidField(path, "a decimal string", input);
  return value.toString();
}

function whole(input: unknown, least: number, path: string): number {
  if (typeof input !== "number" || !Number.isSafeInteger(input) || input < least) {
    throw new InvalidField(path, `a whole number, at least ${least}`, input);
  }
  return input;
}

function hash(input: unknown, path: string): Hash32 {
  if (typeof input !== "string") throw new InvalidField(path, "32 bytes of hex", input);
  return hash32(input, path);
}

function list(input: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(input)) throw new InvalidField(path, "a list", input);
  return input as readonly unknown[];
}

function tuple(input: unknown, length: number, path: string): readonly unknown[] {
  const items = list(input, path);
  if (items.length !== length) throw new InvalidField(path, `${length} items`, input);
  return items;
}
