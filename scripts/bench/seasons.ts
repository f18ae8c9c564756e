import { compareEntries, planEntries, providerId, weightOf, type SeasonEntry } from "@yellowstone-compute/sdk";
import type { Rows } from "./rows.js";
import { BenchSuite } from "./suite.js";
import { DELTAS, MATURE, generator, idsUpTo } from "./values.js";

const PROVIDERS = 1_024;
const RANKS = 100;

/** A season of the bootstrap pool at N = 1,024, mature lanes, everybody credited; the hundred lie anywhere among them. */
export async function seasonRows(rows: Rows): Promise<void> {
  const random = generator(3n);
  const suite = await BenchSuite.deploy();
  await suite.register(PROVIDERS);
  const before = await attest(suite, random, MATURE);
  await suite.toSeason(0n);
  await suite.arrive(10n ** 27n);
  const after = await attest(suite, random, DELTAS.daily);
  await suite.toSeason(1n);

  const ranked = idsUpTo(PROVIDERS)
    .map((id): SeasonEntry => ({ id: providerId(id), weightUMor: weightOf(before, after, id) }))
    .sort(compareEntries)
    .map(({ id }) => Number(id));
  // One by one, each the best so far: from the hundred and first on the list is full and all of it moves.
  let single = 0;
  let list: readonly SeasonEntry[] = [];
  const back = await suite.snapshot();
  for (const id of ranked.slice(0, RANKS + 8).reverse()) {
    const [call] = planEntries(before, after, [id], { list });
    if (call === undefined) throw new Error("bench: an entry that changes nothing");
    single = Math.max(single, await suite.enter(call));
    list = call.after;
  }
  rows.add("season entry single", PROVIDERS, single, "gas");

  await back();
  list = [];
  let batch = 0;
  for (const call of planEntries(before, after, ranked.slice(0, RANKS))) {
    batch += await suite.enter(call);
    list = call.after;
  }
  rows.add("season entry batch of 100", PROVIDERS, batch, "gas");

  await suite.toSeason(2n);
  const { close, award } = await suite.share(list);
  rows.add("season close", RANKS, close, "gas");
  rows.add("award per payout batch of 100", RANKS, award / RANKS, "gas");
}

/** Credit everybody, wait for the activation, and give the tree after it. */
async function attest(
  suite: BenchSuite,
  random: ReturnType<typeof generator>,
  [low, high]: readonly [bigint, bigint],
): Promise<BenchSuite["tree"]> {
  await suite.attest(new Map(idsUpTo(PROVIDERS).map((id) => [id, random(low, high)])));
  await suite.activate();
  return suite.tree;
}
