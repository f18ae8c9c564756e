import type { YellowstoneError } from "../errors/base.js";
import { RelayJobUnknown } from "../errors/relayer.js";
import type { Address, UMor } from "../units/brands.js";
import type { RelayFailure, Job, Part, PartResult, RelayState, Slot } from "./state.js";
import { itemsOf, type JobId, type TaskKind } from "./task.js";

/** How far a part or an item of it is. `waiting` and `sent` go on by themselves; the others are final. */
export type RelayPhase = "waiting" | "sent" | "done" | "already" | "failed";

/** How far one transaction's share of a job is. */
export interface PartStatus {
  readonly phase: RelayPhase;
  /** Providers, or ranks of an award; the seq or season of what has no such. */
  readonly items: readonly bigint[];
  readonly nonce?: number;
  /** Newest transaction, or the one that did it. */
  readonly hash?: string;
  /** Transactions signed for its nonce. */
  readonly variants: number;
  readonly result?: PartResult;
  /** Why it is not done, or not yet. */
  readonly failure?: RelayFailure;
}

/** What became of one provider, or one rank, of a job. */
export interface ItemStatus {
  readonly item: bigint;
  readonly phase: RelayPhase;
  readonly paidUMor?: UMor;
  /** Due, and not payable at this address: it stays owed and can be claimed again. */
  readonly unpayable?: Address;
  readonly failure?: RelayFailure;
}

/** How far a job is. */
export interface JobStatus {
  readonly id: JobId;
  readonly kind: TaskKind;
  /** `done`: everything is done, by whomever. `failed`: something is not and never will be. */
  readonly phase: "waiting" | "sent" | "done" | "failed";
  readonly parts: readonly PartStatus[];
  readonly items: readonly ItemStatus[];
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
}

/** Put together how far a job is. Pure. @throws RelayJobUnknown */
export function statusOf(
  state: RelayState,
  id: JobId,
  failureOf: (part: string) => YellowstoneError | undefined,
): JobStatus {
  const job = state.jobs.get(id);
  if (job === undefined) throw new RelayJobUnknown(id);
  const slots = new Map([...state.slots.values()].map((slot) => [slot.part, slot]));
  const parts = job.parts.map((key) => {
    const part = state.parts.get(key)!;
    return partStatus(part, slots.get(key), failureOf(key));
  });
  const { kind, createdAtMs, endedAtMs } = job;
  const ended = endedAtMs === undefined ? {} : { endedAtMs };
  const items = parts.flatMap(itemStatuses);
  return { id, kind, phase: phaseOf(job, parts), parts, items, createdAtMs, ...ended };
}

function phaseOf({ endedAtMs }: Job, parts: readonly PartStatus[]): JobStatus["phase"] {
  if (endedAtMs !== undefined) return parts.some(({ phase }) => phase === "failed") ? "failed" : "done";
  return parts.some(({ phase }) => phase === "sent") ? "sent" : "waiting";
}

function partStatus(part: Part, slot: Slot | undefined, waitsFor: YellowstoneError | undefined): PartStatus {
  const items = itemsOf(part.task);
  const { result, failure } = part;
  if (failure !== undefined) return { phase: "failed", items, variants: 0, failure };
  if (result !== undefined) {
    const hash = result.hash === undefined ? {} : { hash: result.hash };
    return { phase: result.by === "us" ? "done" : "already", items, variants: 0, result, ...hash };
  }
  const why = waitsFor === undefined ? {} : { failure: recordOf(waitsFor) };
  if (slot === undefined) return { phase: "waiting", items, variants: 0, ...why };
  const { nonce, variants } = slot;
  const newest = variants[variants.length - 1];
  return { phase: "sent", items, nonce, variants: variants.length, ...(newest && { hash: newest.hash }), ...why };
}

/** A payment names whom it paid; whoever of a paid part it does not name had nothing due. */
function itemStatuses({ items, phase, result, failure }: PartStatus): ItemStatus[] {
  const told = new Map((result?.items ?? []).map((outcome) => [outcome.item, outcome]));
  return items.map((item): ItemStatus => {
    const outcome = told.get(item);
    const why = failure === undefined ? {} : { failure };
    if (outcome === undefined) return { item, phase: phase === "done" ? "already" : phase, ...why };
    return { ...outcome, phase: outcome.unpayable === undefined ? phase : "failed" };
  });
}

/** An error in the form in which it is reported. */
export function recordOf({ code, message, next, retry }: YellowstoneError): RelayFailure {
  return { code, message, next, retry };
}
