/// <reference types="node" />
import { createHash } from "node:crypto";
import { ArchiveInvalid } from "../../errors/service.js";
import type { JournalStorage } from "../../journal/index.js";
import { createEvidenceRecorder, type EvidenceRecorder, type RecorderSnapshot } from "../../quorum/index.js";
import type { Archive } from "./archive.js";

const NAME = "recorder";

/** A recorder that survives with the journal, and the storage to open the router on. */
export interface Recording {
  readonly recorder: EvidenceRecorder;
  readonly storage: JournalStorage;
}

/**
 * Tie a recorder to a journal: with every snapshot of the router the recorder is kept too, first and under the snapshot's own
 * digest. A router opened on `storage` makes the transitions behind its snapshot again, and the recorder hears them again: so
 * it always stands where the router stands, but for signatures of matches (`unsigned`).
 * @throws ArchiveInvalid when the archive does not hold the recorder of this snapshot
 */
export function keepRecorder(
  journal: JournalStorage,
  archive: Archive,
  path: string,
  emissionStart: bigint,
): Recording {
  const snapshot = journal.header() === undefined ? undefined : journal.snapshot();
  const kept = snapshot && archive.states.load(NAME, tagOf(snapshot));
  if (snapshot !== undefined && kept === undefined) {
    throw new ArchiveInvalid(path, "it does not hold the evidence of this journal");
  }
  const recorder = createEvidenceRecorder(emissionStart, kept?.value as RecorderSnapshot | undefined);
  const keep = (bytes: Uint8Array): void => archive.states.save(NAME, tagOf(bytes), recorder.snapshot(), "beside");
  const storage: JournalStorage = {
    header: () => journal.header(),
    begin: (header, first) => {
      keep(first);
      journal.begin(header, first);
    },
    append: (batch) => journal.append(batch),
    read: (position) => journal.read(position),
    snapshot: () => journal.snapshot(),
    compact: (next, position, keepAtMs) => {
      keep(next);
      journal.compact(next, position, keepAtMs);
      archive.states.keepOnly(NAME, tagOf(next));
    },
    size: () => journal.size(),
    close: () => journal.close(),
  };
  return { recorder, storage };
}

function tagOf(snapshot: Uint8Array): string {
  return createHash("sha256").update(snapshot).digest("hex");
}
