import { cursorAtDeployment, followEvents, type EventCursor } from "../actions/followEvents.js";
import { readRouterSet } from "../actions/readRouterSet.js";
import { readState } from "../actions/readState.js";
import type { Deployment } from "../deployment/deployment.js";
import { LedgerTree } from "../ledger/tree.js";
import { AttestationFold } from "../provider/attestations.js";
import {
  createEquivocationWatch,
  memoryEvidence,
  type Equivocation,
  type EquivocationWatch,
  type EvidenceStore,
  type SoleMessage,
} from "../quorum/equivocation.js";
import { addBlock, createLine } from "../quorum/line.js";
import type { Address } from "../units/index.js";
import { alarmOf, allowanceAlarm, equivocationAlarm } from "./alarms.js";
import { BlockReviewer } from "./blockReviewer.js";
import { readSignatures } from "./readSignatures.js";
import { WatchBooks, type SeenAttestation } from "./watchBooks.js";
import { WATCH_EVENTS, type WatchEvent } from "./watchEvents.js";
import type { WatchSnapshot } from "./watchSnapshot.js";
import { linesOf, timedAt, type Verified } from "./verified.js";
import type { WatchedAttestation, WatchOptions, WatchStep } from "./watchSteps.js";

interface LogEntry {
  readonly event: WatchEvent;
  readonly before: WatchBooks;
  readonly seen: SeenAttestation | undefined;
  watched: Verified | undefined;
}

/** Watches a deployment for a guardian: see `watch`. */
export class Watcher {
  #books: WatchBooks;
  #cursor: EventCursor;
  #newestAt = 0n;
  /** What has changed the books, as far back as a veto or a reorganisation can reach. */
  #log: LogEntry[] = [];
  #alarmedDay = -1n;
  readonly #reviewer: BlockReviewer;
  readonly #equivocations: EquivocationWatch;
  readonly #found: Equivocation[] = [];

  /** @param routers The set in force. */
  constructor(
    readonly d: Deployment,
    readonly options: WatchOptions,
    routers: readonly Address[],
  ) {
    const { from, attestedWei, evidence = memoryEvidence(), policy } = options;
    const known = from === undefined ? undefined : structuredClone(from);
    const { domain, emissionStart } = d;
    const store: EvidenceStore = {
      add: (found) => (this.#found.push(found), evidence.add(found)),
      all: evidence.all.bind(evidence),
    };
    const { reader, transport, balanceWei, isOwner, signal = new AbortController().signal } = options;
    const rules = {
      domain,
      attestationSeconds: policy.attestationSeconds,
      ...(reader === undefined ? {} : { reader }),
    };
    this.#equivocations = createEquivocationWatch(store, rules);
    const sources = { ...rules, emissionStart, balanceWei, isOwner };
    const reviewing = { ...sources, policy, transport, signal, equivocations: this.#equivocations };
    this.#reviewer = new BlockReviewer(reviewing, known?.replicas);
    this.#reviewer.setRouters(routers);
    const start = known && { ...known.attestations, activeTree: LedgerTree.from(known.attestations.lanes) };
    this.#books = new WatchBooks(new AttestationFold(start), known?.line ?? createLine(attestedWei), known?.facts);
    this.#cursor = known?.cursor ?? cursorAtDeployment(d);
  }

  /** Give the watcher a message that went by elsewhere: a block, or an attestation that was never posted. */
  async see(message: SoleMessage): Promise<void> {
    await this.#equivocations.see(message);
  }

  /** Where it stands, at the oldest block it can step back to: `structuredClone` and `v8.serialize` carry it. */
  snapshot(): WatchSnapshot {
    // A cursor is never empty.
    const oldest = this.#cursor.marks[0]!;
    const later = this.#log.find(({ event }) => event.blockNumber > oldest.blockNumber);
    const { attestations, line, pendingFacts } = later?.before ?? this.#books;
    const { lastSeq, activeSeq, activeTree, pending } = attestations;
    return structuredClone({
      cursor: { marks: [oldest] },
      replicas: this.#reviewer.replicas,
      line,
      attestations: { lastSeq, activeSeq, lanes: activeTree.lanes(0, activeTree.wordCount), pending },
      facts: pendingFacts,
    });
  }

  /** Watch. @throws the errors of `followEvents`; what concerns routers alone becomes a finding */
  async *run(): AsyncGenerator<WatchStep> {
    for await (const step of followEvents(this.d, WATCH_EVENTS, this.#cursor, this.options)) {
      this.#cursor = step.cursor;
      this.#newestAt = step.end.timestamp;
      if (step.kind === "steppedBack") {
        this.#stepBack(step.end.blockNumber);
        yield { kind: "steppedBack", blockNumber: step.end.blockNumber };
      } else if (step.kind === "events") {
        for (const event of step.events) yield* this.#take(event, step.events);
        this.#books.attestations.activate(step.end.timestamp);
        this.#forget();
      } else {
        yield* this.#lookAgain();
        yield* this.#allowance(step.end.blockNumber);
        yield* this.#equivocationsFound(step.end.blockNumber);
        yield { kind: "caughtUp", end: step.end, pending: this.#pending() };
      }
    }
  }

  async *#take(event: WatchEvent, all: readonly WatchEvent[]): AsyncGenerator<WatchStep> {
    if (event.name === "attested") {
      const { seq } = event.value;
      const beside = all.find((one) => one.name === "debitsAttested" && one.value.seq === seq);
      const debits = beside?.name === "debitsAttested" ? beside.value.debits : [];
      const seen = { event, debits, proposal: await this.options.proposalOf?.(seq) };
      const entry: LogEntry = { event, before: this.#books.clone(), seen, watched: undefined };
      this.#log.push(entry);
      yield this.#said(await this.#verify(entry));
      return;
    }
    if (event.name === "vetoed") {
      this.#log.push({ event, before: this.#books.clone(), seen: undefined, watched: undefined });
      this.#books.drop(event.value.seq, event.blockNumber);
    }
    if (event.name === "routersChanged") this.#reviewer.setRouters(event.value.routers.map(({ account }) => account));
    const alarm = alarmOf(event);
    if (alarm !== undefined) yield { kind: "alarm", alarm };
  }

  /** Verify an attestation on the books as they are now. */
  async #verify(entry: LogEntry): Promise<Verified> {
    const { seen } = entry;
    const { blocks, findings, isOpen } = await this.#reviewer.takeBlocks();
    for (const block of blocks) addBlock(this.#books.line, block);
    const signed = await readSignatures(this.d, entry.event.transactionHash);
    for (const one of signed ?? []) await this.#equivocations.see(one);
    const { value } = seen!.event;
    const own = this.#books.accept(seen!, this.options.approvesDebit ?? (() => false));
    const watched = {
      seq: value.seq,
      // A block that does not hold concerns an attestation only if that does not hold either.
      findings: own.length === 0 ? [] : [...own, ...findings],
      isOpen: own.length > 0 && isOpen,
      creditedUMor: value.creditedUMor,
      activeAt: value.activeAt,
      signers: signed?.map(({ signer }) => signer),
    };
    entry.watched = watched;
    return watched;
  }

  /** Verify what did not hold again when blocks have come since: from there on, for later ones stand on it. */
  async *#lookAgain(): AsyncGenerator<WatchStep> {
    const pending = new Set(this.#books.attestations.pending.map(({ seq }) => seq));
    const first = this.#log.findIndex(({ watched }) => {
      return watched !== undefined && watched.findings.length > 0 && pending.has(watched.seq);
    });
    if (first < 0) return;
    const { blocks } = await this.#reviewer.takeBlocks();
    if (blocks.length === 0) return;
    const [start] = this.#log.slice(first);
    this.#books = start!.before.clone();
    for (const block of blocks) addBlock(this.#books.line, block);
    const again = this.#log.slice(first);
    for (const entry of again) {
      const said = linesOf(entry.watched);
      Object.assign(entry, { before: this.#books.clone() });
      if (entry.seen !== undefined) {
        const watched = await this.#verify(entry);
        if (linesOf(watched) !== said && pending.has(watched.seq)) yield this.#said(watched);
      } else if (entry.event.name === "vetoed") {
        this.#books.drop(entry.event.value.seq, entry.event.blockNumber);
      }
    }
    this.#books.attestations.activate(this.#newestAt);
  }

  async *#allowance(blockNumber: number): AsyncGenerator<WatchStep> {
    const { pool } = await readState(this.d, blockNumber);
    const { allowancePercent = 90n } = this.options;
    const isUsed = pool.drawnWei > 0n && pool.drawnWei * 100n >= pool.budgetWei * allowancePercent;
    if (!isUsed || pool.day === this.#alarmedDay) return;
    this.#alarmedDay = pool.day;
    yield { kind: "alarm", alarm: allowanceAlarm(pool, blockNumber) };
  }

  *#equivocationsFound(blockNumber: number): Generator<WatchStep> {
    for (const found of this.#found.splice(0)) yield { kind: "alarm", alarm: equivocationAlarm(found, blockNumber) };
  }

  #stepBack(blockNumber: number): void {
    const first = this.#log.findIndex(({ event }) => event.blockNumber > blockNumber);
    if (first < 0) return;
    this.#books = this.#log[first]!.before;
    this.#log = this.#log.slice(0, first);
    this.#alarmedDay = -1n;
  }

  /** Drop what neither a reorganisation nor a later look can need. */
  #forget(): void {
    const oldest = this.#cursor.marks[0]!.blockNumber;
    const [firstPending] = this.#books.attestations.pending;
    const keep = this.#log.findIndex(({ event, watched }) => {
      return event.blockNumber > oldest || (watched !== undefined && watched.seq === firstPending?.seq);
    });
    this.#log = keep < 0 ? [] : this.#log.slice(keep);
  }

  #pending(): WatchedAttestation[] {
    const pending = new Set(this.#books.attestations.pending.map(({ seq }) => seq));
    return this.#log.flatMap(({ watched }) => {
      return watched !== undefined && pending.has(watched.seq) ? [timedAt(this.#newestAt, watched)] : [];
    });
  }

  #said(watched: Verified): WatchStep {
    return { kind: "attestation", ...timedAt(this.#newestAt, watched) };
  }
}

/**
 * Watch a deployment: do the work behind every attestation again from published blocks and the chain, and say what is wrong
 * where while it can still be vetoed; raise alarms about pauses, router sets, slashes, vetoes, roles and the day's room.
 *
 * @example
 * for await (const step of watch(d, { policy, transport, balanceWei, isOwner, follow: true, signal })) {
 *   if (step.kind === "attestation" && step.findings.length > 0) page(step.line, step.signers);
 *   if (step.kind === "alarm") note(step.alarm.line);
 * }
 * @throws the errors of `followEvents`
 */
export async function* watch(d: Deployment, options: WatchOptions): AsyncGenerator<WatchStep> {
  yield* (await createWatcher(d, options)).run();
}

/** Create a watcher that can be asked for a snapshot, and given messages that go by elsewhere. @throws ChainRequestFailed */
export async function createWatcher(d: Deployment, options: WatchOptions): Promise<Watcher> {
  const { routers } = await readRouterSet(d);
  return new Watcher(
    d,
    options,
    routers.map(({ account }) => account),
  );
}
