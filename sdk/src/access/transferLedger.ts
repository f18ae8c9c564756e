import { InvalidField } from "../errors/input.js";
import { DayForgotten, TransferIndexDiverged } from "../errors/balances.js";
import { parseAddress } from "../crypto/index.js";
import { readBigint, readRecord } from "../messages/parse.js";
import { hash32, type Address, type Hash32, type UnixSeconds, type Wei } from "../units/index.js";

/** A movement of the token. The zero address mints and burns. */
export interface Transfer {
  readonly from: Address;
  readonly to: Address;
  readonly amountWei: bigint;
}

/** How far a chain's transfers are folded. */
export interface TransferCursor {
  readonly blockNumber: number;
  readonly blockHash: Hash32;
  readonly timestamp: UnixSeconds;
}

/** A transfer ledger as JSON carries it. */
export interface TransferSnapshot {
  readonly version: 1;
  readonly chainId: string;
  readonly token: string;
  readonly cursor: { readonly blockNumber: number; readonly blockHash: string; readonly timestamp: string };
  /** Block-day whose first block is at the cursor; null while the ledger is on its way to one. */
  readonly day: string | null;
  /** Address and wei, ascending; zeros are left out. */
  readonly balances: readonly (readonly [string, string])[];
}

interface PastDay {
  readonly day: bigint;
  readonly cursor: TransferCursor;
  /** What accounts held on that day that have moved MOR since. */
  readonly before: Map<Address, bigint>;
}

const NOBODY = `0x${"0".repeat(40)}`;

/**
 * Balances folded from transfers, block by block, as they were at the first block of the last few days. Pure: whoever
 * reads the chain applies what it found. The supply is what the zero address has given out.
 */
export class TransferLedger {
  readonly chainId: bigint;
  readonly token: Address;
  readonly #keepDays: number;
  readonly #balances = new Map<Address, bigint>();
  #days: PastDay[] = [];
  #cursor: TransferCursor;

  /** Make the ledger of a token that nobody holds at the cursor; `keepDays` days can be asked for, 2 when left out. */
  constructor(chainId: bigint, token: Address, cursor: TransferCursor, keepDays = 2) {
    this.chainId = chainId;
    this.token = token;
    this.#cursor = cursor;
    this.#keepDays = keepDays;
  }

  /** Continue from a snapshot. @throws InvalidField */
  static from(input: unknown, keepDays?: number): TransferLedger {
    const record = readRecord(input, "snapshot", ["version", "chainId", "token", "cursor", "day", "balances"]);
    if (record["version"] !== 1) throw new InvalidField("snapshot.version", "1", record["version"]);
    const { blockNumber, blockHash, timestamp } = readRecord(record["cursor"], "snapshot.cursor", [
      "blockNumber",
      "blockHash",
      "timestamp",
    ]);
    if (typeof blockNumber !== "number" || !Number.isSafeInteger(blockNumber) || blockNumber < -1) {
      throw new InvalidField("snapshot.cursor.blockNumber", "a block number", blockNumber);
    }
    const cursor = {
      blockNumber,
      blockHash: hash32(typeof blockHash === "string" ? blockHash : "", "snapshot.cursor.blockHash"),
      timestamp: readUint(timestamp, 64, "snapshot.cursor.timestamp") as UnixSeconds,
    };
    const chainId = readUint(record["chainId"], 256, "snapshot.chainId");
    const ledger = new TransferLedger(chainId, readAddress(record["token"], "snapshot.token"), cursor, keepDays);
    const { balances, day } = record;
    if (!Array.isArray(balances)) throw new InvalidField("snapshot.balances", "an array", balances);
    for (const [i, entry] of (balances as unknown[]).entries()) ledger.#restore(entry, `snapshot.balances[${i}]`);
    if (day !== null) ledger.beginDay(readUint(day, 64, "snapshot.day"));
    return ledger;
  }

  get cursor(): TransferCursor {
    return this.#cursor;
  }

  /** The newest day whose first block was reached; undefined before the first. */
  get day(): bigint | undefined {
    return this.#days.at(-1)?.day;
  }

  /** Fold the transfers of all blocks up to a new cursor, in order: all of them or none. @throws TransferIndexDiverged */
  apply(transfers: readonly Transfer[], cursor: TransferCursor): void {
    const after = new Map<Address, bigint>();
    const move = (account: Address, amountWei: bigint): void => {
      after.set(account, (after.get(account) ?? this.#balances.get(account) ?? 0n) + amountWei);
    };
    for (const { from, to, amountWei } of transfers) {
      move(from, -amountWei);
      move(to, amountWei);
      if (from !== NOBODY && after.get(from)! < 0n) {
        throw new TransferIndexDiverged(this.chainId, cursor.blockNumber, `${from} sent more than it had`);
      }
    }
    const before = this.#days.at(-1)?.before;
    for (const [account, amountWei] of after) {
      if (before?.has(account) === false) before.set(account, this.#balances.get(account) ?? 0n);
      if (amountWei === 0n) this.#balances.delete(account);
      else this.#balances.set(account, amountWei);
    }
    this.#cursor = cursor;
  }

  /** Note that the cursor is at the first block of a day. Days older than those kept are forgotten. */
  beginDay(day: bigint): void {
    this.#days = [...this.#days, { day, cursor: this.#cursor, before: new Map<Address, bigint>() }].slice(
      -this.#keepDays,
    );
  }

  /** What an account held at the first block of a day; of the zero address, minus the supply. @throws DayForgotten */
  balanceOf(account: Address, day: bigint): { readonly amountWei: Wei; readonly cursor: TransferCursor } {
    const at = this.#days.findIndex((one) => one.day === day);
    const found = this.#days[at];
    if (found === undefined) throw new DayForgotten(this.chainId, day, this.#days[0]?.day ?? 0n);
    const moved = this.#days.slice(at).find(({ before }) => before.has(account));
    const amountWei = moved?.before.get(account) ?? this.#balances.get(account) ?? 0n;
    return { amountWei: amountWei as Wei, cursor: found.cursor };
  }

  /** All there was at the first block of a day. @throws DayForgotten */
  supplyOf(day: bigint): { readonly amountWei: Wei; readonly cursor: TransferCursor } {
    const { amountWei, cursor } = this.balanceOf(NOBODY as Address, day);
    return { amountWei: (0n - amountWei) as Wei, cursor };
  }

  /** Write the ledger as it stands at its cursor. Only the newest day survives, and only while the cursor is at it. */
  snapshot(): TransferSnapshot {
    const { blockNumber, blockHash, timestamp } = this.#cursor;
    const newest = this.#days.at(-1);
    const entries = [...this.#balances].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    return {
      version: 1,
      chainId: this.chainId.toString(),
      token: this.token,
      cursor: { blockNumber, blockHash, timestamp: timestamp.toString() },
      day: newest?.cursor === this.#cursor ? newest.day.toString() : null,
      balances: entries.map(([account, amountWei]) => [account, amountWei.toString()]),
    };
  }

  #restore(entry: unknown, path: string): void {
    if (!Array.isArray(entry) || entry.length !== 2) throw new InvalidField(path, "an address and its wei", entry);
    const [account, text] = entry as [unknown, unknown];
    const holder = readAddress(account, path);
    const isNegative = holder === NOBODY && typeof text === "string" && text.startsWith("-");
    const amountWei = readUint(isNegative ? text.slice(1) : text, 256, path);
    if (this.#balances.has(holder)) throw new InvalidField(path, "an account that was not there before", account);
    this.#balances.set(holder, isNegative ? -amountWei : amountWei);
  }
}

function readAddress(input: unknown, path: string): Address {
  const account = parseAddress(input);
  if (account === undefined) throw new InvalidField(path, "an address", input);
  return account;
}

function readUint(input: unknown, bits: 64 | 256, path: string): bigint {
  const value = readBigint(input, bits);
  if (value === undefined) throw new InvalidField(path, `a decimal string of uint${bits}`, input);
  return value;
}
