import { expect } from "chai";
import { AbiCoder, JsonRpcSigner, ZeroHash, toQuantity } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { bentProvider, busy, missing, type Bend } from "../../utils/bentNode.js";
import { busyLedger } from "../provider/world.js";
import { deploySuite, ethers, failureOf, networkHelpers } from "./fixture.js";

const GAS_MAX = 2n ** 24n;

/** The deployment as a bent node shows it, to read or to send from an account. */
function through(addresses: sdk.KnownAddresses, bend: Bend, from?: string): Promise<sdk.Deployment> {
  const provider = bentProvider(ethers.provider, bend);
  return sdk.connect({ runner: from === undefined ? provider : new JsonRpcSigner(provider, from), addresses });
}

/** The last step of a history, from a cursor or from the beginning. */
async function follow(d: sdk.Deployment, cursor?: sdk.EventCursor, options: sdk.FollowOptions = {}) {
  const steps: sdk.EventStep<sdk.FollowedEvent<{ claimed: typeof sdk.claimedEvent }>>[] = [];
  for await (const step of sdk.followEvents(d, { claimed: sdk.claimedEvent }, cursor, options)) steps.push(step);
  const events = steps.flatMap((step) => (step.kind === "events" ? step.events : []));
  return { events, cursor: steps.at(-1)!.cursor, kinds: steps.map(({ kind }) => kind) };
}

async function claims(d: sdk.Deployment): Promise<sdk.Claimed[]> {
  const found: sdk.Claimed[] = [];
  for await (const { value } of sdk.readEvents(d, sdk.claimedEvent)) found.push(value);
  return found;
}

describe("actions: a node that gives other logs than it was asked for", () => {
  interface Log {
    readonly address: string;
    readonly topics: readonly string[];
    readonly removed?: boolean;
  }
  /** Logs as they are, and copies of the first that a filter does not name. */
  const withForeign: Bend = async (method, params, pass) => {
    const answer = await pass(method, params);
    if (method !== "eth_getLogs") return answer;
    const logs = answer as Log[];
    const [first] = logs;
    if (first === undefined) return logs;
    const others = [{ topics: [] }, { topics: [ZeroHash] }, { address: `0x${"5a".repeat(20)}` }];
    return [...others.map((change) => ({ ...first, ...change })), ...logs];
  };

  it("is read as if it had not", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(busyLedger);
    const bent = await through(addresses, withForeign);
    expect(await claims(bent)).to.deep.equal(await claims(d));
    expect((await follow(bent)).events).to.deep.equal((await follow(d)).events);
    expect((await follow(bent)).events).to.have.length(1);
  });

  it("or logs that a reorganisation has removed, is read as if it had not", async () => {
    const { addresses } = await networkHelpers.loadFixture(busyLedger);
    const bent = await through(addresses, async (method, params, pass) => {
      const answer = await pass(method, params);
      return method === "eth_getLogs" ? (answer as Log[]).map((log) => ({ ...log, removed: true })) : answer;
    });
    expect((await follow(bent)).events).to.deep.equal([]);
  });

  it("or leaves a veto out, gives no ledger", async () => {
    const { addresses, attest, veto } = await networkHelpers.loadFixture(busyLedger);
    await attest([[4, 100n]]);
    await veto(3n);
    const bent = await through(addresses, async (method, params, pass) => {
      const answer = await pass(method, params);
      const topic = sdk.attestationsVetoedEvent.topic;
      return method === "eth_getLogs" ? (answer as Log[]).filter(({ topics }) => topics[0] !== topic) : answer;
    });
    const failure = await failureOf(sdk.rebuildLedger(bent));
    expect(failure).to.be.instanceOf(sdk.LedgerDiverged).and.have.nested.property("data.seq", 3n);
  });

  it("or leaves payments out, gives no account", async () => {
    const { d } = await networkHelpers.loadFixture(busyLedger);
    await networkHelpers.mine();
    const lanes = { headUMor: 5_000_000n, activeUMor: 5_000_000n };
    const fromBlock = await d.provider.getBlockNumber();
    const failure = await failureOf(sdk.readAccount(d, 0, lanes, { fromBlock }));
    expect(failure).to.be.instanceOf(sdk.AccountDiverged);
    expect((failure as sdk.AccountDiverged).data).to.deep.equal({
      id: 0n,
      figure: "settled and awarded",
      onChain: 5_000_000n,
      summed: 0n,
    });
  });
});

describe("actions: a node that is busy, behind, or has not got everything", () => {
  /** Busy for the first `times` requests of a method. */
  function busyFor(method: string, times: number): { bend: Bend; asked: () => number } {
    let asked = 0;
    const bend: Bend = (each, params, pass) => (each === method && asked++ < times ? busy() : pass(each, params));
    return { bend, asked: () => asked };
  }

  it("is asked again, as often as it was told", async () => {
    const { addresses } = await networkHelpers.loadFixture(busyLedger);
    const twice = busyFor("eth_getLogs", 2);
    expect((await follow(await through(addresses, twice.bend), undefined, { attempts: 3 })).events).to.have.length(1);
    const thrice = busyFor("eth_getLogs", 3);
    const failure = await failureOf(follow(await through(addresses, thrice.bend), undefined, { attempts: 3 }));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
    expect(thrice.asked()).to.equal(3);
  });

  it("is not asked again by who was told to end", async () => {
    const { addresses } = await networkHelpers.loadFixture(busyLedger);
    const ending = new AbortController();
    let asked = 0;
    const bent = await through(addresses, (method, params, pass) => {
      if (method !== "eth_getLogs") return pass(method, params);
      asked += 1;
      ending.abort();
      return busy();
    });
    const failure = await failureOf(follow(bent, undefined, { signal: ending.signal }));
    expect([failure instanceof sdk.ChainRequestFailed, asked]).to.deep.equal([true, 1]);
    const { d } = await networkHelpers.loadFixture(busyLedger);
    const kinds: string[] = [];
    const reading = new AbortController();
    const options = { maxBlocksPerRequest: 5, signal: reading.signal };
    for await (const { kind } of sdk.followEvents(d, { claimed: sdk.claimedEvent }, undefined, options)) {
      kinds.push(kind);
      reading.abort();
    }
    expect(kinds, "nor are the blocks that were left").to.deep.equal(["events"]);
  });

  it("is behind when it has no newest block, or none of those that were read", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(busyLedger);
    const { cursor } = await follow(d, undefined, { keepBlocks: 0 });
    expect(cursor.marks).to.have.length(1);
    const hasNo = (isNot: (tag: unknown) => boolean): Promise<sdk.Deployment> =>
      through(addresses, (method, params, pass) =>
        method === "eth_getBlockByNumber" && isNot(params[0]) ? null : pass(method, params),
      );
    const last = toQuantity(cursor.marks[0]!.blockNumber);
    for (const bent of [await hasNo((tag) => tag === "latest"), await hasNo((tag) => tag === last)]) {
      const failure = await failureOf(follow(bent, cursor));
      expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "later");
      expect((failure as Error).message).to.include("behind the cursor");
    }
  });

  it("is not asked from a cursor that names no block", async () => {
    const { d } = await networkHelpers.loadFixture(busyLedger);
    const failure = await failureOf(follow(d, { marks: [] }));
    expect(failure).to.be.instanceOf(sdk.InvalidField).and.have.nested.property("data.path", "cursor.marks");
  });

  it("says nothing of the moment to step back to when it lacks that block", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(busyLedger);
    const deployedInBlock = 3;
    const [first] = sdk.cursorAtDeployment({ ...d, deployedInBlock }).marks;
    const other = { blockNumber: 5, blockHash: sdk.hash32(`0x${"ab".repeat(32)}`) };
    const bent = await through(addresses, (method, params, pass) =>
      method === "eth_getBlockByNumber" && params[0] === toQuantity(deployedInBlock - 1) ? null : pass(method, params),
    );
    const failure = await failureOf(follow(bent, { marks: [first!, other] }));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "later");
    expect((await follow(d, { marks: [first!, other] })).kinds).to.deep.equal(["steppedBack", "events", "caughtUp"]);
  });

  it("is not taken for another contract while it connects, and another contract's domain is", async () => {
    const { d, addresses } = await networkHelpers.loadFixture(deploySuite);
    const failure = await failureOf(through(addresses, busyFor("eth_call", 2).bend));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
    const asked = d.compute.interface.encodeFunctionData("eip712Domain");
    const domain = await d.compute.eip712Domain();
    const types = ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"];
    for (const [place, value, said] of [
      [1, "Another", "Another 1 on chain 31337"],
      [3, 1n, "on chain 1 at"],
      [4, d.addresses.registry, d.addresses.registry],
    ] as const) {
      const answer = AbiCoder.defaultAbiCoder().encode(types, [...domain].with(place, value));
      const bent = through(addresses, (method, params, pass) =>
        method === "eth_call" && (params[0] as { data: string }).data === asked ? answer : pass(method, params),
      );
      const mismatch = await failureOf(bent);
      expect(mismatch).to.be.instanceOf(sdk.VersionMismatch);
      expect((mismatch as sdk.VersionMismatch).data.actual).to.include(said);
    }
  });

  it("and does not show receipts leaves a transaction unknown", async () => {
    const { addresses, sender } = await networkHelpers.loadFixture(deploySuite);
    const bend: Bend = (method, params, pass) =>
      method === "eth_getTransactionReceipt" ? missing() : pass(method, params);
    const d = await through(addresses, bend, sender.address);
    expect(await failureOf(sdk.intake.sendAndWait(d, {}))).to.be.instanceOf(sdk.ChainRequestFailed);
    expect(await d.compute.unusedWei(), "it was sent").to.equal(1000n * 10n ** 18n);
  });
});

describe("actions: gas of a transaction", () => {
  it("is the estimate and a margin, which does not lift it above what a transaction may ask for", async () => {
    const { addresses, sender } = await networkHelpers.loadFixture(deploySuite);
    for (const [estimate, expected] of [
      [1_000_000n, 1_150_000n],
      [GAS_MAX - 1_000n, GAS_MAX],
      // What does not fit anyway is left to the node's own word.
      [GAS_MAX + 100n, GAS_MAX + 100n + ((GAS_MAX + 100n) * 15n) / 100n],
    ] as const) {
      const asked: string[] = [];
      const bend: Bend = (method, params, pass) => {
        if (method === "eth_estimateGas") return toQuantity(estimate);
        if (method !== "eth_sendTransaction") return pass(method, params);
        const [transaction] = params as [{ gas: string }];
        asked.push(transaction.gas);
        return pass(method, [{ ...transaction, gas: toQuantity(1_000_000) }]);
      };
      await sdk.intake.send(await through(addresses, bend, sender.address), {});
      expect(asked).to.deep.equal([toQuantity(expected)]);
    }
  });
});

describe("actions: balances of an archive node", () => {
  const [one, other] = ["11", "22"].map((byte) => sdk.address(`0x${byte.repeat(20)}`)) as [sdk.Address, sdk.Address];
  /** An archive of a chain of ten days, and how often a method was asked for since. */
  async function archive(options: Partial<sdk.ArchiveOptions> = {}, bend: Bend = (m, p, pass) => pass(m, p)) {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const asked: string[] = [];
    const provider = bentProvider(ethers.provider, (method, params, pass) => {
      asked.push(method);
      return bend(method, params, pass);
    });
    const emissionStart = (await networkHelpers.time.latest()) + 1;
    for (let day = 0; day < 10; day++) await networkHelpers.time.increase(86_400);
    const source = sdk.archiveBalances({ provider, token: d.addresses.token, emissionStart, ...options });
    return { source, count: (method: string) => asked.splice(0).filter((each) => each === method).length };
  }

  it("are remembered, as many as are to be", async () => {
    const { source, count } = await archive({ maxKnown: 1 });
    const ask = async (user: sdk.Address) => (await source.balanceOf(user, 0n), count("eth_call"));
    expect([await ask(one), await ask(one), await ask(other), await ask(one)]).to.deep.equal([1, 0, 1, 1]);
  });

  it("are of days of which the last eight are remembered", async () => {
    const { source, count } = await archive();
    for (let day = 0n; day < 9n; day++) await source.balanceOf(one, day);
    count("");
    const looked = async (day: bigint) => (await source.balanceOf(other, day), count("eth_getBlockByNumber") > 0);
    expect([await looked(1n), await looked(8n), await looked(0n)]).to.deep.equal([false, false, true]);
  });

  it("are asked for again while that may help, and no further", async () => {
    let failures = 2;
    const busyAtFirst: Bend = (method, params, pass) => (failures-- > 0 ? busy() : pass(method, params));
    const patient = await archive({ attempts: 3 }, busyAtFirst);
    expect((await patient.source.balanceOf(one, 0n)).amountWei).to.equal(0n);
    failures = 2;
    const hasty = await archive({ attempts: 2 }, busyAtFirst);
    const failure = await failureOf(hasty.source.balanceOf(one, 0n));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "now");
  });

  it("are of no block that the node does not have", async () => {
    const noBlocks: Bend = (method, params, pass) => (method === "eth_getBlockByNumber" ? null : pass(method, params));
    const failure = await failureOf((await archive({}, noBlocks)).source.supplyOf(0n));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed).and.have.property("retry", "later");
  });
});
