import type { TransactionLike } from "ethers";
import { RelayNonceUncertain } from "../errors/relayer.js";
import type { Wei } from "../units/brands.js";
import { outcomesOf } from "./call.js";
import type { CourierParts } from "./courier.js";
import { lookUp, type Fate } from "./lookUp.js";
import { isRequestFailure, relayFailure, request, type RequestContext } from "./request.js";
import type { Part, PartResult, Slot, Variant } from "./state.js";
import { signVariant, transmit } from "./transmit.js";
import type { SenderView } from "./view.js";
import type { Waits } from "./waits.js";

/** A transaction to put into a slot. */
export interface Outgoing {
  readonly nonce: number;
  readonly part?: string;
  readonly transaction: TransactionLike;
  readonly isFiller?: boolean;
}

type Replacement = { readonly transaction: TransactionLike; readonly isFiller: boolean } | undefined;

/** What is known of a slot beside its records. */
interface Track {
  /** When its turn came: no lower nonce is unused. */
  firstMs?: number;
  isCheap?: boolean;
  refusals?: number;
}

/** As often a node may refuse a transaction before something else takes its nonce. */
const MOST_REFUSALS = 3;

/** Sees signed transactions through until their nonces are used. */
export class Slots {
  readonly #parts: CourierParts;
  readonly #waits: Waits;
  readonly #tracks = new Map<number, Track>();

  constructor(parts: CourierParts, waits: Waits) {
    this.#parts = parts;
    this.#waits = waits;
  }

  /** Sign, make durable, send: in this order. @throws RelaySenderUnfit and the errors of the store */
  async send(asking: RequestContext, view: SenderView, { nonce, part, transaction, isFiller }: Outgoing) {
    const { signer, sender, records } = this.#parts;
    const variant = await signVariant(signer, sender, transaction, isFiller ?? part === undefined);
    const named = part === undefined ? {} : { part };
    records.commit([{ t: "sign", nonce, ...named, variant, block: view.blockNumber }]);
    await this.#transmit(asking, nonce, variant);
  }

  /** Look after one slot: end it, send it again, or put something better in its place. @throws RelayAborted, store errors */
  async tend(
    asking: RequestContext,
    view: SenderView,
    slot: Slot,
    replace: (part: Part | undefined, before: Variant) => Promise<Replacement>,
  ): Promise<void> {
    const { d, sender, settings, records } = this.#parts;
    const { nonce } = slot;
    const context = {
      provider: d.provider,
      chainId: d.chainId,
      confirmations: settings.limits.confirmations,
      sender,
      blockNumber: view.blockNumber,
      count: view.count,
    };
    const fate = await this.#quietly(slot, () => request("receipt", asking, () => lookUp(context, slot)));
    switch (fate?.is) {
      case "final":
        return this.#end(slot, fate);
      case "taken":
        this.#tracks.delete(nonce);
        return records.commit([{ t: "free", nonce }]);
      case "uncertain":
        return this.#note(slot, new RelayNonceUncertain(nonce));
      case "open":
        return this.#push(asking, view, slot, replace);
      default:
    }
  }

  #end(slot: Slot, { variant, receipt, l1FeeWei }: Extract<Fate, { is: "final" }>): void {
    const { d, records, clock } = this.#parts;
    const { nonce } = slot;
    const { hash, blockNumber, gasUsed } = receipt;
    const part = records.state.parts.get(slot.part ?? "");
    this.#tracks.delete(nonce);
    if (part === undefined || variant.isFiller) return records.commit([{ t: "free", nonce }]);
    if (receipt.status !== 1) return records.commit([{ t: "free", nonce, reverted: { hash, blockNumber, gasUsed } }]);
    let items: PartResult["items"];
    try {
      items = outcomesOf(d, part.task, receipt);
    } catch (cause) {
      // A receipt without the events of its own call is not a whole one: it is asked for again.
      return this.#note(slot, relayFailure(cause));
    }
    this.#waits.forget(part.key);
    const result: PartResult = { by: "us", hash, blockNumber, feeWei: (receipt.fee + l1FeeWei) as Wei, items };
    records.commit([{ t: "done", part: part.key, result, nonce, atMs: clock() }]);
  }

  async #push(
    asking: RequestContext,
    view: SenderView,
    slot: Slot,
    replace: (part: Part | undefined, before: Variant) => Promise<Replacement>,
  ): Promise<void> {
    const { d, settings, clock, records } = this.#parts;
    const { nonce } = slot;
    const last = slot.variants[slot.variants.length - 1]!;
    const track = this.#track(nonce);
    if (nonce === view.count) track.firstMs ??= clock();
    const isStuck = track.firstMs !== undefined && clock() - track.firstMs >= settings.timing.stuckAfterMs;
    const isHopeless = (track.refusals ?? 0) >= MOST_REFUSALS;
    if (isStuck || isHopeless || track.isCheap === true) {
      const better = await replace(records.state.parts.get(slot.part ?? ""), last);
      if (better !== undefined) {
        this.#tracks.set(nonce, {});
        const named = slot.part === undefined ? {} : { part: slot.part };
        return this.send(asking, view, { nonce, ...named, ...better });
      }
    }
    const seen = await this.#quietly(slot, () =>
      request("transaction", asking, () => d.provider.getTransaction(last.hash)),
    );
    // What the node does not know any more, it is given again: the same bytes, so it can never be there twice.
    if (seen === null) await this.#transmit(asking, nonce, last);
  }

  async #transmit(asking: RequestContext, nonce: number, variant: Variant): Promise<void> {
    const track = this.#track(nonce);
    const slot = this.#parts.records.state.slots.get(nonce);
    const { provider } = this.#parts.d;
    const reception = await this.#quietly(slot, () => request("send", asking, () => transmit(provider, variant)));
    if (reception?.is === "cheap") track.isCheap = true;
    if (reception?.is !== "refused") return;
    // Funds may come; what else a node will not have, it will not have later either.
    if (!/insufficient funds/i.test(reception.failure.message)) track.refusals = (track.refusals ?? 0) + 1;
    this.#note(slot, relayFailure(reception.failure));
  }

  /** Failures on the way leave a slot as it is: it is looked after again at the next look. */
  async #quietly<T>(slot: Slot | undefined, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (cause) {
      const failure = relayFailure(cause);
      if (!isRequestFailure(failure)) throw failure;
      this.#note(slot, failure);
      return undefined;
    }
  }

  #note(slot: Slot | undefined, failure: Parameters<Waits["note"]>[1]): void {
    if (slot?.part !== undefined) this.#waits.note(slot.part, failure);
  }

  #track(nonce: number): Track {
    const track = this.#tracks.get(nonce) ?? {};
    this.#tracks.set(nonce, track);
    return track;
  }
}
