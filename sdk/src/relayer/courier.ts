import type { Signer } from "ethers";
import type { Deployment } from "../deployment/deployment.js";
import type { YellowstoneError } from "../errors/base.js";
import { TransactionReverted } from "../errors/chain.js";
import { RelayAborted } from "../errors/relayer.js";
import type { Address } from "../units/brands.js";
import type { DataFeeKind } from "./dataFee.js";
import type { Verdict } from "./judge.js";
import { nonceOf } from "./nonces.js";
import { fillerOf, prepare, type Prepared } from "./prepare.js";
import type { RelayRecords } from "./records.js";
import { pauseOf, relayFailure, request, type RequestContext } from "./request.js";
import type { RelaySettings } from "./settings.js";
import { Slots } from "./slots.js";
import { splitTask } from "./splitTask.js";
import { isEnded, type Part } from "./state.js";
import { lineOf } from "./task.js";
import { confirmCount, readView, requireChain, type SenderView } from "./view.js";
import { Waits } from "./waits.js";

/** What a courier works with. */
export interface CourierParts {
  readonly d: Deployment;
  readonly signer: Signer;
  readonly sender: Address;
  readonly settings: RelaySettings;
  readonly records: RelayRecords;
  readonly clock: () => number;
  readonly onFailure: (failure: YellowstoneError) => void;
}

/** A part whose call passes and whose transactions fail so often is given up, or divided. */
const MOST_REVERTS = 5;

/**
 * Carries the parts of all jobs to the chain, one look at a time. What it decides is durable before it acts on it, so it can
 * be dropped between any two steps and made again from the records.
 */
export class Courier {
  readonly #parts: CourierParts;
  readonly #waits: Waits;
  readonly #slots: Slots;
  readonly #gaps = new Map<number, number>();
  #dataFee: DataFeeKind | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#waits = new Waits(parts.settings.timing, parts.clock);
    this.#slots = new Slots(parts, this.#waits);
  }

  /** Why a part is not under way. */
  failureOf(part: string): YellowstoneError | undefined {
    return this.#waits.failureOf(part);
  }

  /** Do once what is due. @throws what the look at the chain failed with; RelayAborted */
  async advance(signal: AbortSignal): Promise<void> {
    const { d, sender, settings, onFailure } = this.#parts;
    const asking: RequestContext = { timing: settings.timing, signal, onFailure };
    const view = await request("look", asking, () => readView(d, sender, settings.fees, this.#dataFee));
    this.#dataFee = view.dataFee;
    for (const slot of [...this.#state.slots.values()].sort((a, b) => a.nonce - b.nonce)) {
      await this.#slots.tend(asking, view, slot, (part, before) =>
        this.#replace(asking, view, part, slot.nonce, before),
      );
    }
    for (const part of this.#due()) {
      if (this.#state.slots.size >= settings.limits.inFlight) break;
      if (!this.#isBlocked(part)) await this.#start(asking, view, part);
    }
    await this.#fillGap(asking, view);
  }

  get #state() {
    return this.#parts.records.state;
  }

  /** Parts that may be tried now, oldest job first. */
  #due(): Part[] {
    const taken = new Set([...this.#state.slots.values()].map(({ part }) => part));
    const all = [...this.#state.jobs.values()].flatMap(({ parts }) => parts.map((key) => this.#state.parts.get(key)!));
    return all.filter((part) => !isEnded(part) && !taken.has(part.key) && this.#waits.isDue(part.key));
  }

  /** Whether another part of its line is under way. */
  #isBlocked({ task }: Part): boolean {
    const line = lineOf(task);
    if (line === undefined) return false;
    return [...this.#state.slots.values()].some(({ part }) => {
      const other = this.#state.parts.get(part ?? "");
      return other !== undefined && lineOf(other.task) === line;
    });
  }

  async #start(asking: RequestContext, view: SenderView, part: Part): Promise<void> {
    const { d, sender, settings } = this.#parts;
    try {
      const state = this.#state;
      const nonce = nonceOf(state, view.count, this.#isOldGap);
      if (state.nextNonce === undefined) {
        await request("count", asking, () => confirmCount(d, sender, view));
      }
      const context = { d, sender, settings, view };
      const prepared = await request("prepare", asking, () => prepare(context, part, nonce));
      // The chain that answered is the chain that is signed for.
      await request("chain", asking, () => requireChain(d));
      if (prepared.do !== "send") return this.#follow(part, prepared);
      if (part.reverts >= MOST_REVERTS) return this.#follow(part, givenUp(part));
      this.#waits.forget(part.key);
      await this.#slots.send(asking, view, { nonce, part: part.key, transaction: prepared.transaction });
    } catch (cause) {
      this.#postpone(part, cause);
    }
  }

  /** What goes in place of a transaction that no block takes; undefined: it stays as it is. */
  async #replace(
    asking: RequestContext,
    view: SenderView,
    part: Part | undefined,
    nonce: number,
    before: Parameters<typeof prepare>[3],
  ) {
    const { d, sender, settings } = this.#parts;
    const context = { d, sender, settings, view };
    try {
      const prepared: Prepared | undefined =
        part && (await request("prepare", asking, () => prepare(context, part, nonce, before)));
      await request("chain", asking, () => requireChain(d));
      if (prepared?.do === "send") return { transaction: prepared.transaction, isFiller: false };
      // What the contracts would refuse now is not sent again: the nonce is used up by nothing, and the part judged anew.
      return { transaction: fillerOf(context, nonce, before), isFiller: true };
    } catch (cause) {
      const failure = failureOf(cause);
      if (part !== undefined) this.#waits.note(part.key, failure);
      return undefined;
    }
  }

  #follow(part: Part, verdict: Verdict): void {
    const { records, clock } = this.#parts;
    if (verdict.do === "wait") {
      const inMs = verdict.untilAt === undefined ? 0 : Math.max(0, Number(verdict.untilAt) * 1_000 - clock());
      return this.#waits.postpone(part.key, verdict.failure, inMs);
    }
    const isCertain = verdict.do === "split" && verdict.isCertain === true;
    // One answer of one node is not enough to end a job or to divide it.
    if (!isCertain && !this.#waits.isConfirmed(part.key, verdict.do)) return;
    this.#waits.forget(part.key);
    const atMs = clock();
    switch (verdict.do) {
      case "end":
        return records.commit([{ t: "done", part: part.key, result: { by: "others", items: [] }, atMs }]);
      case "split":
        return records.commit([{ t: "split", part: part.key, tasks: verdict.tasks }]);
      case "fail": {
        const { code, message, next, retry } = verdict.failure;
        return records.commit([{ t: "failed", part: part.key, failure: { code, message, next, retry }, atMs }]);
      }
    }
  }

  #postpone(part: Part, cause: unknown): void {
    const failure = failureOf(cause);
    this.#waits.postpone(part.key, failure, pauseOf(failure, 1, this.#parts.settings.timing));
  }

  readonly #isOldGap = (nonce: number): boolean => {
    const { clock, settings } = this.#parts;
    const since = this.#gaps.get(nonce) ?? clock();
    this.#gaps.set(nonce, since);
    return clock() - since >= settings.timing.stuckAfterMs;
  };

  /** Nothing above an unused nonce can be mined: if no part takes it, nothing is sent with it. */
  async #fillGap(asking: RequestContext, view: SenderView): Promise<void> {
    const { d, sender, settings } = this.#parts;
    for (const nonce of this.#gaps.keys()) if (nonce < view.count) this.#gaps.delete(nonce);
    const nonce = nonceOf(this.#state, view.count, this.#isOldGap);
    if (![...this.#state.slots.keys()].some((used) => used > nonce)) return;
    const transaction = fillerOf({ d, sender, settings, view }, nonce);
    await this.#slots.send(asking, view, { nonce, transaction });
  }
}

/** Refused settings, aborts and failures of the store end the look; everything else is the part's own matter. */
function failureOf(cause: unknown): YellowstoneError {
  const failure = relayFailure(cause);
  if (failure instanceof RelayAborted || failure.code.startsWith("Journal") || failure.code === "RelaySenderUnfit") {
    throw failure;
  }
  return failure;
}

function givenUp({ task, lastRevert, reverts }: Part): Verdict {
  const tasks = splitTask(task);
  if (tasks !== undefined) return { do: "split", tasks, isCertain: true };
  const { hash, blockNumber, gasUsed } = lastRevert!;
  return { do: "fail", failure: new TransactionReverted(hash, blockNumber, gasUsed, `${reverts} times`) };
}
