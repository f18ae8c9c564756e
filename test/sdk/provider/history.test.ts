import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { ACTIVATION_DELAY, failureOf, networkHelpers } from "../actions/fixture.js";
import { busyLedger, caughtUp, chainAtPoint, expectTrue } from "./world.js";

describe("credit history", () => {
  it("says of everyone what the chain says, from events alone", async () => {
    const { d, attest, claim, veto } = await networkHelpers.loadFixture(busyLedger);
    const { history, kinds } = await caughtUp(d, undefined, { ids: [0, 3] });
    expect(kinds).to.deep.equal(["events", "caughtUp"]);
    await expectTrue(d, history);
    expect(history.account(0)).to.include({ paidUMor: 5_000_000n, claimableUMor: 0n });
    expect(history.account(3)).to.include({ debtUMor: 400_000n, claimableUMor: 500_000n });
    await attest([
      [0, 7n],
      [1, 3n],
    ]);
    await attest([[3, 11n]]);
    await veto(4n);
    await claim([3, 1]);
    await caughtUp(d, history);
    await expectTrue(d, history);
    expect(history.entries(3).map(({ kind, amountUMor, seq }) => [kind, amountUMor, seq])).to.deep.equal([
      ["credited", 900_000n, 2n],
      ["debited", 400_000n, 2n],
      ["credited", 11n, 4n],
      ["vetoed", 11n, 4n],
      ["paid", 500_000n, 2n],
      ["netted", 400_000n, 2n],
    ]);
    expect(history.entries(0).map(({ kind }) => kind)).to.deep.equal(["credited", "paid", "credited"]);
    expect(history.entries(1)).to.deep.equal([]);
    expect(history.account(0)).to.include({ pendingUMor: 7n, creditedUMor: 5_000_007n });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await networkHelpers.mine();
    await caughtUp(d, history);
    await expectTrue(d, history);
  });

  it("counts awards, and debt that a bond covers", async () => {
    const { d, attest, bookDebits } = await networkHelpers.loadFixture(busyLedger);
    await attest([], [[4, 300_000n]]);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await bookDebits(3n, [[4, 300_000n]]);
    await sdk.announceExit.sendAndWait(d, { id: sdk.providerId(4) });
    await networkHelpers.time.increase(7_200);
    await sdk.withdrawBond.sendAndWait(d, { id: sdk.providerId(4) });
    const { history } = await caughtUp(d, undefined, { ids: [4] });
    await expectTrue(d, history);
    expect(history.account(4)).to.include({ coveredByBondUMor: 300_000n, debtUMor: 0n });
    expect(history.entries().map(({ kind }) => kind)).to.deep.equal(["debited", "covered"]);
  });

  for (const depth of [1, 12, 64]) {
    it(`is right through a reorganisation of ${depth} ${depth === 1 ? "block" : "blocks"}`, async () => {
      const { d, attest, claim, veto } = await networkHelpers.loadFixture(busyLedger);
      await attest([[4, 100n]]);
      const { history } = await caughtUp(d, undefined, { ids: [1, 2, 4, 5] });
      const goBack = await chainAtPoint();
      // One fork: claims, a credit and a veto of what came before it.
      await claim([1]);
      if (depth > 1) {
        await veto(3n);
        await attest([[5, 200n]]);
        await claim([2]);
        await networkHelpers.mine(depth - 4);
      }
      const { kinds } = await caughtUp(d, history);
      expect(kinds).to.deep.equal(["events", "caughtUp"]);
      await expectTrue(d, history);
      const dropped = history.end.blockHash;
      expect(history.account(1)).to.include({ paidUMor: 1_000_000n });
      expect(history.account(4).pendingUMor).to.equal(depth > 1 ? 0n : 100n);
      await goBack();
      // The other fork, longer: the veto never was, another provider was paid.
      await networkHelpers.mine(2, { interval: 3 });
      await claim([2]);
      await attest([[4, 1n]]);
      await networkHelpers.mine(depth);
      const after = await caughtUp(d, history);
      expect(after.kinds).to.deep.equal(["steppedBack", "events", "caughtUp"]);
      expect((await d.provider.getBlock(history.end.blockNumber - depth))?.hash).to.not.equal(dropped);
      await expectTrue(d, history);
      expect(history.account(1)).to.include({ paidUMor: 0n, claimableUMor: 1_000_000n });
      expect(history.account(4)).to.include({ pendingUMor: 101n });
      // Nothing of the first fork is left, and nothing is there twice.
      const { history: anew } = await caughtUp(d, undefined, { ids: [1, 2, 4, 5] });
      expect(history.entries()).to.deep.equal(anew.entries());
      expect(history.entries().some(({ kind }) => kind === "vetoed")).to.equal(false);
    });
  }

  it("comes back to a fork it has left", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyLedger);
    const { history } = await caughtUp(d);
    for (const ids of [[1], [2], [1, 2], [2, 1]]) {
      const goBack = await chainAtPoint();
      await claim(ids);
      await caughtUp(d, history);
      await expectTrue(d, history);
      await goBack();
      await networkHelpers.mine(2);
      await caughtUp(d, history);
      await expectTrue(d, history);
    }
  });

  it("refuses a reorganisation below what it keeps, and steps back to exactly there", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyLedger);
    const { history } = await caughtUp(d, undefined, { keepBlocks: 8 });
    const backBefore = await chainAtPoint();
    await networkHelpers.mine(20);
    const { history: kept } = await caughtUp(d, history, { keepBlocks: 8 });
    const backWithin = await chainAtPoint();
    await networkHelpers.mine(4);
    await claim([1]);
    await caughtUp(d, kept, { keepBlocks: 8 });
    await backWithin();
    await networkHelpers.mine(8, { interval: 5 });
    expect((await caughtUp(d, kept, { keepBlocks: 8 })).kinds).to.include("steppedBack");
    await expectTrue(d, kept);
    await backBefore();
    await networkHelpers.mine(60, { interval: 7 });
    const failure = await failureOf(caughtUp(d, kept, { keepBlocks: 8 }));
    expect(failure).to.be.instanceOf(sdk.ReorgTooDeep).and.to.have.property("retry", "no");
  });

  it("waits for a node that is behind, and follows until it is told to stop", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyLedger);
    const ending = new AbortController();
    const goBack = await chainAtPoint();
    await networkHelpers.mine(3);
    const { history } = await caughtUp(d);
    await goBack();
    const behind = await failureOf(caughtUp(d, history));
    expect(behind).to.be.instanceOf(sdk.ChainRequestFailed).and.to.have.property("retry", "later");
    const kinds: string[] = [];
    await networkHelpers.mine(4, { interval: 5 });
    for await (const { kind } of sdk.syncLedger(d, history, { follow: true, pollMs: 5, signal: ending.signal })) {
      kinds.push(kind);
      if (kinds.length === 3) await claim([1]);
      if (kinds.length >= 5 && kind === "caughtUp") ending.abort();
    }
    expect(kinds.slice(0, 3)).to.deep.equal(["steppedBack", "events", "caughtUp"]);
    expect(kinds.slice(3)).to.include("events");
    await expectTrue(d, history);
  });

  it("says nothing of a block that leaves the chain while it is compared, and steps back", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyLedger);
    const { history } = await caughtUp(d);
    const goBack = await chainAtPoint();
    await claim([1]);
    const compute = new Proxy(d.compute, {
      get: (target, key) =>
        key === "lastSeq" ? () => goBack().then(() => target.lastSeq()) : (Reflect.get(target, key) as unknown),
    });
    const { kinds } = await caughtUp({ ...d, compute }, history);
    expect(kinds).to.deep.equal(["events"]);
    await networkHelpers.mine(2, { interval: 5 });
    expect((await caughtUp(d, history)).kinds[0]).to.equal("steppedBack");
    await expectTrue(d, history);
  });

  it("compares nothing with a chain on which the deployment is not settled", async () => {
    const { d } = await networkHelpers.loadFixture(busyLedger);
    const known = { ...d, deployedInBlock: 3 };
    const { history, kinds } = await caughtUp(known, undefined, { confirmations: 100_000 });
    expect(kinds).to.deep.equal(["caughtUp"]);
    expect([history.end.blockNumber, history.lastSeq]).to.deep.equal([2, 0n]);
  });

  it("can be kept by others: events from a cursor on, which outlives the process, with every step back", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyLedger);
    const kept = new Map<string, number>();
    let cursor: sdk.EventCursor | undefined;
    const follow = async () => {
      for await (const step of sdk.followEvents(d, { claimed: sdk.claimedEvent }, cursor)) {
        if (step.kind === "steppedBack") {
          for (const [key, at] of kept) if (at > step.end.blockNumber) kept.delete(key);
        }
        if (step.kind === "events") {
          for (const { value, blockNumber } of step.events) {
            for (const { id, amountUMor } of value.payments) kept.set(`${id}: ${amountUMor}`, blockNumber);
          }
        }
        cursor = JSON.parse(JSON.stringify(step.cursor)) as sdk.EventCursor;
      }
      return [...kept.keys()];
    };
    expect(await follow()).to.deep.equal(["0: 5000000"]);
    const goBack = await chainAtPoint();
    await claim([1]);
    expect(await follow()).to.deep.equal(["0: 5000000", "1: 1000000"]);
    await goBack();
    await networkHelpers.time.increase(3);
    await claim([2]);
    expect(await follow()).to.deep.equal(["0: 5000000", "2: 2000000"]);
    expect(await follow(), "nothing comes twice").to.deep.equal(["0: 5000000", "2: 2000000"]);
  });
});
