import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import {
  ACTIVATION_DELAY,
  BOND_WEI,
  CHANGE_DELAY,
  UNBONDING_DELAY,
  deploySuite,
  ethers,
  failureOf,
  metadata,
  networkHelpers,
  payoutOf,
} from "../actions/fixture.js";
import { ENTRY, SeasonWorld } from "../actions/seasonWorld.js";
import { busyLedger, expectTrue } from "./world.js";

describe("provider client", () => {
  it("goes through a provider's life: register, bond, payout, exit", async () => {
    const { d, sender } = await networkHelpers.loadFixture(deploySuite);
    const client = await sdk.createProvider({ deployment: d });
    const registration = {
      owner: sdk.address(sender.address),
      payout: payoutOf(0),
      bondWei: sdk.wei(BOND_WEI),
      metadata,
    };
    const first = await client.register(registration, { confirmations: 1, timeoutMs: 30_000 });
    const second = await client.register(registration);
    expect([first.outcome.id, second.outcome.id]).to.deep.equal([0n, 1n]);
    expect(client.ids).to.deep.equal([0n, 1n]);
    await client.addBond(1, sdk.wei(5n));
    expect((await client.record(1)).bondWei).to.equal(BOND_WEI + 5n);
    await client.proposePayout(0, payoutOf(8));
    await networkHelpers.time.increase(CHANGE_DELAY);
    await client.applyPayout(0);
    expect((await client.record(0)).payout).to.equal(payoutOf(8));
    await client.announceExit(1);
    await networkHelpers.time.increase(UNBONDING_DELAY);
    expect((await client.withdrawBond(1)).outcome.paidWei).to.equal(BOND_WEI + 5n);
    await expectTrue(d, await client.sync(), 2);
    expect(client.account(0)).to.include({ creditedUMor: 0n, claimableUMor: 0n });
  });

  it("reads without a signer, resumes where it was, and plans at the fee of the moment", async () => {
    const { d, addresses, attest } = await networkHelpers.loadFixture(busyLedger);
    const reading = await sdk.connect({ runner: ethers.provider, addresses });
    const client = await sdk.createProvider({ deployment: reading, ids: [1, 3], sync: { keepBlocks: 2 } });
    await client.sync();
    await networkHelpers.mine(4);
    await client.sync();
    expect(client.entries(1).map(({ kind }) => kind)).to.deep.equal(["credited"]);
    expect(client.entries()).to.have.length(3);
    await attest([[1, 9n]]);
    const resumed = await sdk.createProvider({ deployment: reading, ids: [1, 3], from: client.snapshot() });
    await resumed.sync();
    expect(resumed.entries().map(({ kind, id }) => [Number(id), kind])).to.deep.equal([
      [1, "credited"],
      [3, "credited"],
      [3, "debited"],
      [1, "credited"],
    ]);
    const plan = await resumed.planAtPresentFee({ morPerEtherWei: 10n ** 18n });
    expect(plan.calls[0]!.ids).to.deep.equal([1n, 3n]);
    expect(plan.feeWei > 0n && plan.netWei < plan.dueUMor * 10n ** 12n).to.equal(true);
    const dear = await resumed.planAtPresentFee({ morPerEtherWei: 10n ** 40n });
    expect(dear.calls).to.deep.equal([]);
    const registration = {
      owner: sdk.address(addresses.compute),
      payout: payoutOf(0),
      bondWei: sdk.wei(BOND_WEI),
      metadata,
    };
    expect(await failureOf(resumed.register(registration))).to.be.instanceOf(sdk.SignerMissing);
    const { history } = await sdk.createProvider({ deployment: reading, ids: [1, 3], from: resumed.history });
    expect(history, "goes on with a history as it is").to.equal(resumed.history);
    const before = history.end;
    await networkHelpers.mine();
    expect((await resumed.sync(AbortSignal.abort())).end).to.equal(before);
    const ending = new AbortController();
    for await (const { kind } of resumed.follow(ending.signal)) if (kind === "caughtUp") ending.abort();
    await expectTrue(d, resumed.history);
  });

  it("reminds of entries while they can be made, of closing, and of awards that wait", async () => {
    const world = await SeasonWorld.deploy(4, 2);
    const { d } = world;
    const client = await sdk.createProvider({ deployment: d, ids: [0, 1, 3] });
    expect(await client.reminders()).to.deep.equal([]);
    await world.to(d.bootstrapWindow!.startAt);
    await world.attest(
      new Map([
        [0, 30n],
        [1, 20n],
        [2, 10n],
      ]),
    );
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await world.toEndOf(0n, 1);
    await networkHelpers.mine();
    const kinds = async () => (await client.reminders()).map(({ kind, id }) => [kind, Number(id)]);
    expect(await client.reminders()).to.deep.include({
      kind: "enter",
      season: 0n,
      id: 0n,
      until: sdk.seasonBounds(d.bootstrapWindow!, 0n).entryEndAt,
    });
    expect(await kinds()).to.deep.equal([
      ["enter", 0],
      ["enter", 1],
    ]);
    expect(await client.reminders({ fromSeason: 1 })).to.deep.equal([]);
    const season = await sdk.readSeason(d, 0);
    const { before, after } = await sdk.readSeasonLedgers(d, season);
    for (const { list, ranges } of sdk.planEntries(before, after, [0])) {
      await sdk.enterSeason.sendAndWait(d, { season: 0n, list, ranges });
    }
    // One range proves neighbours too: who came in with it needs no entry of its own.
    const { list } = await sdk.readSeason(d, 0);
    const entered = list.map(({ id }) => Number(id));
    expect(await kinds()).to.deep.equal([0, 1].filter((id) => !entered.includes(id)).map((id) => ["enter", id]));
    await world.toEndOf(0n, ENTRY + 1);
    await networkHelpers.mine();
    const own = [0, 1].filter((id) => entered.includes(id));
    expect(await kinds()).to.deep.equal(own.map((id) => ["close", id]));
    await world.arrive(10n ** 20n);
    await world.close(await sdk.readSeason(d, 0));
    expect((await kinds()).slice(0, own.length)).to.deep.equal(own.map((id) => ["award", id]));
    await world.award(await sdk.readSeason(d, 0));
    expect(await kinds()).to.deep.equal([]);
    await expectTrue(d, await client.sync(), 4);
    expect(client.entries(0).map(({ kind }) => kind)).to.deep.equal(["credited", "awarded"]);
    const brief = await sdk.createProvider({ deployment: d, ids: [0], sync: { keepBlocks: 2 } });
    await brief.sync();
    await networkHelpers.mine(4);
    await brief.sync();
    const sent = JSON.parse(JSON.stringify(brief.snapshot())) as sdk.LedgerSnapshot;
    const resumed = await sdk.createProvider({ deployment: d, ids: [0], from: sent });
    expect(resumed.entries(0), "an award stands in no attestation").to.deep.equal(client.entries(0));
  });
});
