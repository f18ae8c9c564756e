import { idsUpTo, generator, DELTAS, MATURE } from "../values.js";
import type { Rows } from "../rows.js";
import { MAX_BYTES, MAX_GAS, type Cost } from "./chain.js";
import { WEI_PER_UMOR, type Books, type Credits, type Side } from "./side.js";

/** One figure at its first write and in the steady state. */
interface Twice {
  first: Cost;
  steady: Cost;
}

/** What was measured of a side at one number of providers. */
export interface Figures {
  readonly attest?: Twice;
  readonly single: Twice;
  readonly batch?: Twice;
}

const PERIODS = [1, 24, 168] as const;
const FLOOR_OF_SEARCH = 0.5;

/** Measure a side at all its sizes and add the rows. */
export async function sideRows(rows: Rows, side: Side, sizes: readonly number[] = side.sizes): Promise<void> {
  let last: Figures | undefined;
  for (const n of sizes) {
    last = await measure(side, n);
    figureRows(rows, side, n, last);
  }
  const n = sizes.at(-1);
  if (n === 1_000 && last !== undefined) await largestRows(rows, side, last, n);
}

/** First posting on an empty ledger, first payout to empty addresses; then both again. */
export async function measure(side: Side, n: number): Promise<Figures> {
  const random = generator(BigInt(n));
  const books = await side.open(n, true);
  const all = idsUpTo(n);
  const middle = Math.floor(n / 2);
  // What the payee in the middle is owed: a figure counts only if the money arrived.
  let dueWei = 0n;
  const post = async ([low, high]: readonly [bigint, bigint]): Promise<Cost | undefined> =>
    books.attest &&
    inOne(all, async (ids) => {
      const credits = new Map(ids.map((id) => [id, random(low, high)]));
      const cost = await attest(books, credits);
      const uMor = credits.get(middle);
      if (uMor !== undefined) dueWei = (side.separate ? 0n : dueWei) + uMor * WEI_PER_UMOR;
      return cost;
    });
  const claim = async (ids: readonly number[]): Promise<Cost> => {
    const before = await books.heldWei(middle);
    const cost = await books.claim(ids);
    const paid = (await books.heldWei(middle)) - before;
    const wanted = books.attest && !(side.onePayee && ids.length > 1) ? dueWei : undefined;
    if (ids.includes(middle)) requirePaid(side, paid, wanted);
    return cost;
  };
  const pay = async (neighbour: boolean): Promise<{ single: Cost; batch?: Cost }> => {
    const back = await books.snapshot();
    // Nearly every claim comes behind another from the same posting.
    if (neighbour) await books.claim([middle - 1]);
    const single = await claim([middle]);
    if (side.maxBatch !== 1) await back();
    const batch = side.maxBatch === 1 ? undefined : await inOne(all, claim);
    dueWei = 0n;
    return batch === undefined ? { single } : { single, batch };
  };
  const first = { attest: await post(MATURE), ...(await pay(false)) };
  if (!side.separate) await post(DELTAS.hourly);
  return twice(first, { attest: await post(DELTAS.hourly), ...(await pay(true)) });
}

/** `wantedWei` is undefined where a side pays what the bench does not credit. */
function requirePaid({ name }: Side, paidWei: bigint, wantedWei: bigint | undefined): void {
  if (wantedWei === undefined ? paidWei > 0n : paidWei === wantedWei) return;
  throw new Error(`bench: ${name === "" ? "our own claim" : name} paid ${paidWei} wei, not ${wantedWei ?? "some"}`);
}

interface Round {
  attest: Cost | undefined;
  single: Cost;
  batch?: Cost;
}

function twice(first: Round, steady: Round): Figures {
  return {
    ...(first.attest && steady.attest ? { attest: { first: first.attest, steady: steady.attest } } : {}),
    single: { first: first.single, steady: steady.single },
    ...(first.batch && steady.batch ? { batch: { first: first.batch, steady: steady.batch } } : {}),
  };
}

async function attest(books: Books, credits: Credits): Promise<Cost> {
  if (books.attest === undefined) throw new Error("bench: this side posts nothing");
  return books.attest(credits);
}

/** One transaction for all ids, or the sum of as few halves as hold them. */
async function inOne(ids: readonly number[], act: (ids: readonly number[]) => Promise<Cost>): Promise<Cost> {
  try {
    return await act(ids);
  } catch (error) {
    if (ids.length < 8) throw error;
    const half = 4 * Math.ceil(ids.length / 8);
    const [a, b] = [await inOne(ids.slice(0, half), act), await inOne(ids.slice(half), act)];
    return { gas: a.gas + b.gas, bytes: a.bytes + b.bytes };
  }
}

function figureRows(rows: Rows, { name, separate }: Side, n: number, figures: Figures): void {
  const { attest, single, batch } = figures;
  const perProvider = (label: string, { first, steady }: Twice) => {
    rows.add(label, n, steady.gas / n, "gas", name);
    rows.add(`${label}, first write`, n, first.gas / n, "gas", name);
  };
  if (attest !== undefined) {
    perProvider("attest per provider", attest);
    rows.add("attest calldata per provider", n, attest.steady.bytes / n, "bytes", name);
  }
  rows.add("claim single", n, single.steady.gas, "gas", name);
  rows.add("claim single, first write", n, single.first.gas, "gas", name);
  if (batch !== undefined) {
    perProvider("claim per provider batch", batch);
    rows.add("claim calldata per provider batch", n, batch.steady.bytes / n, "bytes", name);
  }
  const posting = (attest?.steady.gas ?? 0) / n;
  const payout = batch === undefined ? single.steady.gas : batch.steady.gas / n;
  for (const s of PERIODS) {
    rows.add(`system per provider S=${s}`, n, s * posting + (separate ? s : 1) * payout, "gas", name);
  }
}

/** The most providers that one transaction holds. */
async function largestRows(rows: Rows, side: Side, { attest: posting, batch }: Figures, n: number): Promise<void> {
  if (posting !== undefined && posting.steady.bytes > 2 * n) {
    await largest(posting.steady, n, async (count) => {
      const random = generator(BigInt(count));
      const books = await side.open(count, false);
      await inOne(idsUpTo(count), (ids) => attest(books, new Map(ids.map((id) => [id, random(...MATURE)]))));
      const cost = await attest(books, new Map(idsUpTo(count).map((id) => [id, random(...DELTAS.hourly)])));
      rows.add("attest per provider: largest", count, cost.gas / count, "gas", side.name);
    });
  }
  if (batch !== undefined) {
    await largest(batch.steady, n, async (count) => {
      const random = generator(BigInt(count));
      const books = await side.open(count, true);
      for (let round = 0; round < 2; round++) {
        if (books.attest) {
          await inOne(idsUpTo(count), (ids) => attest(books, new Map(ids.map((id) => [id, random(...MATURE)]))));
        }
        if (round === 0) await inOne(idsUpTo(count), (ids) => books.claim(ids));
      }
      const cost = await books.claim(idsUpTo(count));
      rows.add("claim per provider batch: largest", count, cost.gas / count, "gas", side.name);
    });
  }
}

/** Try the size that gas and bytes at `n` promise, then smaller ones until one fits. */
async function largest(at: Cost, n: number, run: (count: number) => Promise<void>): Promise<void> {
  const most = Math.min((MAX_GAS * n) / at.gas, (MAX_BYTES * n) / at.bytes);
  for (let share = 1; share > FLOOR_OF_SEARCH; share -= 0.01) {
    const count = 4 * Math.floor((most * share) / 4);
    try {
      await run(count);
      return;
    } catch (error) {
      if (share - 0.01 <= FLOOR_OF_SEARCH) throw error;
    }
  }
}
