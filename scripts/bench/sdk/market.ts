import { createBidBook, createRfcQueue, keccak256Text, modelId, type QueuedRfc } from "@yellowstone-compute/sdk";
import type { Rows } from "../rows.js";

const SIZE = 100_000;
const MODEL = modelId(keccak256Text("bench: model"));

/** Rates of the market at 100,000 bids and 100,000 queued RFCs. */
export function marketRows(rows: Rows): void {
  const hashes = Array.from({ length: SIZE }, (_, i) => keccak256Text(`bench: rfc ${i}`));
  const book = createBidBook();
  rows.add(
    "bid book: add",
    SIZE,
    rate(SIZE, (i) => book.add(bidOf(i), 0n)),
    "per s",
  );
  const choose = rate(SIZE, (i) => {
    const bid = book.lowestFree(MODEL, hashes[i]!, 0n);
    if (bid === undefined) throw new TypeError("bench: no bid is free");
    book.take(MODEL, bid.providerId);
  });
  rows.add("bid book: choose the lowest and take it", SIZE, choose, "per s");
  const queue = createRfcQueue();
  const rfcs = hashes.map((rfcHash, i): QueuedRfc => {
    return { rfcHash, modelId: MODEL, balanceWei: BigInt((i * 7_919) % SIZE), deadlineAt: BigInt(i % 60) };
  });
  rows.add(
    "RFC queue: push",
    SIZE,
    rate(SIZE, (i) => queue.push(rfcs[i]!)),
    "per s",
  );
  rows.add(
    "RFC queue: pop",
    SIZE,
    rate(SIZE, () => queue.pop(MODEL)),
    "per s",
  );
}

function bidOf(i: number) {
  const priceWei = 1_000_000n + BigInt((i * 7_919) % 50_021);
  return { providerId: BigInt(i), modelId: MODEL, priceWei, sequence: 1n, expiresAt: 1n << 40n };
}

/** Calls a second. */
function rate(calls: number, call: (i: number) => unknown): number {
  const startedAt = performance.now();
  for (let i = 0; i < calls; i++) call(i);
  return (calls * 1_000) / (performance.now() - startedAt);
}
