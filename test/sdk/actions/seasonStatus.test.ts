import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { attestationOf, deploySuite, failureOf, networkHelpers } from "./fixture.js";
import { ACTIVATION, ENTRY, SeasonWorld } from "./seasonWorld.js";

const MOR = 10n ** 18n;

describe("season status", () => {
  it("follows a provider through a season, and says what would lift it", async () => {
    const world = await SeasonWorld.deploy(4, 2);
    const { d } = world;
    const of = (id: number) => sdk.seasonStatus(d, id);
    const ahead = await of(1);
    expect([ahead.phase, ahead.season.season, ahead.competing]).to.deep.equal(["ahead", 0n, 0]);

    await world.to(world.window.startAt + 1_000n);
    await world.arrive(50n * MOR);
    await world.attest(
      new Map([
        [0, 40_000n],
        [1, 10_000n],
        [2, 30_000n],
      ]),
    );
    const running = await of(1);
    expect(running).to.deep.include({ phase: "running", competing: 3, entered: false, awarded: false });
    expect(running.standing).to.deep.include({ rank: 2, weightUMor: 10_000n, toEnterUMor: 0n, toRiseUMor: 20_000n });
    expect(running.standing.shareUMor).to.equal(running.poolUMor / 8n);
    expect(sdk.explainSeason(running)).to.match(/rank 3 of 3.*\n.*share would be.*\n0\.02 MOR more would lift it/);
    expect(sdk.explainSeason(await of(3))).to.include("0.000001 MOR more would bring it among the hundred");

    await world.toEndOf(0n);
    const last = { season: 0n };
    const entering = await sdk.seasonStatus(d, 1, last);
    expect(sdk.explainSeason(entering)).to.include(
      `not entered yet: anyone may enter it until ${entering.season.entryEndAt}`,
    );
    const [before, after] = await world.ledgersOf(entering.season);
    const [call] = sdk.planEntries(before, after, [0, 1, 2]);
    await sdk.enterSeason.sendAndWait(d, { season: 0n, ...call! });
    const entered = await sdk.seasonStatus(d, 1, last);
    expect(entered).to.deep.include({ phase: "entering", entered: true });
    expect(sdk.explainSeason(entered)).to.include("It is entered.");

    await world.toEndOf(0n, ENTRY);
    const closable = await sdk.seasonStatus(d, 1, last);
    expect(closable.phase).to.equal("closable");
    const { poolUMor } = await world.close(closable.season);
    expect(closable.poolUMor, "what was foreseen").to.equal(poolUMor);
    const closed = await sdk.seasonStatus(d, 1, last);
    expect([closed.phase, closed.poolUMor]).to.deep.equal(["closed", poolUMor]);
    expect(sdk.explainSeason(closed)).to.match(/Its share is .*\nIts award is open/);
    await world.award(closed.season);
    const awarded = await sdk.seasonStatus(d, 1, last);
    expect(awarded.awarded).to.equal(true);
    expect(sdk.explainSeason(awarded)).to.include("It has its award.");
    expect(sdk.explainSeason(await sdk.seasonStatus(d, 3, last))).to.include("It was not among the hundred.");
  });

  it("foresees a season's pool while earlier ones are not closed", async () => {
    const world = await SeasonWorld.deploy(2, 3);
    const { d } = world;
    for (const season of [0n, 1n]) {
      await world.to(sdk.seasonBounds(world.window, season).startAt + 60n);
      await world.attest(
        new Map([
          [0, 500n],
          [1, 900n],
        ]),
      );
      await world.toEndOf(season);
      const looked = await sdk.readSeason(d, season);
      const [before, after] = await world.ledgersOf(looked);
      const [call] = sdk.planEntries(before, after, [0]);
      await sdk.enterSeason.sendAndWait(d, { season, ...call! });
    }
    await world.arrive(900n * MOR);
    await world.toEndOf(1n, ENTRY);
    const foreseen = await sdk.seasonStatus(d, 0, { season: 1n });
    expect(foreseen.standing).to.deep.include({ rank: 0, shareUMor: foreseen.poolUMor });
    const left = await sdk.seasonStatus(d, 1, { season: 1n });
    expect(left.standing).to.deep.include({ rank: undefined, weightUMor: 900n, shareUMor: 0n });
    expect(sdk.explainSeason(left)).to.include("It was not entered in time and gets nothing.");
    await world.close(await sdk.readSeason(d, 0));
    const { poolUMor } = await world.close(await sdk.readSeason(d, 1));
    expect(foreseen.poolUMor).to.equal(poolUMor);
    // The later season is awarded first.
    const fromBlock = (await networkHelpers.time.latestBlock()) + 1;
    for (const season of [1n, 0n]) await world.award(await sdk.readSeason(d, season));
    const awards = await sdk.readAwards(d, 0);
    expect(awards.map(({ season, rank }) => [season, rank])).to.deep.equal([
      [0n, 0],
      [1n, 0],
    ]);
    expect(awards[1]?.shareUMor).to.equal(poolUMor);
    expect(await sdk.readAwards(d, 1)).to.deep.equal([]);
    expect(await failureOf(sdk.readAwards(d, 0, { fromBlock })), "entered before").to.be.instanceOf(sdk.SeasonDiverged);
  });

  it("an award is netted with debt like a credit, and the account adds up", async () => {
    const world = await SeasonWorld.deploy(2, 2);
    const { d } = world;
    await world.to(world.window.startAt + 60n);
    await world.arrive(900n * MOR);
    await world.attest(
      new Map([
        [0, 3_000n],
        [1, 1_000n],
      ]),
    );
    const debits = sdk.packDebits([
      { providerId: sdk.providerId(0), amountUMor: sdk.uMor(9_000n), reasonHash: sdk.keccak256Text("late") },
    ]);
    const built = await attestationOf(d, world.tree, new Map(), { debitsHash: sdk.debitsHash(debits) });
    const { outcome: posted } = await sdk.postAttestation.sendAndWait(d, { ...built.post, debits });
    await networkHelpers.time.increase(ACTIVATION);
    await sdk.bookDebits.sendAndWait(d, { seq: posted.seq, debits: sdk.unpackDebits(debits) });
    await world.toEndOf(0n);
    const [before, after] = await world.ledgersOf(await sdk.readSeason(d, 0));
    const [call] = sdk.planEntries(before, after, [0, 1]);
    await sdk.enterSeason.sendAndWait(d, { season: 0n, ...call! });
    await world.toEndOf(0n, ENTRY);
    await world.close(await sdk.readSeason(d, 0));
    const season = await sdk.readSeason(d, 0);
    const { paidUMor } = await world.award(season);
    const share = season.shares[0]!.shareUMor;
    expect(paidUMor).to.equal(share + season.shares[1]!.shareUMor - 9_000n);

    expect(await sdk.readAwards(d, 0)).to.deep.equal([{ season: 0n, rank: 0, shareUMor: share }]);
    const account = await sdk.readAccount(d, 0, { headUMor: 3_000n, activeUMor: 3_000n });
    expect(account).to.deep.include({
      awardedUMor: share,
      absorbedUMor: 9_000n,
      paidUMor: share - 9_000n,
      debtUMor: 0n,
    });
    expect(account.creditedUMor + account.awardedUMor).to.equal(
      account.paidUMor + account.absorbedUMor + account.unsettledUMor,
    );
    expect(sdk.explainClaim(account)).to.include("are shares of the bootstrap pool");
    await sdk.claim.sendAndWait(d, sdk.claimFor(posted.seq, world.tree, [0, 1]));
    const paid = await sdk.readAccount(d, 0, { headUMor: 3_000n, activeUMor: 3_000n });
    expect(paid).to.deep.include({ paidUMor: share - 6_000n, unsettledUMor: 0n });
  });

  it("needs events from the beginning, and a deployment with a window", async () => {
    const world = await SeasonWorld.deploy(2, 2);
    const { d } = world;
    await world.to(world.window.startAt + 60n);
    await world.attest(new Map([[0, 5n]]));
    await world.toEndOf(0n);
    const [before, after] = await world.ledgersOf(await sdk.readSeason(d, 0));
    await sdk.enterSeason.sendAndWait(d, { season: 0n, ...sdk.planEntries(before, after, [0])[0]! });
    await networkHelpers.mine(1);
    const fromBlock = await networkHelpers.time.latestBlock();
    expect(await failureOf(sdk.readSeason(d, 0, { fromBlock }))).to.be.instanceOf(sdk.SeasonDiverged);
    const none = await deploySuite();
    expect(none.d.bootstrapWindow).to.equal(undefined);
    expect(await failureOf(sdk.seasonStatus(none.d, 0))).to.be.instanceOf(sdk.BootstrapSeasonUnknown);
  });
});
