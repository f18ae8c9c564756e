/// <reference types="node" />
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { InvalidJournalSetting, JournalDamaged, JournalLocked, JournalUnsupported } from "../errors/journal.js";
import { storageFailure } from "./sqliteErrors.js";
import type { JournalStorage, StoredBatch } from "./storage.js";

/** How a journal is kept in a file. */
export interface SqliteSettings {
  /**
   * What a durable input survives. `disk`: loss of power, by fsync at every batch. `process`: a crash or kill of the
   * process only, the operating system writes when it likes; for tests and rehearsals. `disk` when left out.
   */
  readonly durability?: "disk" | "process";
  /** The file does not grow beyond this; no bound when left out. */
  readonly maxBytes?: number;
}

const PAGE_BYTES = 4_096;
const SCHEMA = `
  CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
  CREATE TABLE snapshot (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
  CREATE TABLE batch (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, at_ms INTEGER NOT NULL, bytes BLOB NOT NULL,
    digest BLOB NOT NULL) STRICT;`;

type Sqlite = typeof import("node:sqlite");

/**
 * Open the journal file at a path, or get ready to begin one there. One file holds everything; beside it SQLite keeps
 * `-journal` while it writes. The file is locked as long as it is open, and free when its process is gone, however it went.
 * @throws JournalUnsupported on a Node without `node:sqlite`, JournalLocked, JournalReadOnly, JournalDamaged,
 * JournalFailed, InvalidJournalSetting
 */
export async function openSqliteStorage(path: string, settings: SqliteSettings = {}): Promise<JournalStorage> {
  const { maxBytes } = settings;
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes >= 16 * PAGE_BYTES)) {
    throw new InvalidJournalSetting("maxBytes", `at least ${16 * PAGE_BYTES}`, maxBytes);
  }
  let sqlite: Sqlite;
  try {
    sqlite = await import("node:sqlite");
  } catch (cause) {
    throw new JournalUnsupported(process.version, cause);
  }
  return new SqliteStorage(sqlite, path, settings);
}

class SqliteStorage implements JournalStorage {
  readonly #sqlite: Sqlite;
  readonly #path: string;
  readonly #settings: SqliteSettings;
  #db: DatabaseSync | undefined;
  #insert: StatementSync | undefined;

  constructor(sqlite: Sqlite, path: string, settings: SqliteSettings) {
    this.#sqlite = sqlite;
    this.#path = path;
    this.#settings = settings;
    if (existsSync(path)) this.#open();
  }

  header(): Uint8Array | undefined {
    return this.#db === undefined ? undefined : this.#blob("header");
  }

  /** Written beside its place and linked there whole: a crash leaves a journal or none. */
  begin(header: Uint8Array, snapshot: Uint8Array): void {
    const beside = `${this.#path}.${process.pid}.new`;
    this.#guard(() => {
      rmSync(beside, { force: true });
      const db = new this.#sqlite.DatabaseSync(beside);
      try {
        this.#configure(db);
        db.exec(`BEGIN;${SCHEMA}`);
        db.prepare("INSERT INTO header VALUES (1, ?)").run(header);
        db.prepare("INSERT INTO snapshot VALUES (1, ?)").run(snapshot);
        db.exec("COMMIT");
      } finally {
        db.close();
      }
      // Who asked for what is nobody else's business.
      chmodSync(beside, 0o600);
      try {
        linkSync(beside, this.#path);
      } finally {
        for (const leftover of [beside, `${beside}-journal`]) rmSync(leftover, { force: true });
      }
      syncFolder(dirname(this.#path));
    });
    this.#open();
  }

  append({ first, count, atMs, bytes, digest }: StoredBatch): void {
    this.#guard(() => {
      this.#insert ??= this.#required().prepare("INSERT INTO batch VALUES (?, ?, ?, ?, ?)");
      this.#insert.run(first, count, atMs, bytes, digest);
    });
  }

  *read(position: number): Iterable<StoredBatch> {
    const rows = this.#guard(() =>
      this.#required().prepare("SELECT * FROM batch WHERE first >= ? ORDER BY first").iterate(position),
    );
    for (;;) {
      const row = this.#guard(() => rows.next());
      if (row.done === true) return;
      const { first, count, at_ms: atMs, bytes, digest } = row.value as Record<string, unknown>;
      if (!isCount(first) || !isCount(count) || !isCount(atMs))
        throw new JournalDamaged(position, "a row is malformed");
      if (!(bytes instanceof Uint8Array) || !(digest instanceof Uint8Array)) {
        throw new JournalDamaged(first, "a row is malformed");
      }
      yield { first, count, atMs: BigInt(atMs), bytes, digest };
    }
  }

  snapshot(): Uint8Array | undefined {
    return this.#blob("snapshot");
  }

  compact(snapshot: Uint8Array, position: number, keepAtMs: bigint): void {
    this.#guard(() => {
      const db = this.#required();
      db.exec("BEGIN");
      try {
        // What is dropped makes room for the snapshot.
        db.prepare("DELETE FROM batch WHERE first < ? AND at_ms < ?").run(position, keepAtMs);
        db.prepare("UPDATE snapshot SET bytes = ?").run(snapshot);
        db.exec("COMMIT");
      } catch (reason) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw reason;
      }
    });
  }

  size(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  close(): void {
    const db = this.#db;
    this.#db = undefined;
    this.#insert = undefined;
    if (db !== undefined) this.#guard(() => db.close());
  }

  /** Nothing is written before the file is known to be whole as far as SQLite can tell, and locked. */
  #open(): void {
    if (statSync(this.#path).size < PAGE_BYTES) throw new JournalDamaged(0, "the file is shorter than a page");
    this.#guard(() => {
      // SQLite would open a file it may not write, and say so only later.
      for (const name of [this.#path, dirname(this.#path)]) accessSync(name, constants.W_OK);
      const db = new this.#sqlite.DatabaseSync(this.#path);
      try {
        this.#configure(db);
        db.exec("BEGIN EXCLUSIVE; COMMIT");
      } catch (reason) {
        db.close();
        throw reason;
      }
      this.#db = db;
    });
  }

  #configure(db: DatabaseSync): void {
    const { durability = "disk", maxBytes } = this.#settings;
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST;`);
    db.exec(`PRAGMA synchronous = ${durability === "disk" ? "FULL" : "OFF"}; PRAGMA fullfsync = ON;`);
    if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)};`);
  }

  #blob(table: "header" | "snapshot"): Uint8Array | undefined {
    const row = this.#guard(() => this.#required().prepare(`SELECT bytes FROM ${table}`).get());
    const bytes = row?.["bytes"];
    if (bytes instanceof Uint8Array) return bytes;
    throw new JournalDamaged(0, `there is no ${table}`);
  }

  #required(): DatabaseSync {
    if (this.#db === undefined) throw new JournalLocked(this.#path);
    return this.#db;
  }

  #guard<T>(act: () => T): T {
    try {
      return act();
    } catch (reason) {
      throw storageFailure(this.#path, reason);
    }
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Make a new name in a folder durable. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
