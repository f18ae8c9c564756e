import { createMeter, type MeterSnapshot } from "../access/index.js";
import { createBidBook, type BidTimer, type SeatSnapshot } from "../market/index.js";
import type { RouterPolicy } from "../router/policy.js";
import type { RouterState } from "../router/state.js";
import type { ByteReader, ByteWriter } from "./bytes.js";

/** Write the bid book: seats by model, and the moments at which bids expire and rests end. */
export function writeBook(out: ByteWriter, { book }: RouterState): void {
  const { models, expiries, rests } = book.snapshot();
  out.list(models, ({ modelId, seats }) => {
    out.fixed(modelId, 32);
    out.list(seats, (seat) => writeSeat(out, seat));
  });
  for (const timers of [expiries, rests]) {
    out.list(timers, ({ modelId, providerId, dueAt }) => {
      out.fixed(modelId, 32);
      out.uint(providerId);
      out.uint(dueAt);
    });
  }
}

/** Read the bid book. @throws JournalDamaged */
export function readBook(from: ByteReader, { priceRange }: RouterPolicy): RouterState["book"] {
  const models = from.list(() => {
    const modelId = from.hash();
    return { modelId, seats: from.list(() => readSeat(from, modelId)) };
  });
  const timers = (): BidTimer[] =>
    from.list(() => ({ modelId: from.hash(), providerId: from.uint(), dueAt: from.uint() }));
  const snapshot = { models, expiries: timers(), rests: timers() };
  return createBidBook(priceRange === undefined ? {} : { range: priceRange }, snapshot);
}

/** Write the meter: what is held, and what was charged by day and user. */
export function writeMeter(out: ByteWriter, { meter }: RouterState): void {
  const { reservations, used } = meter.snapshot();
  out.list(reservations, ({ rfcHash, user, day, tokenMax, priceWei }) => {
    out.fixed(rfcHash, 32);
    out.fixed(user, 20);
    out.uint(day);
    out.uint(tokenMax);
    out.uint(priceWei);
  });
  out.list(used, ({ day, user, usedWei }) => {
    out.uint(day);
    out.fixed(user, 20);
    out.uint(usedWei);
  });
}

/** Read the meter. @throws JournalDamaged */
export function readMeter(from: ByteReader): RouterState["meter"] {
  const reservations = from.list(() => {
    const [rfcHash, user, day, tokenMax, priceWei] = [
      from.hash(),
      from.address(),
      from.uint(),
      from.uint(),
      from.uint(),
    ] as const;
    return { rfcHash, user, day, tokenMax, priceWei, reservedWei: tokenMax * priceWei };
  });
  const used = from.list(() => ({ day: from.uint(), user: from.address(), usedWei: from.uint() }));
  return createMeter({ reservations, used } satisfies MeterSnapshot);
}

function writeSeat(out: ByteWriter, { providerId, bid, lastSequence, capacity, used, resting }: SeatSnapshot): void {
  out.uint(providerId);
  out.uint(lastSequence + 1n);
  out.count(capacity);
  out.count(used);
  out.bool(resting);
  out.bool(bid !== undefined);
  if (bid === undefined) return;
  out.uint(bid.priceWei);
  out.uint(bid.sequence);
  out.uint(bid.expiresAt);
}

function readSeat(from: ByteReader, modelId: string): SeatSnapshot {
  const providerId = from.uint();
  const seat = {
    providerId,
    lastSequence: from.uint() - 1n,
    capacity: from.count(),
    used: from.count(),
    resting: from.bool(),
  };
  if (!from.bool()) return { ...seat, bid: undefined };
  return {
    ...seat,
    bid: { providerId, modelId, priceWei: from.uint(), sequence: from.uint(), expiresAt: from.uint() },
  };
}
