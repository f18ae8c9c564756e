import { expect } from "chai";
import { Interface } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { computeContractAbi } from "@yellowstone-compute/sdk/abi";
import { outcomesOf } from "../../../sdk/dist/relayer/call.js";
import { relaySettings } from "../../../sdk/dist/relayer/settings.js";
import { applyChange, emptyState } from "../../../sdk/dist/relayer/state.js";
import { statusOf } from "../../../sdk/dist/relayer/status.js";
import { claimTask, itemsOf, jobIdOf } from "../../../sdk/dist/relayer/task.js";
import { Waits } from "../../../sdk/dist/relayer/waits.js";

const COMPUTE = sdk.address(`0x${"c0".repeat(20)}`);
const PAYOUT = sdk.address(`0x${"5a".repeat(20)}`);
const face = new Interface(computeContractAbi);

describe("relayer: how far a job is", () => {
  it("a payee that cannot be paid is named, beside those that were paid and had nothing due", () => {
    const tree = sdk.LedgerTree.from([5n, 6n, 7n]);
    const task = claimTask(sdk.claimFor(1n, tree, [0, 1, 2]));
    const payments = "0x000000000000000000000005";
    const logs = [
      face.encodeEventLog("PaymentFailed", [1n, PAYOUT, 6n]),
      face.encodeEventLog("Claimed", [1n, 5n, payments]),
    ].map((log) => ({ address: COMPUTE, ...log }));
    const d = { addresses: { compute: COMPUTE } } as sdk.Deployment;
    const items = outcomesOf(d, task, { hash: "0x12", logs });
    expect(items).to.deep.equal([
      { item: 0n, paidUMor: 5n },
      { item: 1n, unpayable: PAYOUT },
    ]);
    const state = emptyState();
    const id = jobIdOf(task);
    applyChange(state, { t: "job", id, task, items: itemsOf(task), atMs: 1 });
    applyChange(state, { t: "done", part: id, result: { by: "us", items }, atMs: 2 });
    const status = statusOf(state, id, () => undefined);
    expect(status).to.include({ phase: "done", createdAtMs: 1, endedAtMs: 2 });
    expect(status.items).to.deep.equal([
      { item: 0n, phase: "done", paidUMor: 5n },
      { item: 1n, phase: "failed", unpayable: PAYOUT },
      { item: 2n, phase: "already" },
    ]);
  });
});

describe("relayer: what is left alone", () => {
  const { timing } = relaySettings({}, {}, { pollMs: 10, backoffMaxMs: 100 });
  const failure = new sdk.ChainRequestFailed("x", "now");

  it("waits twice as long each time, up to the longest pause, unless a node asked for more", () => {
    let nowMs = 0;
    const waits = new Waits(timing, () => nowMs);
    const pauseOf = (reason: sdk.YellowstoneError, wantedMs: number): number => {
      waits.postpone("part", reason, wantedMs);
      const sinceMs = nowMs;
      while (!waits.isDue("part")) nowMs++;
      return nowMs - sinceMs;
    };
    expect([0, 0, 0].map((wanted) => pauseOf(failure, wanted))).to.deep.equal([10, 20, 40]);
    expect(pauseOf(failure, 5_000)).to.equal(100);
    expect(pauseOf(new sdk.RequestRateLimited(5_000), 5_000)).to.equal(5_000);
    expect(waits.failureOf("part")).to.be.instanceOf(sdk.RequestRateLimited);
    waits.note("part", failure);
    expect(waits.failureOf("part")).to.equal(failure);
    waits.forget("part");
    expect(waits.isDue("part")).to.equal(true);
    expect(waits.failureOf("part")).to.equal(undefined);
  });

  it("a verdict counts when it was given twice in a row, whatever the part had waited for before", () => {
    const waits = new Waits(timing, () => 0);
    waits.postpone("part", failure, 0);
    expect(waits.isConfirmed("part", "end")).to.equal(false);
    expect(waits.isDue("part"), "it is asked for again at once").to.equal(true);
    expect(waits.isConfirmed("part", "fail")).to.equal(false);
    expect(waits.isConfirmed("part", "end")).to.equal(false);
    expect(waits.isConfirmed("part", "end")).to.equal(true);
  });
});
