/// <reference types="node" />
import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { AttestationPost } from "../../actions/postAttestation.js";
import { ArchiveInvalid } from "../../errors/service.js";
import type { EarnedReport, ReportEntry } from "../../ledger/index.js";
import type { JournalIdentity } from "../../journal/header.js";
import { parseMessage } from "../../messages/index.js";
import {
  parseEvidence,
  parseProposal,
  serializeEvidence,
  serializeProposal,
  type BlockEvidence,
  type BlockEvidenceJson,
  type EvidenceStore,
  type Proposal,
} from "../../quorum/index.js";
import type { Address, Hash32 } from "../../units/index.js";
import { parseAttestationPost, serializeAttestationPost } from "../attestationJson.js";
import { sqliteEvidence } from "./equivocations.js";
import { sumOf, type Act, type ArchivedBlock, type ReportPlace } from "./records.js";
import { openDatabase, type ArchiveDatabase } from "./sqlite.js";
import { States } from "./states.js";

/**
 * What a router keeps beside its journal: the evidence of all routers' blocks, proposals, attestations with their quorum, and
 * what was accepted and vetoed, in order. One SQLite file, locked by one process; every verb is durable when it returns.
 */
export class Archive {
  readonly equivocations: EvidenceStore;
  readonly states: States;
  readonly #base: ArchiveDatabase;
  readonly #path: string;

  private constructor(base: ArchiveDatabase, path: string) {
    this.#base = base;
    this.#path = path;
    this.equivocations = sqliteEvidence(base);
    this.states = new States(base, path);
  }

  /** @throws as `openDatabase` */
  static async open(path: string, identity: JournalIdentity): Promise<Archive> {
    return new Archive(await openDatabase(path, identity), path);
  }

  /** Keep the evidence of a block that held. */
  addBlock(evidence: BlockEvidence, { hash, reports }: Pick<ArchivedBlock, "hash" | "reports">, atMs: bigint): void {
    const { block, steps } = serializeEvidence(evidence);
    const { router, height } = evidence.block.value;
    const packed = deflateRawSync(JSON.stringify(steps), { level: 1 });
    const head = JSON.stringify(block);
    this.#write(() => {
      const values = [router, height, hash, atMs, head, packed, serialize(reports), sumOf(head, packed)];
      this.#run("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ...values);
      for (const { reportHash } of reports)
        this.#run("INSERT OR IGNORE INTO report VALUES (?, ?, ?, NULL)", reportHash, router, height);
      this.#run("INSERT INTO act (kind, router, height, seq, digest) VALUES ('block', ?, ?, 0, '')", router, height);
    });
  }

  /** The signed block of a router at a height, or the first above it that closes it. */
  blockAt(router: Address, height: bigint): ArchivedBlock | undefined {
    const row = this.#get(
      "SELECT * FROM block WHERE router = ? AND height >= ? ORDER BY height LIMIT 1",
      router,
      height,
    );
    if (row === undefined) return undefined;
    const block = parseMessage("InferenceBlock", JSON.parse(String(row["head"])));
    return { block, hash: row["hash"] as Hash32, reports: deserialize(row["reports"] as Uint8Array) as ReportEntry[] };
  }

  /** Height of the last block kept of a router: -1 for none. */
  lastHeight(router: Address): bigint {
    const row = this.#get("SELECT max(height) AS height FROM block WHERE router = ?", router);
    return row?.["height"] == null ? -1n : BigInt(row["height"] as number);
  }

  /** Evidence of a router's blocks from a height on, as JSON carries it; at least one, then as many as `maxBytes` hold. */
  evidenceFrom(router: Address, height: bigint, maxBlocks: number, maxBytes: number): BlockEvidenceJson[] {
    const rows = this.#base.read(() => {
      const sql = "SELECT head, steps, sum FROM block WHERE router = ? AND height >= ? ORDER BY height LIMIT ?";
      return this.#base.db.prepare(sql).all(router, height, maxBlocks);
    });
    const found: BlockEvidenceJson[] = [];
    let bytes = 0;
    for (const row of rows) {
      const { head, steps } = this.#unpack(row);
      bytes += head.length + steps.length;
      if (found.length > 0 && bytes > maxBytes) break;
      found.push(JSON.parse(`{"block":${head},"steps":${steps}}`) as BlockEvidenceJson);
    }
    return found;
  }

  /** Evidence of one block. @throws ArchiveInvalid when it is not there */
  evidenceOf(router: Address, height: bigint): BlockEvidence {
    const row = this.#get("SELECT head, steps, sum FROM block WHERE router = ? AND height = ?", router, height);
    if (row === undefined) throw new ArchiveInvalid(this.#path, `block ${height} of ${router} is missing`);
    const { head, steps } = this.#unpack(row);
    return parseEvidence({ block: JSON.parse(head) as unknown, steps: JSON.parse(steps) as unknown });
  }

  /** Keep a proposal under its digest. */
  addProposal(proposal: Proposal, digest: Hash32): void {
    const body = JSON.stringify(serializeProposal(proposal));
    this.#write(() =>
      this.#run("INSERT OR REPLACE INTO proposal VALUES (?, ?, ?)", proposal.attestation.seq, digest, body),
    );
  }

  /** Proposals of a seq that this router made, signed or was told of. */
  proposals(seq: bigint): { readonly digest: Hash32; readonly proposal: Proposal }[] {
    const rows = this.#base.read(() => this.#base.db.prepare("SELECT * FROM proposal WHERE seq = ? LIMIT 64").all(seq));
    return rows.map(({ digest, body }) => ({
      digest: digest as Hash32,
      proposal: parseProposal(JSON.parse(String(body))),
    }));
  }

  /** Keep an attestation with its quorum. */
  addAttestation(post: AttestationPost): void {
    const body = JSON.stringify(serializeAttestationPost(post));
    this.#write(() => this.#run("INSERT OR REPLACE INTO attestation VALUES (?, ?)", post.attestation.seq, body));
  }

  attestation(seq: bigint): Required<AttestationPost> | undefined {
    const row = this.#get("SELECT body FROM attestation WHERE seq = ?", seq);
    return row && parseAttestationPost(JSON.parse(String(row["body"])));
  }

  /** Note that a proposal was accepted on chain, and what it paid. */
  accepted(proposal: Proposal, digest: Hash32, paid: readonly EarnedReport[]): void {
    const { seq } = proposal.attestation;
    const body = JSON.stringify(serializeProposal(proposal));
    this.#write(() => {
      this.#run("INSERT OR REPLACE INTO proposal VALUES (?, ?, ?)", seq, digest, body);
      this.#run("INSERT OR REPLACE INTO paid VALUES (?, ?)", seq, serialize(paid));
      for (const { reportHash } of paid) this.#run("UPDATE report SET seq = ? WHERE hash = ?", seq, reportHash);
      this.#run("INSERT INTO act (kind, router, height, seq, digest) VALUES ('accepted', '', 0, ?, ?)", seq, digest);
    });
  }

  /** Note that attestation `seq` and all after it were vetoed. */
  vetoed(seq: bigint): void {
    this.#write(() => {
      this.#run("UPDATE report SET seq = NULL WHERE seq >= ?", seq);
      this.#run("DELETE FROM paid WHERE seq >= ?", seq);
      this.#run("INSERT INTO act (kind, router, height, seq, digest) VALUES ('vetoed', '', 0, ?, '')", seq);
    });
  }

  /** What an accepted attestation paid, in the order of its reports root. */
  paidBy(seq: bigint): readonly EarnedReport[] | undefined {
    const row = this.#get("SELECT reports FROM paid WHERE seq = ?", seq);
    return row && (deserialize(row["reports"] as Uint8Array) as EarnedReport[]);
  }

  placeOf(reportHash: Hash32): ReportPlace | undefined {
    const row = this.#get("SELECT * FROM report WHERE hash = ?", reportHash);
    if (row === undefined) return undefined;
    const { router, height, seq } = row;
    return {
      router: router as Address,
      height: BigInt(height as number),
      seq: seq == null ? undefined : BigInt(seq as number),
    };
  }

  /** Everything that was noted behind an id, in order. */
  *actsAfter(id: number): Iterable<Act> {
    const next = (last: number) => this.#get("SELECT * FROM act WHERE id > ? ORDER BY id LIMIT 1", last);
    for (let row = next(id); row !== undefined; row = next(Number(row["id"]))) yield actOf(row);
  }

  /** Id of the last act: 0 before the first. */
  lastAct(): number {
    return Number(this.#get("SELECT max(id) AS id FROM act")?.["id"] ?? 0);
  }

  /** Forget blocks from before a moment, their reports and what was noted, as far as state `throughAct` holds them. */
  prune(beforeMs: bigint, throughAct: number): void {
    this.#write(() => {
      const old = "SELECT b.router, b.height FROM block b WHERE b.at_ms < ?";
      const done = "(router, height) IN (SELECT router, height FROM act WHERE id <= ? AND kind = 'block')";
      // The last block of each router stays, so that its height is known.
      const last = "(router, height) NOT IN (SELECT router, max(height) FROM block GROUP BY router)";
      this.#run(`DELETE FROM report WHERE (router, height) IN (${old}) AND ${done}`, beforeMs, throughAct);
      this.#run(`DELETE FROM block WHERE at_ms < ? AND ${done} AND ${last}`, beforeMs, throughAct);
      const settled =
        "seq < (SELECT max(seq) FROM paid) - 256 AND seq NOT IN (SELECT seq FROM report WHERE seq IS NOT NULL)";
      this.#run(`DELETE FROM paid WHERE ${settled}`);
      this.#run(`DELETE FROM proposal WHERE seq < (SELECT max(seq) FROM paid) - 256`);
      this.#run(
        "DELETE FROM act WHERE id <= ? AND (router, height) NOT IN (SELECT router, height FROM block)",
        throughAct,
      );
    });
  }

  close(): void {
    this.#base.close();
  }

  #unpack(row: Record<string, unknown>): { readonly head: string; readonly steps: string } {
    const head = String(row["head"]);
    const packed = row["steps"] as Uint8Array;
    if (Buffer.compare(sumOf(head, packed), row["sum"] as Uint8Array) !== 0) {
      throw new ArchiveInvalid(this.#path, "a block was changed");
    }
    return { head, steps: inflateRawSync(packed).toString("utf8") };
  }

  #write(act: () => void): void {
    this.#base.write(act);
  }

  #run(sql: string, ...values: (string | number | bigint | Uint8Array)[]): void {
    this.#base.db.prepare(sql).run(...values);
  }

  #get(sql: string, ...values: (string | number | bigint)[]): Record<string, unknown> | undefined {
    return this.#base.read(() => this.#base.db.prepare(sql).get(...values));
  }
}

function actOf({ id, kind, router, height, seq, digest }: Record<string, unknown>): Act {
  const at = { id: Number(id), seq: BigInt(seq as number) };
  switch (kind) {
    case "block":
      return { id: at.id, kind, router: router as Address, height: BigInt(height as number) };
    case "accepted":
      return { ...at, kind, digest: digest as Hash32 };
    default:
      return { ...at, kind: "vetoed" };
  }
}
