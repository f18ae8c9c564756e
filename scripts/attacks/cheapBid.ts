import {
  createBidBook,
  createFailureRecord,
  formatMor,
  keccak256Text,
  maxTokens,
  userShareWei,
  wei,
  WEI_PER_MOR,
} from "@yellowstone-compute/sdk";
import { integer, percent, type AttackTable } from "./table.js";

const MODEL = keccak256Text("a model");
/** Nobody asks the same price, so no tie is decided by it. */
const RFC = keccak256Text("an RFC");
const PRICE_WEI = 10n ** 11n;
const HONEST = 20;
const ATTACKER = 1_000n;
/** A block-day of inference blocks, and requests in each. */
const BLOCKS = 7_200n;
const REQUESTS_PER_BLOCK = 5;
const BLOCK_SECONDS = 12n;
const BUDGET_WEI = 3_000n * WEI_PER_MOR;

/** How the attacker bids: with so many places at once, and below the router's least price or not. */
export interface CheapBid {
  readonly capacity: number;
  /** Least price that the router takes for the model, in wei a T; 1 without a range. */
  readonly leastWei: bigint;
}

/** What a day of it came to, in jobs. */
export interface Captured {
  readonly jobs: number;
  /** Jobs that went to the attacker, who failed every one. */
  readonly lost: number;
}

/** Let an attacker bid 1 wei a T for a day and fail all that it is given; the router's record passes it over. */
export function bidCheap({ capacity, leastWei }: CheapBid): Captured {
  const book = createBidBook({ defaultCapacity: 4 });
  const record = createFailureRecord();
  book.setRange(MODEL, { minWei: leastWei });
  const bid = { modelId: MODEL, sequence: 1n, expiresAt: BLOCKS * BLOCK_SECONDS + 1n };
  for (let i = 0; i < HONEST; i++) book.add({ ...bid, providerId: BigInt(i), priceWei: PRICE_WEI + BigInt(i) }, 0n);
  book.add({ ...bid, providerId: ATTACKER, priceWei: 1n }, 0n);
  book.setCapacity(MODEL, ATTACKER, capacity);
  let [jobs, lost] = [0, 0];
  for (let height = 0n; height < BLOCKS; height++) {
    const at = height * BLOCK_SECONDS;
    const taken: bigint[] = [];
    for (let i = 0; i < REQUESTS_PER_BLOCK; i++) {
      const chosen = book.lowestFree(MODEL, RFC, at);
      if (chosen === undefined) continue;
      book.take(MODEL, chosen.providerId);
      taken.push(chosen.providerId);
    }
    for (const id of taken) {
      book.free(MODEL, id);
      jobs += 1;
      if (id === ATTACKER) lost += 1;
      const standing = record.record(MODEL, id, id === ATTACKER ? "failed" : "served", height);
      if (standing.passedOverUntil > height) book.rest(MODEL, id, standing.passedOverUntil * BLOCK_SECONDS);
    }
  }
  return { jobs, lost };
}

/** The table of cheap bids. */
export function cheapBid(): AttackTable {
  const rows = [1, 4, 1_000].map((capacity) => {
    const open = bidCheap({ capacity, leastWei: 1n });
    const bounded = bidCheap({ capacity, leastWei: PRICE_WEI / 2n });
    return [
      integer(capacity),
      integer(open.jobs),
      integer(open.lost),
      percent(BigInt(open.lost), BigInt(open.jobs)),
      integer(bounded.lost),
    ];
  });
  const user = { balanceWei: 100n * WEI_PER_MOR, supplyWei: 10_000_000n * WEI_PER_MOR, budgetWei: BUDGET_WEI };
  const before = maxTokens(BUDGET_WEI, PRICE_WEI);
  const shareWei = userShareWei(user);
  return {
    title: "Capturing a model with a bid of 1 wei",
    about: `Twenty honest providers ask ${integer(PRICE_WEI)} wei a T and a little more, four places each; a newcomer 1 wei, and it fails every job; ${REQUESTS_PER_BLOCK} requests a block for a block-day. It is passed over after more than 5 failures of 20, each time for twice as long. MaxT of the model rises from ${integer(before)} T to ${integer(maxTokens(BUDGET_WEI, 1n))} T meanwhile, but the meter counts MOR: a user with 100 MOR still has ${formatMor(wei(shareWei))} MOR a day. Honest work at 1 wei would be a gift to the users. Every further id does the same again, for a bond each. A least price of the router keeps the bid out.`,
    columns: ["its places at once", "jobs", "captured and lost", "of all", "with a least price"],
    rows,
  };
}
