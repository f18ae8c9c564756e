/// <reference types="node" />
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { JournalUnsupported } from "../../errors/journal.js";
import { ArchiveInvalid } from "../../errors/service.js";
import { storageFailure } from "../../journal/sqliteErrors.js";
import type { JournalIdentity } from "../../journal/header.js";

/** Version of the archive's tables. */
const ARCHIVE_FORMAT = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS identity (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS act (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, router TEXT NOT NULL, height INTEGER NOT NULL,
    seq INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS block (router TEXT NOT NULL, height INTEGER NOT NULL, hash TEXT NOT NULL, at_ms INTEGER NOT NULL,
    head TEXT NOT NULL, steps BLOB NOT NULL, reports BLOB NOT NULL, sum BLOB NOT NULL, PRIMARY KEY (router, height)) STRICT;
  CREATE INDEX IF NOT EXISTS block_at ON block (at_ms);
  CREATE TABLE IF NOT EXISTS report (hash TEXT PRIMARY KEY, router TEXT NOT NULL, height INTEGER NOT NULL, seq INTEGER) STRICT;
  CREATE INDEX IF NOT EXISTS report_block ON report (router, height);
  CREATE TABLE IF NOT EXISTS proposal (seq INTEGER NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (seq, digest)) STRICT;
  CREATE TABLE IF NOT EXISTS attestation (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS paid (seq INTEGER PRIMARY KEY, reports BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS equivocation (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS state (name TEXT NOT NULL, tag TEXT NOT NULL, bytes BLOB NOT NULL, sum BLOB NOT NULL,
    PRIMARY KEY (name, tag)) STRICT;`;

/** The database of an archive, locked by this process. */
export interface ArchiveDatabase {
  readonly db: DatabaseSync;
  readonly isNew: boolean;
  /** Run something as a whole or not at all. @throws the errors of the journal's storage */
  write<T>(act: () => T): T;
  /** @throws as `write` */
  read<T>(act: () => T): T;
  close(): void;
}

/**
 * Open the archive's file, or begin it.
 * @throws JournalUnsupported, JournalLocked, JournalReadOnly, JournalFailed; ArchiveInvalid when it is of another router
 */
export async function openDatabase(path: string, identity: JournalIdentity): Promise<ArchiveDatabase> {
  const sqlite = await import("node:sqlite").catch((cause: unknown) => {
    throw new JournalUnsupported(process.version, cause);
  });
  const isNew = !existsSync(path);
  const guard = <T>(act: () => T): T => {
    try {
      return act();
    } catch (reason) {
      throw storageFailure(path, reason);
    }
  };
  const db = guard(() => new sqlite.DatabaseSync(path));
  try {
    guard(() => {
      db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL;");
      db.exec(`BEGIN EXCLUSIVE; ${SCHEMA} COMMIT`);
      requireIdentity(db, path, identity);
    });
  } catch (reason) {
    db.close();
    throw reason;
  }
  const write = <T>(act: () => T): T =>
    guard(() => {
      db.exec("BEGIN");
      try {
        const result = act();
        db.exec("COMMIT");
        return result;
      } catch (reason) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw reason;
      }
    });
  return { db, isNew, write, read: guard, close: () => guard(() => db.close()) };
}

/** An archive serves one router of one deployment. */
function requireIdentity(db: DatabaseSync, path: string, identity: JournalIdentity): void {
  const { chainId, contract, router, emissionStart } = identity;
  const expected = `format ${ARCHIVE_FORMAT}, chain ${chainId}, contract ${contract}, router ${router}, start ${emissionStart}`;
  const row = db.prepare("SELECT text FROM identity").get();
  if (row === undefined) db.prepare("INSERT INTO identity VALUES (1, ?)").run(expected);
  else if (row["text"] !== expected)
    throw new ArchiveInvalid(path, `expected ${expected}, it says ${String(row["text"])}`);
}
