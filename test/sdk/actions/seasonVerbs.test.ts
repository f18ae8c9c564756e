import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { attestationOf, failureOf, payoutOf } from "./fixture.js";
import { ENTRY, SeasonWorld, wei } from "./seasonWorld.js";

const MOR = 10n ** 18n;
const provider = (id: number) => sdk.providerId(id);
const deltas = (...weights: bigint[]) => new Map(weights.map((weight, id) => [id, weight] as const));

/** A season of six providers with MOR in its pool, its entry window just open. */
async function openSeason(weights: bigint[] = [40n, 10n, 30n, 20n]) {
  const world = await SeasonWorld.deploy(6, 3);
  await world.to(world.window.startAt + 1_200n);
  await world.arrive(50n * MOR);
  await world.attest(deltas(...weights));
  await world.toEndOf(0n);
  const season = await sdk.readSeason(world.d, 0);
  const [before, after] = await world.ledgersOf(season);
  const plan = (ids: number[], list: readonly sdk.SeasonEntry[] = []) => {
    const [call] = sdk.planEntries(before, after, ids, { list });
    return {
      season: 0n,
      list: call?.list ?? list,
      ranges: call?.ranges ?? sdk.planEntries(before, after, ids)[0]!.ranges,
    };
  };
  return { world, d: world.d, season, before, after, plan };
}

/** Exact claim ranges enter one provider alone. */
function alone(before: sdk.LedgerTree, after: sdk.LedgerTree, id: number): sdk.EntryRanges {
  const ranges = sdk.planClaim([id]);
  return { before: sdk.packClaim(before, ranges), after: sdk.packClaim(after, ranges) };
}

describe("season verbs", () => {
  it("one enters itself, another late comer sends its entry again with the list in force", async () => {
    const { d, before, after } = await openSeason();
    const first = { season: 0n, list: [], ranges: alone(before, after, 1) };
    const expected = [{ id: provider(1), weightUMor: sdk.uMor(10) }];
    const hash = await sdk.enterSeason.simulate(d, first);
    const { outcome, receipt } = await sdk.enterSeason.sendAndWait(d, first);
    expect(outcome).to.deep.equal(expected);
    expect(sdk.enterSeason.fromReceipt(d, receipt)).to.deep.equal(expected);
    expect(sdk.listHash(sdk.packList(expected))).to.equal(hash);
    expect(sdk.enterSeason.call(d, first)).to.deep.include({ to: d.addresses.bootstrap, value: 0n });

    const second = { season: 0n, list: [], ranges: alone(before, after, 2) };
    expect(await failureOf(sdk.enterSeason.send(d, second))).to.be.instanceOf(sdk.BootstrapListStale);
    const { list } = await sdk.readSeason(d, 0);
    await sdk.enterSeason.sendAndWait(d, { ...second, list });
    const now = await sdk.readSeason(d, 0);
    expect(now.list.map(({ id }) => Number(id))).to.deep.equal([2, 1]);
    expect(await failureOf(sdk.enterSeason.send(d, { ...second, list: now.list }))).to.be.instanceOf(
      sdk.BootstrapNothingEntered,
    );
  });

  it("what a list cannot be is refused in its own words, before anybody is asked", async () => {
    const { d } = await openSeason();
    const entry = { id: provider(1), weightUMor: sdk.uMor(10) };
    expect(() => sdk.closeSeason.call(d, { season: 0n, list: [entry, entry] })).to.throw(sdk.InvalidSeasonList);
  });

  it("refuses entries out of their time, of another season, and with proofs of different lanes", async () => {
    const { d, world, before, after, plan } = await openSeason();
    const entry = plan([0, 1, 2, 3]);
    expect(await failureOf(sdk.enterSeason.send(d, { ...entry, season: 1n }))).to.be.instanceOf(
      sdk.BootstrapEntryNotOpen,
    );
    expect(await failureOf(sdk.readSeason(d, 3))).to.be.instanceOf(sdk.BootstrapSeasonUnknown);
    const crossed = { before: alone(before, after, 4).before, after: entry.ranges.after };
    expect(await failureOf(sdk.enterSeason.send(d, { ...entry, ranges: crossed }))).to.be.instanceOf(
      sdk.BootstrapRangesDiffer,
    );
    const swapped = { before: entry.ranges.after, after: entry.ranges.before };
    expect(await failureOf(sdk.enterSeason.send(d, { ...entry, ranges: swapped }))).to.be.instanceOf(
      sdk.LedgerRootMismatch,
    );
    await world.toEndOf(0n, ENTRY);
    expect(await failureOf(sdk.enterSeason.send(d, entry))).to.be.instanceOf(sdk.BootstrapEntryNotOpen);
  });

  it("closes in order and once, awards in parts and each rank once", async () => {
    const { d, world, plan } = await openSeason();
    await sdk.enterSeason.sendAndWait(d, plan([0, 1, 2, 3]));
    const season = await sdk.readSeason(d, 0);
    const args = { season: 0n, list: season.list };
    expect(await failureOf(sdk.closeSeason.send(d, args))).to.be.instanceOf(sdk.BootstrapSeasonOpen);
    expect(await failureOf(sdk.awardSeason.send(d, args))).to.be.instanceOf(sdk.BootstrapSeasonNotClosed);
    await world.toEndOf(0n, ENTRY);
    expect(await failureOf(sdk.closeSeason.send(d, { season: 1n, list: [] }))).to.be.instanceOf(
      sdk.BootstrapSeasonOutOfOrder,
    );
    expect(await failureOf(sdk.closeSeason.send(d, { season: 0n, list: season.list.slice(1) }))).to.be.instanceOf(
      sdk.BootstrapListStale,
    );
    const pool = await sdk.closeSeason.simulate(d, args);
    const { sharesUMor, poolUMor, released } = await world.close(season);
    expect([poolUMor, released]).to.deep.equal([pool, undefined]);
    expect(await failureOf(sdk.closeSeason.send(d, args))).to.be.instanceOf(sdk.BootstrapSeasonOutOfOrder);

    const closed = await sdk.readSeason(d, 0);
    expect(closed.shares.reduce((sum, { shareUMor }) => sum + shareUMor, 0n)).to.equal(sharesUMor);
    const dueWei = await sdk.awardSeason.simulate(d, { season: 0n, list: closed.list, ranks: [1, 3] });
    const part = await world.award(closed, [1, 3]);
    expect(dueWei).to.equal(part.paidUMor * 10n ** 12n);
    expect(part.ranks).to.deep.equal([1, 3]);
    expect((await sdk.readSeason(d, 0)).awarded).to.deep.equal([1, 3]);
    expect(await failureOf(sdk.awardSeason.send(d, { ...args, ranks: [3] }))).to.be.instanceOf(sdk.BootstrapNothingDue);
    const rest = await world.award(closed);
    expect(rest.ranks).to.deep.equal([0, 2]);
    expect(rest.failed).to.deep.equal([]);
    expect(part.paidUMor + rest.paidUMor).to.equal(sharesUMor);
    for (const { id, shareUMor } of closed.shares) {
      expect(await d.token.balanceOf(payoutOf(Number(id)))).to.equal(wei(shareUMor));
    }
  });

  it("a veto takes a season's last root away: the one before it counts", async () => {
    const world = await SeasonWorld.deploy(6, 2);
    const { d, suite, window } = world;
    await world.to(window.startAt + 60n);
    await world.arrive(50n * MOR);
    const first = await world.attest(deltas(5n, 1n));
    await world.to(first.activeAt);
    const standing = world.tree;
    const { outcome: dropped } = await post(world, deltas(0n, 0n, 900n));
    expect((await sdk.readSeason(d, 0)).after.seq, "as long as it stands").to.equal(dropped.seq);
    await sdk.vetoAttestation.sendAndWait(suite.asGuardian, { seq: dropped.seq });
    await world.toEndOf(0n);
    const season = await sdk.readSeason(d, 0);
    expect(season.after).to.deep.equal({ seq: first.seq, root: sdk.hash32(sdk.bytesToHex(standing.root())) });
    const [before, after] = await world.ledgersOf(season);
    expect(sdk.rankSeason(before, after).entries.map(({ id }) => Number(id))).to.deep.equal([0, 1]);
  });

  it("a hundred of 130 providers in one transaction, and a hundred awards", async () => {
    const world = await SeasonWorld.deploy(130, 2);
    const { d } = world;
    await world.to(world.window.startAt + 2_000n);
    await world.arrive(50n * MOR);
    await world.attest(new Map(Array.from({ length: 130 }, (_, id) => [id, BigInt((id * 7_919) % 97) + 1n])));
    await world.toEndOf(0n);
    const season = await sdk.readSeason(d, 0);
    const [before, after] = await world.ledgersOf(season);
    const { entries } = sdk.rankSeason(before, after);
    const calls = sdk.planEntries(
      before,
      after,
      entries.map(({ id }) => Number(id)),
    );
    expect(calls.length).to.equal(1);
    const { receipt } = await sdk.enterSeason.sendAndWait(d, { season: 0n, ...calls[0]! });
    expect(Number(receipt.gasUsed), "planned for more").to.be.below(calls[0]!.gas);
    expect((await sdk.readSeason(d, 0)).list).to.deep.equal(entries);
    await world.toEndOf(0n, ENTRY);
    await world.close(await sdk.readSeason(d, 0));
    const { ranks, payments } = await world.award(await sdk.readSeason(d, 0));
    expect([ranks.length, payments.length]).to.deep.equal([100, 100]);
  });
});

/** Post an attestation that the world does not take over. */
async function post({ d, tree }: SeasonWorld, credit: sdk.Deltas) {
  const built = await attestationOf(d, tree, credit);
  return sdk.postAttestation.sendAndWait(d, built.post);
}
