/// <reference types="node" />
import { parseMessage, serializeMessage } from "../../messages/index.js";
import type { Equivocation, EvidenceStore } from "../../quorum/index.js";
import type { ArchiveDatabase } from "./sqlite.js";

/** Two messages of a router of which it may have signed one, in the form that survives JSON. */
export function serializeEquivocation({ kind, first, second }: Equivocation): Record<string, unknown> {
  return { kind, first: serializeMessage<typeof kind>(first), second: serializeMessage<typeof kind>(second) };
}

function parseEquivocation(text: string): Equivocation {
  const { kind, first, second } = JSON.parse(text) as { kind: Equivocation["kind"]; first: unknown; second: unknown };
  return kind === "Attestation"
    ? { kind, first: parseMessage(kind, first), second: parseMessage(kind, second) }
    : { kind, first: parseMessage(kind, first), second: parseMessage(kind, second) };
}

/** Keep evidence of equivocation in the archive, for ever. */
export function sqliteEvidence(base: ArchiveDatabase): EvidenceStore {
  return {
    add(evidence) {
      const body = JSON.stringify(serializeEquivocation(evidence));
      base.write(() => base.db.prepare("INSERT INTO equivocation (body) VALUES (?)").run(body));
      return Promise.resolve();
    },
    all() {
      const rows = base.read(() => base.db.prepare("SELECT body FROM equivocation ORDER BY id LIMIT 1000").all());
      return Promise.resolve(rows.map(({ body }) => parseEquivocation(String(body))));
    },
  };
}
