import { YellowstoneError } from "../errors/base.js";
import { JournalDamaged, JournalFailed, JournalFull, JournalLocked, JournalReadOnly } from "../errors/journal.js";

/** Primary result codes of SQLite. */
const [SQLITE_ERROR, SQLITE_PERM, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY] = [1, 3, 5, 6, 8];
const [SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_NOTADB] = [11, 13, 14, 26];

/** Say in this package's words why a file could not be opened, read or written. */
export function storageFailure(path: string, reason: unknown): YellowstoneError {
  if (reason instanceof YellowstoneError) return reason as YellowstoneError;
  const { errcode, code, message } = reason as { errcode?: number; code?: string; message?: string };
  const text = message ?? String(reason);
  switch (errcode === undefined ? undefined : errcode & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new JournalLocked(path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return new JournalReadOnly(path, reason);
    case SQLITE_FULL:
      return new JournalFull(path, reason);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new JournalDamaged(0, text, reason);
    case SQLITE_ERROR:
      // A statement that fits no table: the file is a database, and not a journal.
      return new JournalDamaged(0, text, reason);
    default:
  }
  if (code === "EEXIST") return new JournalLocked(path);
  if (code === "ENOSPC" || code === "EDQUOT") return new JournalFull(path, reason);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return new JournalReadOnly(path, reason);
  return new JournalFailed(path, text, reason);
}
