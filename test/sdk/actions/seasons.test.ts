import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { payoutOf } from "./fixture.js";
import { ACTIVATION, ENTRY, SeasonWorld, readBooks, wei } from "./seasonWorld.js";

const MOR = 10n ** 18n;

/** Deterministic figures below `limit`. */
function figures(seed: bigint): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return Number((state >> 20n) % BigInt(limit));
  };
}

const plain = (entries: readonly sdk.SeasonEntry[]) =>
  entries.map(({ id, weightUMor }) => ({ id: Number(id), weight: weightUMor }));

/** Enter all that belong into the list, a few providers a call; the order is not theirs to choose. */
async function enterAll(
  world: SeasonWorld,
  season: sdk.Season,
  order: (a: number, b: number) => number,
): Promise<void> {
  const [before, after] = await world.ledgersOf(season);
  const ids = sdk.rankSeason(before, after).entries.map(({ id }) => Number(id));
  let { list } = season;
  for (const some of [ids.slice(0, 37), ids.slice(37)].sort((a, b) => order(a.length, b.length))) {
    for (const { ranges, ...planned } of sdk.planEntries(before, after, some, { list })) {
      await sdk.enterSeason.sendAndWait(world.d, { season: season.season, list: planned.list, ranges });
      list = planned.after;
    }
  }
}

describe("seasons on a chain, against the model", function () {
  this.timeout(180_000);

  it("24 random seasons of 115 providers: roots, lists, pools, shares and what rolls on", async () => {
    const seasons = 24;
    const providers = 115;
    const world = await SeasonWorld.deploy(providers, seasons);
    const { d } = world;
    const figure = figures(11n);
    const paidWei = new Map<number, bigint>();
    const shapes = new Set<string>();
    for (let s = 0n; s < BigInt(seasons); s++) {
      const bounds = sdk.seasonBounds(world.window, s);
      await world.to(bounds.startAt + BigInt(1 + figure(60)));
      const shape = ["one", "two", "late", "none", "few"][figure(5)]!;
      shapes.add(shape);
      await world.arrive(BigInt(figure(6)) * 5n * MOR + BigInt(figure(1_000)));
      const weights = () => 1 + figure(shape === "few" ? 3 : 40);
      const credit = (part: number) =>
        new Map(
          Array.from({ length: providers }, (_, id) => [id, BigInt(weights())] as const).filter(
            () => figure(100) < part,
          ),
        );
      if (shape !== "none") await world.attest(credit(shape === "few" ? 20 : 97));
      if (shape === "two") await world.attest(credit(60));
      // Too late for this season: it becomes active in the next one.
      if (shape === "late") {
        await world.to(bounds.endAt - BigInt(ACTIVATION - 60));
        await world.attest(credit(50));
      }
      await world.toEndOf(s);
      const open = await sdk.readSeason(d, s);
      const entered = figure(8) !== 0;
      const [before, after] = await world.ledgersOf(open);
      const ranking = sdk.rankSeason(before, after);
      if (entered && ranking.competing > 0) await enterAll(world, open, (a, b) => (s % 2n === 0n ? a - b : b - a));
      await world.toEndOf(s, ENTRY + figure(600));
      const closing = await world.close(await sdk.readSeason(d, s));
      const closed = await sdk.readSeason(d, s);

      const expected = world.model()[Number(s)]!;
      if (entered) {
        expect(plain(closed.list), `season ${s}: list`).to.deep.equal(expected.entries);
        expect(plain(ranking.entries), `season ${s}: ranking`).to.deep.equal(expected.entries);
        if (expected.entries.length > 0) expect(closing.poolUMor, `season ${s}: pool`).to.equal(expected.pool);
        expect(closed.shares.map(({ shareUMor }) => shareUMor)).to.deep.equal(expected.shares);
      } else {
        // Nobody entered: for the model nobody was credited either.
        world.skip(Number(s));
        expect(closed.list).to.deep.equal([]);
      }
      expect(closing.sharesUMor).to.equal(closed.shares.reduce((sum, { shareUMor }) => sum + shareUMor, 0n));
      expect(await readBooks(d), `season ${s}: books`).to.deep.equal(world.books);
      if (closed.list.length > 0 && figure(3) > 0) {
        const half = closed.list.map((_, rank) => rank).filter((rank) => rank % 2 === 0);
        const first = await world.award(closed, half);
        const rest = closed.list.length > 1 ? (await world.award(closed)).payments : [];
        for (const { id, amountUMor } of [...first.payments, ...rest]) {
          paidWei.set(Number(id), (paidWei.get(Number(id)) ?? 0n) + wei(amountUMor));
        }
      }
    }
    expect(shapes.size, "every kind of season").to.equal(5);
    // Shares that were not awarded in their time are awarded now, behind the window.
    for (let s = 0n; s < BigInt(seasons); s++) {
      const season = await sdk.readSeason(d, s);
      if (season.awarded.length === season.list.length) continue;
      for (const { id, amountUMor } of (await world.award(season)).payments) {
        paidWei.set(Number(id), (paidWei.get(Number(id)) ?? 0n) + wei(amountUMor));
      }
    }
    const dueWei = new Map<number, bigint>();
    for (const { entries, shares } of world.model()) {
      entries.forEach(({ id }, rank) => dueWei.set(id, (dueWei.get(id) ?? 0n) + wei(shares[rank]!)));
    }
    for (let id = 0; id < providers; id++) {
      expect(paidWei.get(id) ?? 0n, `provider ${id}`).to.equal(dueWei.get(id) ?? 0n);
      expect(await d.token.balanceOf(payoutOf(id)), `balance of ${id}`).to.equal(dueWei.get(id) ?? 0n);
    }
    expect(await readBooks(d), "books at the end").to.deep.equal(world.books);
    expect(await d.compute.bootstrapWei(), "what no season was allotted is free now").to.equal(0n);
    expect(await d.compute.bootstrapReleased()).to.equal(true);
    const { pool } = await sdk.readState(d);
    expect(pool.heldWei).to.equal(pool.unusedWei + pool.owedWei);
    const unsettled = world.roots[world.roots.length - 1]!.lanes.reduce((sum, lane) => sum + lane, 0n);
    expect(pool.owedWei, "credits alone are still owed").to.equal(wei(unsettled));
  });
});
