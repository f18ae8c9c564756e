import { expect } from "chai";
import { Wallet } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { ENTRY, SeasonWorld } from "../actions/seasonWorld.js";
import { eventsOf, LIMITS, networkHelpers, relayerOf, sentBy, settle } from "./world.js";

const MOR = 10n ** 18n;
/** Of this file only: other files begin with a payer that has sent nothing. */
const PAYER = new Wallet(`0x${"6f".repeat(32)}`);
const WEIGHTS = [40n, 10n, 30n, 20n, 5n, 60n, 7n, 8n, 9n];

/** A season of nine providers with MOR in its pool, its entry window just open. */
async function openSeason() {
  const world = await SeasonWorld.deploy(WEIGHTS.length, 3);
  await world.to(world.window.startAt + 1_200n);
  await world.arrive(50n * MOR);
  await world.attest(new Map(WEIGHTS.map((weight, id) => [id, weight])));
  await world.toEndOf(0n);
  await networkHelpers.setBalance(PAYER.address, 10n ** 20n);
  const [before, after] = await world.ledgersOf(await sdk.readSeason(world.d, 0));
  return { world, d: world.d, before, after };
}

const opened = () => openSeason();
const rangesOf = (before: sdk.LedgerTree, after: sdk.LedgerTree, ids: readonly number[]): sdk.EntryRanges => {
  const ranges = sdk.planClaim(ids);
  return { before: sdk.packClaim(before, ranges), after: sdk.packClaim(after, ranges) };
};

describe("relayer: seasons", () => {
  it("enters with the list in force, whoever came first; closes and awards; all of it once", async () => {
    const { world, d, before, after } = await networkHelpers.loadFixture(opened);
    const relayer = await relayerOf(d, { sender: PAYER });
    const first = await relayer.enterSeason({ season: 0, ranges: rangesOf(before, after, [0, 3]) });
    const second = await relayer.enterSeason({ season: 0, ranges: rangesOf(before, after, [1, 5]) });
    const closing = await relayer.closeSeason(0);
    const award = await relayer.awardSeason({ season: 0 });
    // Another one enters in between: the list that was read before is stale.
    const other = rangesOf(before, after, [2]);
    await sdk.enterSeason.sendAndWait(d, { season: 0n, list: [], ranges: other });
    const again = await relayer.enterSeason({ season: 0, ranges: other });
    for (let look = 0; look < 20; look++) await relayer.advance();
    for (const id of [first, second]) expect((await relayer.status(id)).phase).to.equal("done");
    expect((await relayer.status(again)).items).to.deep.equal([{ item: 2n, phase: "already" }]);
    expect((await relayer.status(closing)).parts[0]?.failure?.code).to.equal("BootstrapSeasonOpen");
    expect((await relayer.status(award)).parts[0]?.failure?.retry).to.equal("later");
    expect((await sdk.readSeason(d, 0)).list.map(({ id }) => Number(id))).to.deep.equal([5, 0, 2, 3, 1]);
    await world.toEndOf(0n, ENTRY);
    await networkHelpers.mine();
    await settle(relayer);
    expect((await relayer.status(closing)).phase).to.equal("done");
    expect((await relayer.status(award)).items.map(({ item, phase }) => [item, phase])).to.deep.equal(
      [0n, 1n, 2n, 3n, 4n]
        .map((rank) => [rank, "done"])
        .concat(Array.from({ length: 95 }, (_, i) => [BigInt(i + 5), "already"])),
    );
    const season = await sdk.readSeason(d, 0);
    expect(season.awarded).to.deep.equal([0, 1, 2, 3, 4]);
    const late = await relayerOf(d, { sender: PAYER });
    const ids = [await late.closeSeason(0), await late.awardSeason({ season: 0, ranks: [1, 2] })];
    await settle(late);
    for (const id of ids)
      expect((await late.status(id)).items.every(({ phase }) => phase === "already")).to.equal(true);
    expect(await eventsOf(d, sdk.seasonClosedEvent)).to.have.length(1);
    expect((await sentBy(d.provider, PAYER.address)).every(({ status }) => status === 1)).to.equal(true);
  });

  it("an entry too large for a transaction is cut; both proofs at the same place", async () => {
    const { d, before, after } = await networkHelpers.loadFixture(opened);
    const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    const [call] = sdk.planEntries(before, after, ids);
    const relayer = await relayerOf(d, { sender: PAYER, limits: { ...LIMITS, maxGas: 85_000 } });
    const id = await relayer.enterSeason({ season: 0, ranges: call!.ranges });
    await settle(relayer, 200);
    const { parts, phase, items } = await relayer.status(id);
    expect(phase, JSON.stringify(parts.map(({ failure }) => failure?.message))).to.equal("done");
    expect(parts.length).to.be.greaterThan(2);
    expect(
      items
        .filter((item) => item.phase === "done")
        .map(({ item }) => Number(item))
        .sort(),
    ).to.deep.equal(ids);
    const ranked = sdk.rankSeason(before, after).entries.map((entry) => entry.id);
    expect((await sdk.readSeason(d, 0)).list.map((entry) => entry.id)).to.deep.equal(ranked);
  });

  it("awards are cut by ranks", async () => {
    const { world, d, before, after } = await networkHelpers.loadFixture(opened);
    await sdk.enterSeason.sendAndWait(d, { season: 0n, list: [], ranges: rangesOf(before, after, [0, 1, 2, 3, 4, 5]) });
    await world.toEndOf(0n, ENTRY);
    await sdk.closeSeason.sendAndWait(d, { season: 0n, list: (await sdk.readSeason(d, 0)).list });
    const relayer = await relayerOf(d, { sender: PAYER, limits: { ...LIMITS, maxGas: 230_000 } });
    const id = await relayer.awardSeason({ season: 0 });
    await settle(relayer, 200);
    const { parts, phase } = await relayer.status(id);
    expect(phase).to.equal("done");
    expect(parts.filter(({ result }) => result?.by === "us").length).to.be.greaterThan(1);
    expect((await sdk.readSeason(d, 0)).awarded).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });
});
