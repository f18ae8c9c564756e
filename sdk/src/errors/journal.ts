import { YellowstoneError } from "./base.js";

/** This Node has no embedded SQLite. */
export class JournalUnsupported extends YellowstoneError<{ version: string }> {
  constructor(version: string, cause: unknown) {
    super(`journal: node:sqlite is not in Node ${version}`, {
      code: "JournalUnsupported",
      data: { version },
      next: "Run the router on Node 22.13 or newer, or give openRouter another storage.",
      retry: "no",
      cause,
    });
  }
}

/** Another process, or another router of this one, writes the journal. */
export class JournalLocked extends YellowstoneError<{ path: string }> {
  constructor(path: string) {
    super(`journal ${path}: somebody else writes it`, {
      code: "JournalLocked",
      data: { path },
      next: "Stop the other router; when its process is gone the journal is free.",
      retry: "later",
    });
  }
}

/** The journal belongs to another deployment or another router. */
export class JournalForeign extends YellowstoneError<{ field: string; expected: string; actual: string }> {
  constructor(field: string, expected: string, actual: string) {
    super(`journal: expected ${field} ${expected}, it was written for ${actual}`, {
      code: "JournalForeign",
      data: { field, expected, actual },
      next: "Open the journal of this router, or give a path where there is none yet.",
      retry: "no",
    });
  }
}

/** The journal is of a format this version does not read. */
export class JournalVersionUnknown extends YellowstoneError<{ expected: number; actual: number }> {
  constructor(expected: number, actual: number) {
    super(`journal: expected format ${expected}, got ${actual}`, {
      code: "JournalVersionUnknown",
      data: { expected, actual },
      next: "Open it with the version of this package that wrote it.",
      retry: "no",
    });
  }
}

/** The journal is not what was written: truncated, changed or mixed up. It was left as it is. */
export class JournalDamaged extends YellowstoneError<{ position: number; reason: string }> {
  constructor(position: number, reason: string, cause?: unknown) {
    super(`journal: damaged behind input ${position}: ${reason}`, {
      code: "JournalDamaged",
      data: { position, reason },
      next: "Keep the file, restore a copy that is whole, and compare its last attestation with the chain before it signs.",
      retry: "no",
      cause,
    });
  }
}

/** The disk, or the journal's own bound, is full. Nothing of the input was recorded and nothing has changed. */
export class JournalFull extends YellowstoneError<{ path: string }> {
  constructor(path: string, cause: unknown) {
    super(`journal ${path}: no room`, {
      code: "JournalFull",
      data: { path },
      next: "Make room on the disk or raise maxBytes, then send the input again.",
      retry: "later",
      cause,
    });
  }
}

/** The journal's file or folder cannot be written. */
export class JournalReadOnly extends YellowstoneError<{ path: string }> {
  constructor(path: string, cause: unknown) {
    super(`journal ${path}: cannot be written`, {
      code: "JournalReadOnly",
      data: { path },
      next: "Give the router's account the right to write the file and its folder.",
      retry: "no",
      cause,
    });
  }
}

/** The journal could not be read or written, and what the disk holds is uncertain until it is opened again. */
export class JournalFailed extends YellowstoneError<{ path: string; reason: string }> {
  constructor(path: string, reason: string, cause: unknown) {
    super(`journal ${path}: ${reason}`, {
      code: "JournalFailed",
      data: { path, reason },
      next: "Check the disk, then open the router again: it continues from what is durable.",
      retry: "later",
      cause,
    });
  }
}

/** The router stopped because its journal failed or a transition met a defect; it decides and signs nothing more. */
export class JournalHalted extends YellowstoneError {
  constructor(cause: unknown) {
    super("journal: halted by an earlier failure", {
      code: "JournalHalted",
      data: {},
      next: "Read the cause, then open the router again: it continues from what is durable.",
      retry: "later",
      cause,
    });
  }
}

/** The router was closed. */
export class JournalClosed extends YellowstoneError {
  constructor() {
    super("journal: closed", {
      code: "JournalClosed",
      data: {},
      next: "Open the router again.",
      retry: "no",
    });
  }
}

/** A setting of the journal is out of its range. */
export class InvalidJournalSetting extends YellowstoneError<{ setting: string; expected: string; actual: string }> {
  constructor(setting: string, expected: string, actual: unknown) {
    super(`journal: ${setting} must be ${expected}, got ${String(actual)}`, {
      code: "InvalidJournalSetting",
      data: { setting, expected, actual: String(actual) },
      next: `Set ${setting} to ${expected}.`,
      retry: "no",
    });
  }
}

/** A worker that recovers signers ended, or the pool was closed. */
export class VerifierFailed extends YellowstoneError {
  constructor(reason: string, cause?: unknown) {
    super(`verifier pool: ${reason}`, {
      code: "VerifierFailed",
      data: {},
      next: "Send the message again; make a new pool when this one was closed.",
      retry: "now",
      cause,
    });
  }
}
