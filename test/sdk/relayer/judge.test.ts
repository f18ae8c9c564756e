import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import * as errors from "@yellowstone-compute/sdk/errors";
import { buildClaim, packClaim } from "@yellowstone-compute/sdk/ledger";
import { ZERO_HASH, type Hex } from "@yellowstone-compute/sdk/units";
import { bytesToHex, hexToBytes } from "@yellowstone-compute/sdk/crypto";
import { ranksMask, ranksOf } from "../../../sdk/dist/bootstrap/ranks.js";
import { unpackClaim } from "../../../sdk/dist/ledger/claimParts.js";
import { isRefusal, judge } from "../../../sdk/dist/relayer/judge.js";
import { splitTask } from "../../../sdk/dist/relayer/splitTask.js";
import type { Task } from "../../../sdk/dist/relayer/task.js";

/** Judged without a word from the chain: one that is asked fails. */
const nobody = {} as sdk.Deployment;
const ledger = (ids: number, amountUMor: bigint): sdk.LedgerTree => {
  const tree = sdk.LedgerTree.empty();
  tree.apply(new Map(Array.from({ length: ids }, (_, id) => [id, amountUMor])));
  return tree;
};
const proof = (tree: sdk.LedgerTree, ids: readonly number[]): Hex => bytesToHex(buildClaim(tree, ids));
const all = (ids: number): number[] => Array.from({ length: ids }, (_, id) => id);

const claim: Task = { kind: "claim", seq: 1n, ranges: proof(ledger(12, 5n), all(12)) };
const debits: Task = { kind: "debits", seq: 1n, debits: "0x" };
const close: Task = { kind: "close", season: 3n };
const award: Task = { kind: "award", season: 3n, ranks: ranksMask([0, 4, 9]) };
const entry: Task = {
  kind: "entry",
  season: 3n,
  before: proof(ledger(12, 1n), all(12)),
  after: proof(ledger(12, 9n), all(12)),
};

const early = new errors.LedgerAttestationPending({ seq: 1n, activeAt: 77n });
const never = new errors.LedgerTrailingBytes({ count: 1n });
const stale = new errors.BootstrapListStale({ season: 3n, given: ZERO_HASH, inForce: ZERO_HASH });

describe("relayer: what follows from a refusal", () => {
  const opens = (timestamp: bigint, opensAt: bigint) =>
    new errors.BootstrapEntryNotOpen({ season: 3n, timestamp, opensAt, endsAt: opensAt + 10n });
  for (const [what, task, refusal, verdict] of [
    ["nothing is due", claim, new errors.ClaimNothingDue({ seq: 1n }), { do: "end" }],
    ["a claim is pending", claim, early, { do: "wait", failure: early, untilAt: 77n }],
    [
      "debits are booked",
      debits,
      new errors.LedgerDebitsUnknown({ seq: 1n, given: ZERO_HASH, recorded: ZERO_HASH }),
      { do: "end" },
    ],
    ["debits are pending", debits, early, { do: "wait", failure: early, untilAt: 77n }],
    ["debits cannot be booked", debits, never, { do: "fail", failure: never }],
    ["the list moved on", entry, stale, { do: "wait", failure: stale }],
    ["all are entered", entry, new errors.BootstrapNothingEntered({ season: 3n, lastUMor: 1n }), { do: "end" }],
    ["the season was closed", close, new errors.BootstrapSeasonOutOfOrder({ season: 3n, expected: 4n }), { do: "end" }],
    [
      "all ranks have theirs",
      award,
      new errors.BootstrapNothingDue({ season: 3n, ranks: 1n, awardedRanks: 1n }),
      { do: "end" },
    ],
  ] as const) {
    it(`${what}: ${verdict.do}`, async () => {
      expect(await judge(nobody, task, refusal)).to.deep.equal(verdict);
    });
  }

  it("an entry waits until entering opens, and fails once it is over", async () => {
    const soon = opens(10n, 20n);
    expect(await judge(nobody, entry, soon)).to.deep.equal({ do: "wait", failure: soon, untilAt: 20n });
    const over = opens(40n, 20n);
    expect(await judge(nobody, entry, over)).to.deep.equal({ do: "fail", failure: over });
  });

  it("an earlier season is waited for", async () => {
    const refusal = new errors.BootstrapSeasonOutOfOrder({ season: 3n, expected: 2n });
    expect(await judge(nobody, close, refusal)).to.deep.equal({ do: "wait", failure: refusal });
  });

  it("an attestation that may be next waits while that may help, and fails when it cannot", async () => {
    const d = {
      compute: { lastSeq: () => Promise.resolve(4n), rootOf: () => Promise.resolve(ZERO_HASH) },
    } as unknown as sdk.Deployment;
    const task = (seq: bigint) => ({ kind: "attestation", attestation: { seq } }) as Task;
    expect(await judge(d, task(5n), never)).to.deep.equal({ do: "fail", failure: never });
    expect(await judge(d, task(6n), never), "another comes first").to.deep.equal({ do: "wait", failure: never });
    expect(await judge(d, task(5n), early)).to.deep.equal({ do: "wait", failure: early });
    const late = new errors.AttestationExpired({ timestamp: 2n, deadline: 1n });
    expect(await judge(d, task(6n), late)).to.deep.equal({ do: "fail", failure: late });
  });

  it("a slash order that is refused for another reason than its event has failed", async () => {
    const order = { kind: "slash" } as Task;
    expect(await judge(nobody, order, never)).to.deep.equal({ do: "fail", failure: never });
  });

  it("what is refused for ever as a whole is taken in halves; what is about one thing fails", async () => {
    const verdict = await judge(nobody, entry, never);
    expect(verdict.do === "split" && verdict.tasks).to.deep.equal(splitTask(entry));
    expect(await judge(nobody, close, never)).to.deep.equal({ do: "fail", failure: never });
  });

  it("only the chain's own answers are refusals", () => {
    for (const refusal of [never, new errors.RevertedWithoutReason(), new errors.ContractReverted("text")]) {
      expect(isRefusal(refusal), refusal.code).to.equal(true);
    }
    for (const trouble of [new errors.ChainRequestFailed("timeout", "now"), new Error("x"), undefined]) {
      expect(isRefusal(trouble)).to.equal(false);
    }
  });
});

describe("relayer: halves of a task", () => {
  const idsOf = (ranges: Hex): number[] =>
    unpackClaim(hexToBytes(ranges)).flatMap(({ firstWord, count, lanes }) =>
      Array.from({ length: count * 4 }, (_, i) => firstWord * 4 + i).filter((id) => (lanes >> (id % 4)) & 1),
    );

  it("of an award share its ranks; one rank is whole", () => {
    const halves = splitTask(award)!;
    expect(halves.map((half) => (half.kind === "award" ? ranksOf(half.ranks) : []))).to.deep.equal([[0], [4, 9]]);
    expect(splitTask(halves[0])).to.equal(undefined);
  });

  it("of a claim and of an entry hold everybody once, down to words that nobody can be taken from", () => {
    const leaves = (task: Task): Task[] => splitTask(task)?.flatMap(leaves) ?? [task];
    const rangesOf = (task: Task): Hex =>
      task.kind === "claim" ? task.ranges : task.kind === "entry" ? task.after : "0x";
    for (const task of [claim, entry]) {
      const parts = leaves(task);
      expect(parts.length).to.be.greaterThan(2);
      expect(parts.flatMap((part) => idsOf(rangesOf(part))).filter((id) => id < 12)).to.include.members(all(12));
      for (const part of parts) {
        if (part.kind === "entry")
          expect(idsOf(part.before), "both proofs are cut alike").to.deep.equal(idsOf(part.after));
      }
    }
  });

  it("of an entry in several ranges are its ranges", () => {
    const [before, after] = [ledger(4_000, 1n), ledger(4_000, 9n)];
    const ids = [0, 1, 2_000, 3_999];
    const wide: Task = { kind: "entry", season: 3n, before: proof(before, ids), after: proof(after, ids) };
    const ranges = unpackClaim(hexToBytes(proof(after, ids))).length;
    expect(ranges).to.be.greaterThan(1);
    const [left, right] = splitTask(wide)!;
    const count = (task: Task) => (task.kind === "entry" ? unpackClaim(hexToBytes(task.after)).length : 0);
    expect(count(left) + count(right)).to.equal(ranges);
  });

  it("of an entry whose range is wider than its ledger are those of the half that is filled", () => {
    const wide = { firstWord: 0, level: 3, count: 2, lanes: 15 };
    const proven = (tree: sdk.LedgerTree) => bytesToHex(packClaim(tree, [wide]));
    const halves = splitTask({ ...entry, before: proven(ledger(8, 1n)), after: proven(ledger(8, 9n)) })!;
    expect(halves.map((half) => (half.kind === "entry" ? idsOf(half.after) : []))).to.deep.equal([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it("of what is about one thing there are none", () => {
    for (const task of [
      close,
      debits,
      { ...claim, ranges: "0x" } as Task,
      { ...entry, before: "0x", after: "0x" } as Task,
    ]) {
      expect(splitTask(task), task.kind).to.equal(undefined);
    }
  });
});
