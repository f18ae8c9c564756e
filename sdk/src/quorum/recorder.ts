import type { Match, Signed } from "../messages/index.js";
import type { MatchEnd, RouterEvent, RouterObserver } from "../router/index.js";
import { blockAt, type Hash32, type UnixMillis } from "../units/index.js";
import type { BlockEvidence, MatchEvidence, Step } from "./evidence.js";

/** Collects what a router does and gives it out block by block. */
export interface EvidenceRecorder {
  /** Hand this to `createRouter`. */
  readonly observer: RouterObserver;
  /**
   * Take out the evidence of the closed blocks, oldest first. A block whose matches are not all signed yet, and those
   * after it, come with a later call.
   */
  take(): BlockEvidence[];
  /** Matches whose signature was not heard. After a replay they must be signed again: transitions do not sign. */
  unsigned(): { readonly matchHash: Hash32; readonly value: Match }[];
  /** A copy of all it holds. */
  snapshot(): RecorderSnapshot;
}

/** What a recorder holds between two blocks. */
export interface RecorderSnapshot {
  readonly closed: readonly Signed<"InferenceBlock">[];
  readonly steps: readonly Draft[];
  /** RFCs that are not settled, by their hash. */
  readonly rfcs: ReadonlyMap<Hash32, Signed<"Rfc">>;
  /** RFCs of open matches, by match. */
  readonly rfcOf: ReadonlyMap<Hash32, Hash32>;
  /** Those of `steps` that wait for a signature, by match. */
  readonly unsigned: ReadonlyMap<Hash32, UnsignedStep>;
}

/** A step as it happened. The signature of a match, or that there is none, comes later. */
export type Draft = Exclude<Step, { kind: "match" }> | UnsignedStep;
/** A match as it happened. */
export interface UnsignedStep {
  readonly kind: "match";
  readonly atMs: UnixMillis;
  readonly rfc: Signed<"Rfc">;
  readonly value: Match;
  match: MatchEvidence | undefined;
}

/** Create the recorder of a router. `emissionStart` as the router's, in Unix seconds; `from`: where one before it stood. */
export function createEvidenceRecorder(emissionStart: bigint, from?: RecorderSnapshot): EvidenceRecorder {
  const recorder = new Recorder(emissionStart, from);
  return {
    observer: (event) => recorder.note(event),
    take: () => recorder.take(),
    unsigned: () => recorder.unsigned(),
    snapshot: () => recorder.snapshot(),
  };
}

class Recorder {
  readonly #emissionStart: bigint;
  readonly #closed: Signed<"InferenceBlock">[];
  readonly #rfcs: Map<Hash32, Signed<"Rfc">>;
  readonly #unsigned: Map<Hash32, UnsignedStep>;
  readonly #rfcOf: Map<Hash32, Hash32>;
  #steps: Draft[];

  constructor(emissionStart: bigint, from?: RecorderSnapshot) {
    this.#emissionStart = emissionStart;
    this.#closed = [...(from?.closed ?? [])];
    this.#rfcs = new Map(from?.rfcs);
    this.#unsigned = new Map(from?.unsigned);
    this.#rfcOf = new Map(from?.rfcOf);
    this.#steps = [...(from?.steps ?? [])];
  }

  note(event: RouterEvent): void {
    switch (event.kind) {
      case "rfc":
        this.#rfcs.set(event.rfcHash, event.rfc);
        break;
      case "dropped":
        this.#rfcs.delete(event.rfcHash);
        break;
      case "bid":
        this.#steps.push(event);
        break;
      case "match":
        this.#noteMatch(event.atMs, event.matchHash, event.value);
        break;
      case "signed":
        this.#settle(event.matchHash, event.match);
        break;
      case "report": {
        const { atMs, report, judged } = event;
        this.#rfcs.delete(judged.rfcHash);
        this.#rfcOf.delete(judged.matchHash);
        this.#steps.push({ kind: "report", atMs, report, creditWei: judged.creditWei });
        break;
      }
      case "blocks":
        this.#closed.push(...event.blocks);
        break;
      default:
        this.#noteEnd(event);
    }
  }

  unsigned(): { readonly matchHash: Hash32; readonly value: Match }[] {
    return [...this.#unsigned].map(([matchHash, { value }]) => ({ matchHash, value }));
  }

  snapshot(): RecorderSnapshot {
    return structuredClone({
      closed: this.#closed,
      steps: this.#steps,
      rfcs: this.#rfcs,
      rfcOf: this.#rfcOf,
      unsigned: this.#unsigned,
    });
  }

  take(): BlockEvidence[] {
    const taken: BlockEvidence[] = [];
    for (const block of this.#closed) {
      const { height } = block.value;
      const end = this.#steps.findIndex(({ atMs }) => this.#heightOf(atMs) > height);
      const steps = (end < 0 ? this.#steps : this.#steps.slice(0, end)).map(finished);
      if (!steps.every((step) => step !== undefined)) break;
      taken.push({ block, steps });
      this.#steps = this.#steps.slice(steps.length);
    }
    this.#closed.splice(0, taken.length);
    return taken;
  }

  #noteMatch(atMs: UnixMillis, matchHash: Hash32, value: Match): void {
    const rfc = this.#rfcs.get(value.rfcHash);
    // A match of an RFC from before the recorder: its block cannot be shown, and others will say so.
    if (rfc === undefined) return;
    const step: UnsignedStep = { kind: "match", atMs, rfc, value, match: undefined };
    this.#steps.push(step);
    this.#unsigned.set(matchHash, step);
    this.#rfcOf.set(matchHash, value.rfcHash);
  }

  #noteEnd({ kind, atMs, matchHash }: Extract<RouterEvent, { kind: MatchEnd }>): void {
    const step = this.#unsigned.get(matchHash);
    if (kind === "lapsed" && step !== undefined) this.#settle(matchHash, { lapsed: true, value: step.value });
    const rfcHash = this.#rfcOf.get(matchHash);
    if (kind === "unreported" && rfcHash !== undefined) this.#rfcs.delete(rfcHash);
    this.#rfcOf.delete(matchHash);
    this.#steps.push({ kind, atMs, matchHash });
  }

  #settle(matchHash: Hash32, match: MatchEvidence): void {
    const step = this.#unsigned.get(matchHash);
    if (step !== undefined) step.match = match;
    this.#unsigned.delete(matchHash);
  }

  #heightOf(atMs: UnixMillis): bigint {
    return blockAt(atMs / 1_000n, this.#emissionStart);
  }
}

function finished(draft: Draft): Step | undefined {
  if (draft.kind !== "match") return draft;
  const { kind, atMs, rfc, match } = draft;
  return match && { kind, atMs, rfc, match };
}
