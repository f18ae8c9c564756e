import type { ClosedBlock } from "../ledger/index.js";
import type { Match, Signed } from "../messages/index.js";
import type { MatchEnd, RouterEvent, RouterObserver } from "../router/index.js";
import { blockAt, type Hash32, type UnixMillis } from "../units/index.js";
import type { BlockEvidence, MatchEvidence, Step } from "./evidence.js";

/** Collects what a router does and gives it out block by block. */
export interface EvidenceRecorder {
  /** Hand this to `createRouter`. */
  readonly observer: RouterObserver;
  /** Note the blocks that `closeBlocks` gave, in order. */
  close(blocks: readonly Pick<ClosedBlock, "signed">[]): void;
  /**
   * Take out the evidence of the noted blocks, oldest first. A block whose matches are not all signed yet, and those
   * after it, come with a later call.
   */
  take(): BlockEvidence[];
}

/** A step as it happened. The signature of a match, or that there is none, comes later. */
type Draft = Exclude<Step, { kind: "match" }> | UnsignedStep;
interface UnsignedStep {
  readonly kind: "match";
  readonly atMs: UnixMillis;
  readonly rfc: Signed<"Rfc">;
  readonly value: Match;
  match: MatchEvidence | undefined;
}

/** Create the recorder of a router. `emissionStart` as the router's, in Unix seconds. */
export function createEvidenceRecorder(emissionStart: bigint): EvidenceRecorder {
  const recorder = new Recorder(emissionStart);
  return {
    observer: (event) => recorder.note(event),
    close: (blocks) => recorder.close(blocks),
    take: () => recorder.take(),
  };
}

class Recorder {
  readonly #emissionStart: bigint;
  readonly #closed: Signed<"InferenceBlock">[] = [];
  readonly #rfcs = new Map<Hash32, Signed<"Rfc">>();
  readonly #unsigned = new Map<Hash32, UnsignedStep>();
  /** RFCs of open matches, by match. */
  readonly #rfcOf = new Map<Hash32, Hash32>();
  #steps: Draft[] = [];

  constructor(emissionStart: bigint) {
    this.#emissionStart = emissionStart;
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
      default:
        this.#noteEnd(event);
    }
  }

  close(blocks: readonly Pick<ClosedBlock, "signed">[]): void {
    for (const { signed } of blocks) this.#closed.push(signed);
  }

  take(): BlockEvidence[] {
    const taken: BlockEvidence[] = [];
    for (const block of this.#closed) {
      const end = this.#steps.findIndex(({ atMs }) => this.#heightOf(atMs) > block.value.height);
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
