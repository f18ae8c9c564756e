import { expect } from "chai";
import * as errors from "../../../sdk/src/errors/index.js";
import { storageFailure } from "../../../sdk/src/journal/sqliteErrors.js";

const PATH = "journal.db";
/** Result codes of SQLite as its documentation numbers them, some extended, and codes of the file system. */
const FAILURES: readonly (readonly [reason: object, type: new (...args: never[]) => errors.YellowstoneError])[] = [
  [{ errcode: 5, message: "database is locked" }, errors.JournalLocked],
  [{ errcode: 6, message: "database table is locked" }, errors.JournalLocked],
  [{ errcode: 5 | (1 << 8), message: "busy in recovery" }, errors.JournalLocked],
  [{ errcode: 8, message: "attempt to write a readonly database" }, errors.JournalReadOnly],
  [{ errcode: 3, message: "access permission denied" }, errors.JournalReadOnly],
  [{ errcode: 14, message: "unable to open database file" }, errors.JournalReadOnly],
  [{ errcode: 13, message: "database or disk is full" }, errors.JournalFull],
  [{ errcode: 11, message: "database disk image is malformed" }, errors.JournalDamaged],
  [{ errcode: 26, message: "file is not a database" }, errors.JournalDamaged],
  [{ errcode: 1, message: "no such table: batch" }, errors.JournalDamaged],
  [{ errcode: 10 | (3 << 8), message: "disk I/O error" }, errors.JournalFailed],
  [{ code: "EEXIST" }, errors.JournalLocked],
  [{ code: "ENOSPC" }, errors.JournalFull],
  [{ code: "EDQUOT" }, errors.JournalFull],
  [{ code: "EACCES" }, errors.JournalReadOnly],
  [{ code: "EPERM" }, errors.JournalReadOnly],
  [{ code: "EROFS" }, errors.JournalReadOnly],
  [{ code: "EIO", message: "i/o error" }, errors.JournalFailed],
];

describe("journal, failures of a file", () => {
  for (const [reason, type] of FAILURES) {
    it(`${JSON.stringify(reason)} is ${type.name}`, () => {
      expect(storageFailure(PATH, reason)).to.be.instanceOf(type);
    });
  }

  it("keeps what is said in this package's words already", () => {
    const own = new errors.JournalHalted(new Error("earlier"));
    expect(storageFailure(PATH, own)).to.equal(own);
  });

  it("says what it was told when that is no error at all", () => {
    const failure = storageFailure(PATH, "a word");
    expect(failure).to.be.instanceOf(errors.JournalFailed);
    expect(failure.message).to.include("a word");
  });
});
