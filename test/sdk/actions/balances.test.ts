import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ContractFactory, JsonRpcProvider, type Contract, type InterfaceAbi, type JsonRpcSigner } from "ethers";
import {
  archiveBalances,
  explainQuota,
  sumBalances,
  transferIndex,
  type BalanceSource,
  type TransferSnapshot,
} from "@yellowstone-compute/sdk";
import {
  ChainRequestFailed,
  DayForgotten,
  DayNotBegun,
  HistoryMissing,
  InvalidField,
  TransferIndexDiverged,
  YellowstoneError,
} from "@yellowstone-compute/sdk/errors";
import { address, startOfDay, type Address } from "@yellowstone-compute/sdk/units";
import { startAnvil, type LocalNode } from "../../utils/node.js";
import { refusingProxy } from "../../utils/proxy.js";
import { ROOT } from "../../utils/script.js";

const MOR = 10n ** 18n;
const DAY = 86_400;
/** Zero of days: ahead of the wall clock that the chain begins with. */
const START = Math.floor(Date.now() / 1_000) + 1_000;

/** A chain with a token, driven by the test. */
class Chain {
  readonly provider: JsonRpcProvider;
  token!: Contract;
  at!: Address;
  users: JsonRpcSigner[] = [];

  constructor(readonly node: LocalNode) {
    this.provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, batchMaxCount: 1 });
  }

  async open(): Promise<this> {
    const path = join(ROOT, "artifacts/contracts/periphery/TestMor.sol/TestMor.json");
    const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as { abi: InterfaceAbi; bytecode: string };
    this.users = (await this.provider.listAccounts()).slice(0, 4);
    await this.provider.send("evm_setNextBlockTimestamp", [START - 100]);
    const deployed = await new ContractFactory(abi, bytecode, this.users[0]).deploy();
    await deployed.waitForDeployment();
    this.token = deployed as Contract;
    this.at = address(await deployed.getAddress());
    return this;
  }

  user(i: number): Address {
    return address(this.users[i]!.address);
  }

  /** Mine one block at a moment, with these verbs in it. */
  async block(second: number, verbs: [verb: "mint" | "move", from: number, to: number, amount: bigint][] = []) {
    await this.provider.send("evm_setAutomine", [false]);
    const sent: string[] = [];
    for (const [verb, from, to, amount] of verbs) {
      const on = this.token.connect(this.users[from]!) as Contract;
      const options = { gasLimit: 200_000 };
      const call = verb === "mint" ? on.getFunction("mint") : on.getFunction("transfer");
      sent.push(((await call.send(this.user(to), amount, options)) as { hash: string }).hash);
    }
    await this.provider.send("evm_setNextBlockTimestamp", [START + second]);
    await this.provider.send("evm_mine", []);
    await this.provider.send("evm_setAutomine", [true]);
    for (const hash of sent) expect((await this.provider.getTransactionReceipt(hash))?.status).to.equal(1);
  }

  close(): Promise<void> {
    this.provider.destroy();
    return this.node.stop();
  }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe("balance sources, on a chain of their own", function () {
  this.timeout(60_000);
  let chain: Chain;
  let archive: BalanceSource;
  const options = () => ({ provider: chain.provider, token: chain.at, emissionStart: START });
  const held = async (source: BalanceSource, user: number, day: bigint) =>
    (await source.balanceOf(chain.user(user), day)).amountWei;

  before(async () => {
    chain = await new Chain(await startAnvil()).open();
    await chain.block(10, [["mint", 0, 1, 5n * MOR]]);
    await chain.block(20, [["mint", 0, 2, 7n * MOR]]);
    await chain.block(DAY - 1, [["move", 1, 3, 1n]]);
    // The first block of day 1 counts whole: what moves in it is there.
    await chain.block(DAY + 3, [
      ["move", 1, 3, 2n * MOR],
      ["mint", 0, 1, 4n],
    ]);
    await chain.block(DAY + 3, [["move", 3, 1, 1n * MOR]]);
    for (let i = 1; i < 12; i++) await chain.block(DAY + 3 + i * 60);
    await chain.block(2 * DAY + 500, [["move", 2, 1, 7n * MOR]]);
    await chain.block(3 * DAY, [["move", 1, 2, 1n]]);
    archive = archiveBalances(options());
  });
  after(() => chain.close());

  it("name the first block of a day, and read what was held in it", async () => {
    expect(await held(archive, 1, 1n)).to.equal(3n * MOR + 3n);
    expect(await held(archive, 3, 1n)).to.equal(2n * MOR + 1n);
    const { amountWei, blocks } = await archive.balanceOf(chain.user(2), 2n);
    expect(amountWei).to.equal(0n);
    expect(blocks).to.deep.equal([{ chainId: 31_337n, blockNumber: 18, timestamp: BigInt(START + 2 * DAY + 500) }]);
    expect((await archive.supplyOf(1n)).amountWei).to.equal(12n * MOR + 4n);
    expect((await archive.supplyOf(3n)).blocks[0]?.timestamp).to.equal(startOfDay(3n, START));
  });

  for (const blocksPerRequest of [1, 3, 10_000]) {
    it(`agree, index and archive, with ${blocksPerRequest} blocks a request`, async () => {
      const index = await transferIndex({ ...options(), keepDays: 4, blocksPerRequest });
      for (const day of [0n, 1n, 2n, 3n]) {
        expect(await index.supplyOf(day)).to.deep.equal(await archive.supplyOf(day));
        for (const back of [0n, 1n, 2n, 3n].filter((each) => each <= day)) {
          for (let user = 0; user < 4; user++) {
            const [one, two] = [
              await index.balanceOf(chain.user(user), back),
              await archive.balanceOf(chain.user(user), back),
            ];
            expect(one, `user ${user} on day ${back}`).to.deep.equal(two);
          }
        }
      }
    });
  }

  it("let nobody gain by moving MOR within the day, and sum chains", async () => {
    // User 1 held 3 MOR when day 1 began; that user 3 sent it one more later in the day changes nothing.
    const day = { budgetWei: 3_000n * MOR, supplyWei: 10_000_000n * MOR, lowestBidWei: 100_000_000_000n };
    const shares = await Promise.all([1, 3].map((user) => held(archive, user, 1n)));
    const quotas = shares.map((balanceWei) => explainQuota({ ...day, balanceWei }).userMaxT);
    expect(quotas).to.deep.equal([9_000n, 6_000n]);
    const both = sumBalances([archive, await transferIndex(options())]);
    const { amountWei, blocks } = await both.balanceOf(chain.user(1), 1n);
    expect(amountWei).to.equal(2n * (3n * MOR + 3n));
    expect(blocks).to.have.length(2);
    expect((await both.supplyOf(1n)).amountWei).to.equal(2n * (12n * MOR + 4n));
  });

  it("go on from a snapshot, and refuse one that is not of this chain", async () => {
    const first = await transferIndex(options());
    await first.supplyOf(1n);
    const snapshot = JSON.parse(JSON.stringify(first.snapshot())) as TransferSnapshot;
    const second = await transferIndex({ ...options(), snapshot });
    expect(await held(second, 1, 1n)).to.equal(3n * MOR + 3n);
    expect(await held(second, 1, 3n)).to.equal(await held(archive, 1, 3n));
    expect((await second.supplyOf(3n)).amountWei).to.equal(12n * MOR + 4n);
    expect(await failure(second.supplyOf(0n))).to.be.instanceOf(DayForgotten);
    const later = await transferIndex({ ...options(), snapshot: { ...snapshot, day: null } });
    expect(await failure(later.supplyOf(0n)), "behind the cursor").to.be.instanceOf(DayForgotten);
    const cursor = { ...snapshot.cursor, blockHash: `0x${"77".repeat(32)}` };
    for (const [change, expected] of [
      [{ cursor }, TransferIndexDiverged],
      [{ chainId: "1" }, TransferIndexDiverged],
      [{ token: chain.user(1) }, TransferIndexDiverged],
      [{ version: 2 }, InvalidField],
      [{ balances: [[chain.user(1), "-1"]] }, InvalidField],
      [{ balances: [[chain.user(1), 1]] }, InvalidField],
      [
        {
          balances: [
            [chain.user(1), "1"],
            [chain.user(1), "1"],
          ],
        },
        InvalidField,
      ],
      [{ balances: {} }, InvalidField],
      [{ day: 1 }, InvalidField],
      [{ more: 1 }, InvalidField],
      [{ cursor: { ...cursor, blockNumber: 1.5 } }, InvalidField],
    ] as const) {
      const opened = transferIndex({ ...options(), snapshot: { ...snapshot, ...change } });
      expect(await failure(opened), JSON.stringify(change)).to.be.instanceOf(expected);
    }
    const missing = { ...snapshot, balances: snapshot.balances.filter(([account]) => account !== chain.user(2)) };
    const broken = await transferIndex({ ...options(), snapshot: missing });
    expect(await failure(broken.supplyOf(3n)), "who has nothing sends").to.be.instanceOf(TransferIndexDiverged);
  });

  it("refuse days that have not begun or are not settled, and ask again later", async () => {
    for (const source of [archive, await transferIndex(options())]) {
      expect(await failure(source.supplyOf(4n))).to.be.instanceOf(DayNotBegun);
    }
    const careful = archiveBalances({ ...options(), confirmations: 1 });
    expect(await failure(careful.supplyOf(3n))).to.be.instanceOf(DayNotBegun);
    await chain.block(3 * DAY + 12);
    expect((await careful.supplyOf(3n)).amountWei, "the failure was not remembered").to.equal(12n * MOR + 4n);
    expect(await failure(archiveBalances({ ...options(), fromBlock: 900 }).supplyOf(1n))).to.be.instanceOf(DayNotBegun);
  });

  it("say what is wrong with the node", async () => {
    const proxy = await refusingProxy(chain.node.url, ["eth_getLogs", "eth_call"]);
    const provider = new JsonRpcProvider(proxy.url, 31_337, { staticNetwork: true, cacheTimeout: -1 });
    const index = await transferIndex({ ...options(), provider });
    expect(await failure(index.supplyOf(1n))).to.be.instanceOf(ChainRequestFailed);
    expect(await failure(archiveBalances({ ...options(), provider }).supplyOf(1n))).to.be.instanceOf(YellowstoneError);
    provider.destroy();
    await proxy.stop();
    const forgetful = await new Chain(await startAnvil("--prune-history", "1")).open();
    try {
      for (let day = 0; day < 4; day++) await forgetful.block(day * DAY + 5, [["mint", 0, 1, MOR]]);
      const source = archiveBalances({ provider: forgetful.provider, token: forgetful.at, emissionStart: START });
      expect(await failure(source.supplyOf(1n))).to.be.instanceOf(HistoryMissing);
      const books = await transferIndex({ provider: forgetful.provider, token: forgetful.at, emissionStart: START });
      expect((await books.supplyOf(1n)).amountWei, "the index needs no state").to.equal(2n * MOR);
    } finally {
      await forgetful.close();
    }
  });

  it("notice a chain that was reorganised below them", async () => {
    const index = await transferIndex(options());
    const before = (await chain.provider.send("evm_snapshot", [])) as string;
    await chain.block(4 * DAY + 1, [["move", 2, 3, 1n]]);
    await index.supplyOf(4n);
    await chain.provider.send("evm_revert", [before]);
    await chain.block(4 * DAY + 2, [["move", 1, 3, 1n]]);
    await chain.block(5 * DAY);
    expect(await failure(index.supplyOf(5n))).to.be.instanceOf(TransferIndexDiverged);
  });
});
