import type { Address, Hex, UMor, Wei } from "../units/brands.js";
import type { Retry } from "../errors/base.js";
import type { JobId, Task } from "./task.js";

/** An error as it is stored and reported. */
export interface RelayFailure {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly retry: Retry;
}

/** What became of one provider or rank of a part. */
export interface ItemOutcome {
  readonly item: bigint;
  /** What it was paid; undefined for what is no payment. */
  readonly paidUMor?: UMor;
  /** It was due and could not be paid at this address: it stays owed. */
  readonly unpayable?: Address;
}

/** How a part ended. */
export interface PartResult {
  /** Whose transaction did it; `others`: it was done already, or nothing was left to do. */
  readonly by: "us" | "others";
  readonly hash?: string;
  readonly blockNumber?: number;
  /** What the transaction cost in wei, its L1 data fee included where the receipt tells it. */
  readonly feeWei?: Wei;
  /** Only those of whom the transaction tells something. */
  readonly items: readonly ItemOutcome[];
}

/** A transaction that was mined and failed. */
export interface Reverted {
  readonly hash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/** A share of a job that goes into one transaction. */
export interface Part {
  readonly key: string;
  readonly jobId: JobId;
  readonly task: Task;
  /** Transactions of it that were mined and failed. */
  readonly reverts: number;
  readonly lastRevert?: Reverted;
  readonly result?: PartResult;
  readonly failure?: RelayFailure;
}

/** A job and the parts it was cut into. */
export interface Job {
  readonly id: JobId;
  readonly kind: Task["kind"];
  readonly items: readonly bigint[];
  readonly parts: readonly string[];
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
}

/** A transaction as it was signed. */
export interface Variant {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** It does nothing but use the nonce. */
  readonly isFiller: boolean;
}

/** A nonce with the transactions signed for it: one of them at most can be mined. */
export interface Slot {
  readonly nonce: number;
  /** What its transaction does; undefined when it only closes a gap. */
  readonly part?: string;
  /** Oldest first. */
  readonly variants: readonly Variant[];
  /** Block of the chain before which it was not sent. */
  readonly sinceBlock: number;
}

/** Everything a relayer must not forget. */
export interface RelayState {
  readonly jobs: Map<JobId, Job>;
  readonly parts: Map<string, Part>;
  readonly slots: Map<number, Slot>;
  /** One above the highest nonce ever signed; undefined before the first. */
  nextNonce: number | undefined;
}

/** A change of the state; it is durable before anything follows from it. */
export type Change =
  | {
      readonly t: "job";
      readonly id: JobId;
      readonly task: Task;
      readonly items: readonly bigint[];
      readonly atMs: number;
    }
  | { readonly t: "split"; readonly part: string; readonly tasks: readonly [Task, Task] }
  | {
      readonly t: "sign";
      readonly nonce: number;
      readonly part?: string;
      readonly variant: Variant;
      readonly block: number;
    }
  | { readonly t: "free"; readonly nonce: number; readonly reverted?: Reverted }
  | {
      readonly t: "done";
      readonly part: string;
      readonly result: PartResult;
      readonly nonce?: number;
      readonly atMs: number;
    }
  | { readonly t: "failed"; readonly part: string; readonly failure: RelayFailure; readonly atMs: number };

/** A state without jobs. */
export function emptyState(): RelayState {
  return { jobs: new Map(), parts: new Map(), slots: new Map(), nextNonce: undefined };
}

/** Make a change. */
export function applyChange(state: RelayState, change: Change): void {
  switch (change.t) {
    case "job": {
      const { id, task, items, atMs } = change;
      const key = id;
      for (const old of state.jobs.get(id)?.parts ?? []) state.parts.delete(old);
      state.parts.set(key, { key, jobId: id, task, reverts: 0 });
      state.jobs.set(id, { id, kind: task.kind, items, parts: [key], createdAtMs: atMs });
      return;
    }
    case "split":
      return splitPart(state, change.part, change.tasks);
    case "sign": {
      const { nonce, part, variant, block } = change;
      const slot = state.slots.get(nonce) ?? { nonce, variants: [], sinceBlock: block, ...(part && { part }) };
      state.slots.set(nonce, { ...slot, variants: [...slot.variants, variant] });
      state.nextNonce = Math.max(state.nextNonce ?? 0, nonce + 1);
      return;
    }
    case "free": {
      const part = state.parts.get(state.slots.get(change.nonce)?.part ?? "");
      state.slots.delete(change.nonce);
      if (part === undefined || change.reverted === undefined) return;
      state.parts.set(part.key, { ...part, reverts: part.reverts + 1, lastRevert: change.reverted });
      return;
    }
    case "done":
      if (change.nonce !== undefined) state.slots.delete(change.nonce);
      return endPart(state, change.part, { result: change.result }, change.atMs);
    case "failed":
      return endPart(state, change.part, { failure: change.failure }, change.atMs);
  }
}

/** Whether nothing is left to do for a part. */
export function isEnded(part: Part): boolean {
  return part.result !== undefined || part.failure !== undefined;
}

/** Forget jobs that ended before `beforeMs`. */
export function forgetEnded(state: RelayState, beforeMs: number): void {
  for (const [id, { endedAtMs, parts }] of state.jobs) {
    if (endedAtMs === undefined || endedAtMs >= beforeMs) continue;
    for (const key of parts) state.parts.delete(key);
    state.jobs.delete(id);
  }
}

function splitPart(state: RelayState, key: string, tasks: readonly [Task, Task]): void {
  const { jobId } = state.parts.get(key)!;
  const job = state.jobs.get(jobId)!;
  const parts = tasks.map((task, i): Part => ({ key: `${key}.${i}`, jobId, task, reverts: 0 }));
  state.parts.delete(key);
  for (const each of parts) state.parts.set(each.key, each);
  const keys = job.parts.flatMap((known) => (known === key ? parts.map((each) => each.key) : [known]));
  state.jobs.set(jobId, { ...job, parts: keys });
}

function endPart(state: RelayState, key: string, end: Partial<Part>, atMs: number): void {
  const part = state.parts.get(key)!;
  state.parts.set(key, { ...part, ...end });
  const job = state.jobs.get(part.jobId)!;
  const isOver = job.parts.every((each) => isEnded(state.parts.get(each)!));
  if (isOver) state.jobs.set(job.id, { ...job, endedAtMs: atMs });
}
