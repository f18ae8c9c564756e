import { expect } from "chai";
import { FallbackProvider, JsonRpcProvider } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { logFailureOf, LogRange } from "../../../sdk/src/actions/logRange.js";
import { limitedNode, type LogLimits } from "../../utils/limitedNode.js";
import type { LocalNode } from "../../utils/node.js";
import { ACTIVATION_DELAY, ethers, failureOf, networkHelpers } from "../actions/fixture.js";
import { busyLedger, caughtUp, chainAtPoint, expectTrue } from "./world.js";

describe("credit history from nodes with limits", () => {
  let node: LocalNode;
  let limits: LogLimits;
  let provider: JsonRpcProvider;

  beforeEach(async () => {
    limits = {};
    node = await limitedNode((method, params) => ethers.provider.send(method, params), limits);
    provider = new JsonRpcProvider(node.url, undefined, { batchMaxCount: 1 });
  });
  afterEach(async () => {
    provider.destroy();
    await node.stop();
  });

  const through = async (addresses: sdk.KnownAddresses) => sdk.connect({ runner: provider, addresses });

  it("finds out how many blocks it may ask for, and asks for more again when it can", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(busyLedger);
    await networkHelpers.mine(3_000);
    limits.maxBlocks = 100;
    const { history } = await caughtUp(await through(addresses), undefined, { keepBlocks: 16 });
    await expectTrue(d, history);
    const needed = Math.ceil(history.end.blockNumber / 100);
    expect(limits.refused).to.be.greaterThan(6);
    // 10,000 halves to 78; every eighth success tries twice as much, and is refused.
    expect(limits.answered).to.be.within(needed, Math.ceil(1.4 * needed));
    expect(limits.refused).to.be.lessThan(7 + needed / 6);
    limits.maxBlocks = 2_000;
    const { refused = 0 } = limits;
    await networkHelpers.mine(3_000);
    const { kinds } = await caughtUp(await through(addresses), history, { keepBlocks: 16 });
    await expectTrue(d, history);
    expect((limits.refused ?? 0) - refused).to.be.at.most(3);
    expect(kinds.length).to.be.lessThan(8);
  });

  it("halves where a range holds too many events; a block that does so by itself is an error", async () => {
    const { d, addresses, attest } = await networkHelpers.loadFixture(busyLedger);
    for (let i = 0; i < 3; i++) await attest([[i, 5n]]);
    limits.maxResults = 3;
    const { history } = await caughtUp(await through(addresses));
    await expectTrue(d, history);
    expect(limits.refused).to.be.greaterThan(1);
    limits.maxResults = 0;
    const failure = await failureOf(caughtUp(await through(addresses)));
    expect(failure).to.be.instanceOf(sdk.LogsRefused).and.to.have.property("retry", "no");
  });

  it("begins at a snapshot where old events are pruned, and says so where there is none", async () => {
    const { d, addresses, attest, claim } = await networkHelpers.loadFixture(busyLedger);
    await attest([[4, 50n]]);
    await networkHelpers.mine(20);
    const { history } = await caughtUp(d, undefined, { keepBlocks: 8, ids: [0, 4] });
    const snapshot = sdk.exportSnapshot(history, d);
    limits.prunedBelow = snapshot.end.blockNumber + 1;
    const read = await through(addresses);
    const failure = await failureOf(caughtUp(read));
    expect(failure).to.be.instanceOf(sdk.LogsPruned).and.to.have.property("retry", "no");
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await claim([4, 1]);
    const sent = JSON.parse(JSON.stringify(snapshot)) as sdk.LedgerSnapshot;
    const { history: resumed } = await caughtUp(read, sent);
    await expectTrue(d, resumed);
    const { history: whole } = await caughtUp(d, undefined, { ids: [0, 4] });
    expect(resumed.entries()).to.deep.equal(whole.entries());
    expect(resumed.entries(4).map(({ kind }) => kind)).to.deep.equal(["credited", "paid"]);
  });

  it("reads through a provider that has no requests of its own, such as one of several nodes", async () => {
    const { d, addresses, claim } = await networkHelpers.loadFixture(busyLedger);
    const uncached = new JsonRpcProvider(node.url, undefined, { batchMaxCount: 1, cacheTimeout: -1 });
    const several = new FallbackProvider([uncached], undefined, { quorum: 1, cacheTimeout: -1 });
    try {
      const read = await sdk.connect({ runner: several, addresses });
      const { history } = await caughtUp(read);
      await expectTrue(d, history);
      const goBack = await chainAtPoint();
      await claim([1]);
      await caughtUp(read, history);
      await goBack();
      await networkHelpers.time.increase(5);
      await claim([2]);
      expect((await caughtUp(read, history)).kinds[0]).to.equal("steppedBack");
      await expectTrue(d, history);
      limits.maxBlocks = 3;
      await expectTrue(d, (await caughtUp(read)).history);
      const goBackTwo = await chainAtPoint();
      await networkHelpers.mine(2);
      await caughtUp(read, history, { keepBlocks: 0 });
      await goBackTwo();
      expect(await failureOf(caughtUp(read, history)), "behind").to.be.instanceOf(sdk.ChainRequestFailed);
    } finally {
      await several.destroy();
      uncached.destroy();
    }
  });

  it("notices events that a node leaves out without a word: attestations by their seq, claims by the sum owed", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(busyLedger);
    const tip = await d.provider.getBlockNumber();
    const read = await through(addresses);
    const figures: string[] = [];
    for (const behind of [0, 1, 2, 4, 5, tip]) {
      limits.emptyBelow = tip + 1 - behind;
      const failure = await failureOf(caughtUp(read));
      if (failure === undefined) continue;
      expect(failure).to.be.instanceOf(sdk.HistoryDiverged);
      figures.push((failure as sdk.HistoryDiverged).data.figure);
    }
    expect(figures).to.have.length(4);
    expect(new Set(figures)).to.deep.equal(new Set(["attestation", "last attestation"]));
    // The claim alone is missing: its block is the last one.
    const before = (await caughtUp(d, undefined, { confirmations: 1 })).history;
    limits.emptyBelow = tip + 1;
    const failure = await failureOf(caughtUp(read, before));
    expect((failure as sdk.HistoryDiverged).data.figure).to.equal("owed, in wei");
    // The history can go on with a node that has them.
    limits.emptyBelow = 0;
    await caughtUp(read, before);
    await expectTrue(d, before);
    limits.emptyBelow = tip - 3;
    const anew = sdk.historyAtDeployment(d);
    expect(await failureOf(caughtUp(read, anew))).to.be.instanceOf(sdk.HistoryDiverged);
    limits.emptyBelow = 0;
    await caughtUp(read, anew);
    await expectTrue(d, anew);
  });
});

describe("credit history while the chain is reorganised under a request", () => {
  for (const when of ["before", "behind"] as const) {
    it(`reads again what was answered from another fork: reorganised ${when} the answer`, async () => {
      const { d, addresses, claim } = await networkHelpers.loadFixture(busyLedger);
      const limits: LogLimits = {};
      const node = await limitedNode((method, params) => ethers.provider.send(method, params), limits);
      const provider = new JsonRpcProvider(node.url, undefined, { batchMaxCount: 1 });
      try {
        const goBack = await chainAtPoint();
        await claim([1]);
        await networkHelpers.mine(3);
        let times = 0;
        limits[when] = async () => {
          if (times++ > 0) return;
          await goBack();
          await networkHelpers.mine(2, { interval: 5 });
          await claim([2]);
          await networkHelpers.mine(5);
        };
        const read = await sdk.connect({ runner: provider, addresses });
        const { history } = await caughtUp(read);
        expect(times).to.equal(2);
        await expectTrue(d, history);
        expect([history.account(1).paidUMor, history.account(2).paidUMor]).to.deep.equal([0n, 2_000_000n]);
      } finally {
        provider.destroy();
        await node.stop();
      }
    });
  }

  it("gives up on a chain that is another one each time it is asked", async () => {
    const { addresses } = await networkHelpers.loadFixture(busyLedger);
    const limits: LogLimits = {};
    const node = await limitedNode((method, params) => ethers.provider.send(method, params), limits);
    const provider = new JsonRpcProvider(node.url, undefined, { batchMaxCount: 1 });
    let seconds = 20;
    let goBack = await chainAtPoint();
    await networkHelpers.mine();
    limits.behind = async () => {
      await goBack();
      goBack = await chainAtPoint();
      await networkHelpers.time.increase(seconds++);
    };
    const read = await sdk.connect({ runner: provider, addresses });
    const failure = await failureOf(caughtUp(read, undefined, { attempts: 3 }));
    provider.destroy();
    await node.stop();
    expect(failure).to.be.instanceOf(sdk.ChainUnsettled).and.to.have.property("retry", "later");
  });
});

describe("snapshots", () => {
  const exported = async () => {
    const world = await busyLedger();
    await world.attest([[4, 50n]]);
    await networkHelpers.mine(10);
    const { history } = await caughtUp(world.d, undefined, { keepBlocks: 4, ids: [0] });
    return { ...world, snapshot: sdk.exportSnapshot(history, world.d) };
  };
  /** With the checksum that belongs to it: whoever lies can compute it, too. */
  const sealed = (snapshot: sdk.LedgerSnapshot): sdk.LedgerSnapshot => {
    const body = Object.entries(snapshot).filter(([field]) => field !== "checksum");
    return { ...snapshot, checksum: sdk.keccak256Text(JSON.stringify(body.map(([, value]) => value as unknown))) };
  };
  const changed = (snapshot: sdk.LedgerSnapshot, change: object) => ({ ...snapshot, ...change });

  it("carry a veto that comes later, and a pending credit that becomes active", async () => {
    const { d, snapshot, veto, attest } = await networkHelpers.loadFixture(exported);
    expect(snapshot.pending).to.have.length(1);
    await attest([[5, 60n]]);
    await veto(3n);
    const { history } = await caughtUp(d, snapshot);
    await expectTrue(d, history);
    expect(history.account(4).creditedUMor).to.equal(0n);
  });

  it("are refused when a byte is another, whatever it means", async () => {
    const { d, snapshot } = await networkHelpers.loadFixture(exported);
    expect(await failureOf(sdk.importSnapshot(changed(snapshot, { lastSeq: "9" }), d))).to.be.instanceOf(
      sdk.SnapshotDamaged,
    );
    for (const [field, value] of [
      ["version", 2],
      ["lanes", "0x00"],
      ["compute", "0x"],
      ["books", [["1"]]],
      ["entries", [[1, 2]]],
      ["checksum", 7],
      ["end", { blockNumber: 1.5, blockHash: snapshot.end.blockHash, timestamp: "1" }],
      ["stranger", 1],
    ] as const) {
      const failure = await failureOf(sdk.importSnapshot(changed(snapshot, { [field]: value }), d));
      expect(failure, field).to.be.instanceOf(sdk.InvalidField);
    }
    expect(await failureOf(sdk.importSnapshot(null, d))).to.be.instanceOf(sdk.InvalidField);
  });

  it("are refused when they are whole and not of this chain", async () => {
    const { d, snapshot } = await networkHelpers.loadFixture(exported);
    const resealed = async (change: Partial<sdk.LedgerSnapshot>) => {
      return failureOf(sdk.importSnapshot(sealed({ ...snapshot, ...change }), d));
    };
    const lied = `${snapshot.lanes.slice(0, -2)}01` as sdk.Hex;
    expect(await resealed({ lanes: lied })).to.be.instanceOf(sdk.SnapshotDamaged);
    const alone = (await resealed({ lanes: lied, pending: [] })) as Error;
    expect(alone).to.be.instanceOf(sdk.SnapshotDamaged);
    expect(alone.message).to.include("the root of its lanes");
    const tree = sdk.LedgerTree.from([9n, 0n, 0n, 0n]);
    const lane = `0x${"9".padStart(16, "0")}${"0".repeat(48)}` as sdk.Hex;
    const activeRoot = sdk.hash32(sdk.bytesToHex(tree.root()));
    const richer = await resealed({ lanes: lane, activeRoot, pending: [] });
    expect(richer).to.be.instanceOf(sdk.SnapshotForeign);
    expect((richer as sdk.SnapshotForeign).data.part).to.include("root of attestation 2");
    expect(await resealed({ chainId: "1" })).to.be.instanceOf(sdk.SnapshotForeign);
    const elsewhere = { ...snapshot.end, blockHash: snapshot.activeRoot };
    expect(await resealed({ end: elsewhere })).to.be.instanceOf(sdk.SnapshotForeign);
    expect(await resealed({ end: { ...snapshot.end, blockNumber: 9_999 } })).to.be.instanceOf(sdk.SnapshotForeign);
    const blind = { ...d, provider: { send: () => Promise.resolve(null) } } as unknown as sdk.Deployment;
    const unseen = await failureOf(sdk.importSnapshot(snapshot, blind));
    expect(unseen, "a node without a block").to.be.instanceOf(sdk.SnapshotForeign);
    expect((unseen as Error).message).to.include("not there yet");
    // Books have no root: they are found out when the history has caught up.
    const books = snapshot.books.map((row) => (row[0] === "0" ? ["0", "1", ...row.slice(2)] : row));
    expect(await failureOf(caughtUp(d, sealed({ ...snapshot, books })))).to.be.instanceOf(sdk.HistoryDiverged);
  });
});

describe("log ranges", () => {
  it("know what nodes say", () => {
    const said: readonly [string | object, string][] = [
      [{ code: -32_602, message: "range 1000000 exceeds limit of 10000" }, "tooMuch"],
      [{ code: -32_005, message: "query returned more than 10000 results" }, "tooMuch"],
      [{ code: -32_614, message: "eth_getLogs is limited to a 10,000 range" }, "tooMuch"],
      [{ code: -32_000, message: "block range is bigger than maxBlockRange" }, "tooMuch"],
      [{ code: -32_000, message: "block range is larger than max block range, block range = 5120" }, "tooMuch"],
      [
        {
          code: -32_602,
          message: "invalid params",
          data: { payload: "range 9009594 is bigger than range limit 2000" },
        },
        "tooMuch",
      ],
      [{ message: "Log response size exceeded. Please reduce query block range." }, "tooMuch"],
      [{ code: "SERVER_ERROR", info: { responseStatus: "413 ", responseBody: "" } }, "tooMuch"],
      [{ code: -32_000, message: "query timeout exceeded" }, "tooMuch"],
      [{ code: -32_020, message: "backend response too large" }, "tooMuch"],
      [{ code: 4_444, message: "pruned history unavailable" }, "pruned"],
      [{ code: -32_000, message: "Receipt not available for From block 14319330." }, "pruned"],
      [{ code: -32_000, message: "seek with txNum=19 but data before txNum=26 is not available" }, "pruned"],
      [{ code: -32_603, message: "internal error" }, "other"],
      [{ code: "NETWORK_ERROR", message: "connection refused" }, "other"],
      [{ code: 429, message: "Too Many Requests" }, "other"],
      ["nothing", "other"],
    ];
    for (const [error, expected] of said) {
      expect(logFailureOf(error), JSON.stringify(error)).to.equal(expected);
      const wrapped = { code: "UNKNOWN_ERROR", message: "could not coalesce error (range too large)", error };
      expect(logFailureOf(wrapped), `wrapped ${JSON.stringify(error)}`).to.equal(expected);
    }
  });

  it("halve, and grow again only where they were not refused", () => {
    const range = new LogRange(1_000);
    expect(range.refused(1_000)).to.equal(true);
    expect(range.blocks).to.equal(500);
    for (let i = 0; i < 7; i++) range.accepted(500);
    expect(range.blocks).to.equal(500);
    range.accepted(20);
    expect(range.blocks, "a short range shows nothing").to.equal(500);
    range.accepted(500);
    expect(range.blocks).to.equal(1_000);
    for (const blocks of [1_000, 500, 250]) expect(range.refused(blocks)).to.equal(true);
    range.accepted(125);
    expect(range.blocks, "up to what was refused at once").to.equal(125);
    expect(range.refused(1)).to.equal(false);
  });
});
