import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createStatusCollector, type StatusCollector, type StatusSnapshot } from "@yellowstone-compute/sdk/status-page";
import { networkHelpers } from "../actions/fixture.js";
import { readBooks } from "../actions/seasonWorld.js";
import { caughtUp, chainAtPoint } from "../provider/world.js";
import { busyPage, idsOf, pageWorld } from "./world.js";

/** What a collector says after it has looked. */
async function lookedAt(collector: StatusCollector): Promise<StatusSnapshot> {
  await collector.collect();
  expect(collector.trouble()).to.equal(undefined);
  return collector.current()!;
}

/** A snapshot without what depends on how often it was looked. */
function lasting(snapshot: StatusSnapshot): object {
  return { ...snapshot, points: [], readAtMs: 0 };
}

describe("status collector", () => {
  it("says of pool, attestations and providers what the chain says", async () => {
    const { d } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d);
    const snapshot = await lookedAt(collector);
    const { state, attestations, providers, totals, block } = snapshot;
    expect(state).to.deep.equal(await sdk.readState(d, block.blockNumber));
    expect(attestations.map(({ seq, standing }) => [seq, standing])).to.deep.equal([
      [4n, "pending"],
      [3n, "vetoed"],
      [2n, "active"],
      [1n, "active"],
    ]);
    expect(attestations[3]).to.include({ creditedUMor: 8_000_000n, debitsUMor: 0n, providers: 3 });
    expect(attestations[2]).to.include({ creditedUMor: 900_000n, debitsUMor: 400_000n, providers: 1 });
    for (const { seq, standing, activeAt, postedAt } of attestations) {
      expect(activeAt - postedAt).to.equal(d.activationDelaySeconds);
      if (standing !== "vetoed") expect(activeAt).to.equal(await d.compute.activeAtOf(seq));
    }
    const { history } = await caughtUp(d);
    expect(idsOf(providers)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    for (const { uri, ...row } of providers) {
      expect(row).to.deep.equal(history.account(row.id));
      expect(uri).to.equal(
        row.id === 2n
          ? `"><script>document.title="taken"</script><img src=x onerror="document.title='taken'">\u{fffd}txt.exe`
          : row.id === 0n
            ? "https://zero.example/provider.json"
            : "ipfs://x",
      );
    }
    expect(totals).to.include({ count: 6, creditedUMor: 11_900_000n, pendingUMor: 3_000_000n, paidUMor: 5_500_000n });
    expect(snapshot.news[0]?.text).to.equal("Attestation 4 was accepted: 3.0000 MOR credited.");
    expect(snapshot.news.map(({ text }) => text)).to.include("2 providers were paid 5.5000 MOR.");
  });

  it("draws the past from events alone as the contract's books were", async () => {
    const { d, attest, claim, world } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d);
    await world.arrive(77n * 10n ** 18n);
    await networkHelpers.time.increase(86_400);
    await attest([[5, 123_456n]]);
    await networkHelpers.time.increase(601);
    await claim([1, 5]);
    await attest([[0, 1n]]);
    const { points } = await lookedAt(collector);
    expect(points.length).to.be.at.least(4);
    for (const { blockNumber, at, ...figures } of points.slice(0, -1)) {
      const tag = { blockTag: blockNumber };
      const books = { ...(await readBooks(d)), unusedWei: await d.compute.unusedWei(tag) };
      const past = {
        ...books,
        freshWei: await d.compute.freshWei(tag),
        openingWei: await d.compute.openingWei(tag),
        scheduledTodayWei: await d.compute.scheduledTodayWei(tag),
        attestedUMor: await d.compute.attestedUMor(tag),
        attestedAtOpeningUMor: await d.compute.attestedAtOpeningUMor(tag),
      };
      expect(at).to.equal(BigInt((await d.provider.getBlock(blockNumber))!.timestamp));
      expect(figures).to.deep.equal({
        unusedWei: past.unusedWei,
        owedWei: await d.compute.owedWei(tag),
        bootstrapWei: await d.compute.bootstrapWei(tag),
        budgetWei: sdk.books.budget(past),
        allowanceWei: sdk.books.allowance(past),
      });
    }
  });

  it("ranks the seasons as the contract does, from the first to the last", async () => {
    const { d, world } = await pageWorld();
    const collector = createStatusCollector(d);
    const compare = async (): Promise<StatusSnapshot> => {
      const snapshot = await lookedAt(collector);
      const fresh = await lookedAt(createStatusCollector(d));
      expect(lasting(snapshot)).to.deep.equal(lasting(fresh));
      for (const row of snapshot.seasons) {
        const season = await sdk.readSeason(d, row.season);
        const [before, after] = await world.ledgersOf(season);
        const ranking = sdk.rankSeason(before, after);
        const isFinal = row.phase === "closable" || row.phase === "closed";
        const entries = row.ranks.map(({ id, weightUMor }) => ({ id, weightUMor }));
        expect(entries).to.deep.equal(isFinal ? season.list : ranking.entries);
        expect(row.competing).to.equal(ranking.competing);
        const { phase, poolUMor, standing } = await sdk.seasonStatus(d, 1, { season: row.season });
        expect([row.phase, row.poolUMor]).to.deep.equal([phase, poolUMor]);
        expect(row.ranks.find(({ id }) => id === 1n)?.shareUMor ?? 0n).to.equal(standing.shareUMor);
        expect(idsOf(row.ranks.filter(({ entered }) => entered))).to.deep.equal(idsOf(season.list));
        const paid = row.ranks.flatMap(({ awarded }, rank) => (awarded ? [rank] : []));
        expect(paid).to.deep.equal([...season.awarded].sort((a, b) => a - b));
      }
      return snapshot;
    };
    expect((await compare()).seasons[0]).to.include({ season: 0n, phase: "ahead", competing: 0 });
    for (let season = 0n; season < 3n; season++) {
      await world.to(sdk.seasonBounds(world.window, season).startAt + 60n);
      await world.arrive(60n * 10n ** 18n);
      await world.attest(
        new Map([
          [0, 40_000n + season],
          [1, 10_000n],
          [2, 10_000n],
        ]),
      );
      // Active in the next season only: it counts there.
      await world.toEndOf(season, -200);
      await world.attest(new Map([[3, 70_000n]]));
      await compare();
      await world.toEndOf(season);
      const ended = await sdk.readSeason(d, season);
      const [before, after] = await world.ledgersOf(ended);
      const [call] = sdk.planEntries(
        before,
        after,
        [0, 1, 3].filter((id) => sdk.weightOf(before, after, id) > 0n),
      );
      await sdk.enterSeason.sendAndWait(d, { season, ...call! });
      expect((await compare()).seasons.find((row) => row.season === season)?.phase).to.equal("entering");
      await world.toEndOf(season, 1_200);
      await compare();
      const closing = await sdk.readSeason(d, season);
      await world.close(closing);
      await compare();
      await world.award(await sdk.readSeason(d, season), [1]);
      await compare();
      await world.award(await sdk.readSeason(d, season));
    }
    const last = await compare();
    expect(last.seasons.map(({ phase, season }) => [season, phase])).to.deep.equal([
      [2n, "closed"],
      [1n, "closed"],
    ]);
    expect(last.state.pool.bootstrapWei, "what was left is free").to.equal(0n);
    expect(last.totals.awardedUMor > 0n).to.equal(true);
  });

  it("counts for a season what is active in its last second, and nothing that was vetoed", async () => {
    const { d, world, veto } = await pageWorld();
    const end = sdk.seasonBounds(world.window, 0n).endAt;
    const collector = createStatusCollector(d);
    await world.to(end - 700n);
    await networkHelpers.time.setNextBlockTimestamp(end - 600n);
    const { activeAt } = await world.attest(new Map([[1, 7n]]));
    expect(activeAt).to.equal(end);
    await lookedAt(collector);
    await networkHelpers.time.setNextBlockTimestamp(end - 300n);
    const late = await world.attest(new Map([[2, 9n]]));
    const weights = async () => {
      const { seasons } = await lookedAt(collector);
      return seasons.map(({ season, ranks }) => [season, ranks.map(({ id, weightUMor }) => [id, weightUMor])]);
    };
    await world.to(end + 1n);
    expect(await weights()).to.deep.equal([
      [1n, [[2n, 9n]]],
      [0n, [[1n, 7n]]],
    ]);
    const { before, after } = await sdk.readSeason(d, 0n);
    expect([before.seq, after.seq], "as the contract has it").to.deep.equal([0n, late.seq - 1n]);
    await networkHelpers.time.setNextBlockTimestamp(end + 2n);
    await veto(late.seq);
    expect(await weights()).to.deep.equal([
      [1n, []],
      [0n, [[1n, 7n]]],
    ]);
  });

  it("takes back what a reorganisation undid", async () => {
    const { d, attest, claim, veto, asGuardian } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d);
    const before = await lookedAt(collector);
    const goBack = await chainAtPoint();
    await veto(4n);
    await claim([1, 2]);
    await attest([[5, 200n]]);
    await sdk.pauseAttestations.sendAndWait(asGuardian, { durationSeconds: 3_600n });
    const forked = await lookedAt(collector);
    expect(forked.pause).to.deep.equal({ until: forked.block.timestamp + 3_600n, armed: false });
    expect(forked.attestations.map(({ standing }) => standing)).to.deep.equal([
      "pending",
      "vetoed",
      "vetoed",
      "active",
      "active",
    ]);
    await goBack();
    await networkHelpers.mine(9, { interval: 2 });
    const after = await lookedAt(collector);
    expect(lasting(after)).to.deep.equal(lasting(await lookedAt(createStatusCollector(d))));
    expect(after.attestations).to.deep.equal(before.attestations);
    expect(after.pause).to.deep.equal({ until: undefined, armed: true });
    expect(after.news).to.deep.equal(before.news);
    expect(
      after.points.every(
        ({ blockNumber }) => blockNumber <= before.block.blockNumber || blockNumber === after.block.blockNumber,
      ),
    ).to.equal(true);
  });

  it("begins again when a reorganisation goes deeper than it keeps", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d, { keepBlocks: 4 });
    const goBack = await chainAtPoint();
    await claim([1]);
    await networkHelpers.mine(20);
    await lookedAt(collector);
    await goBack();
    await networkHelpers.mine(40, { interval: 5 });
    await collector.collect();
    expect(collector.trouble()).to.deep.include({ code: "ReorgTooDeep", retry: "no" });
    expect(collector.current()?.trouble?.code, "the last figures stay, and say so").to.equal("ReorgTooDeep");
    expect(lasting(await lookedAt(collector))).to.deep.equal(lasting(await lookedAt(createStatusCollector(d))));
  });

  it("tells when a node leaves events out or is gone, and heals", async () => {
    const { d, attest, claim } = await networkHelpers.loadFixture(busyPage);
    const node = { mode: "honest" };
    const send = async (method: string, params: unknown[]): Promise<unknown> => {
      if (node.mode === "gone") throw new TypeError("connect ECONNREFUSED http://token@node.example");
      const answer = await (d.provider as unknown as { send(m: string, p: unknown[]): Promise<unknown> }).send(
        method,
        params,
      );
      return node.mode === "lossy" && method === "eth_getLogs" ? (answer as unknown[]).slice(0, -1) : answer;
    };
    const provider = new Proxy(d.provider, {
      get: (from, name): unknown => (name === "send" ? send : Reflect.get(from, name)),
    });
    const collector = createStatusCollector({ ...d, provider });
    const heard: (string | undefined)[] = [];
    const stop = collector.subscribe(({ trouble }) => heard.push(trouble?.code));
    node.mode = "gone";
    await collector.collect();
    expect(collector.current(), "nothing was ever read").to.equal(undefined);
    expect(JSON.stringify(collector.trouble())).to.include("ECONNREFUSED").and.not.include("token");
    node.mode = "honest";
    await lookedAt(collector);
    await attest([[5, 9n]]);
    node.mode = "lossy";
    await collector.collect();
    expect(collector.trouble()?.code).to.equal("HistoryDiverged");
    node.mode = "honest";
    expect(lasting(await lookedAt(collector))).to.deep.equal(lasting(await lookedAt(createStatusCollector(d))));
    // A claim that is left out changes no root: what is owed shows it.
    await claim([1]);
    node.mode = "lossy";
    await collector.collect();
    expect(collector.trouble()?.reason).to.match(/^owed at block/);
    node.mode = "honest";
    await lookedAt(collector);
    stop();
    await attest([[5, 9n]]);
    await lookedAt(collector);
    expect(heard).to.deep.equal([undefined, "HistoryDiverged", undefined, "HistoryDiverged", undefined]);
  });

  it("follows until it is told to stop", async () => {
    const { d, attest } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d, { pollMs: 5 });
    const end = new AbortController();
    const seen = new Promise<void>((resolve) =>
      collector.subscribe(({ state }) => void (state.head.lastSeq === 5n && resolve())),
    );
    const running = collector.run(end.signal);
    await attest([[5, 9n]]);
    await seen;
    end.abort();
    await running;
  });
});
