import { expect } from "chai";
import { Transaction } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import {
  attestationOf,
  credited,
  ethers,
  eventsOf,
  networkHelpers,
  PAYER,
  relayerOf,
  world,
  sentBy,
  settle,
  TIMING,
} from "./world.js";

const mempool = async (): Promise<string[]> => {
  const block = (await ethers.provider.send("eth_getBlockByNumber", ["pending", false])) as { transactions: string[] };
  return block.transactions;
};
const mine = () => ethers.provider.send("evm_mine", []);

describe("relayer: nonces", () => {
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));

  /** Three claims of one provider each, on a chain that mines when it is told to. */
  async function claims() {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n, 3n]);
    await ethers.provider.send("evm_setAutomine", [false]);
    return { d, claimOf: (id: number) => sdk.claimFor(seq, tree, [id]) };
  }

  it("several transactions are under way at once, with nonces in a row", async () => {
    const { d, claimOf } = await claims();
    const relayer = await relayerOf(d);
    const ids = [await relayer.claim(claimOf(0)), await relayer.claim(claimOf(1)), await relayer.claim(claimOf(2))];
    await relayer.advance();
    expect(await mempool()).to.have.length(3);
    const nonces = await Promise.all(ids.map(async (id) => (await relayer.status(id)).parts[0]?.nonce));
    expect(nonces).to.deep.equal([0, 1, 2]);
    await mine();
    await settle(relayer);
    expect((await sentBy(d.provider, PAYER.address)).map(({ nonce }) => nonce)).to.deep.equal([0, 1, 2]);
  });

  it("what vanished from the pool is sent again, byte by byte", async () => {
    const { d, claimOf } = await claims();
    const relayer = await relayerOf(d);
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    const { hash } = (await relayer.status(id)).parts[0]!;
    expect(await ethers.provider.send("hardhat_dropTransaction", [hash])).to.equal(true);
    expect(await mempool()).to.deep.equal([]);
    await relayer.advance();
    expect(await mempool()).to.deep.equal([hash]);
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).parts[0]).to.include({ phase: "done", hash });
  });

  it("what no block takes is replaced at the same nonce by one that pays at least a tenth more", async () => {
    const { d, claimOf } = await claims();
    const signed: sdk.Change[] = [];
    const observer = (event: sdk.RelayEvent) => {
      if (event.event === "change" && event.change.t === "sign") signed.push(event.change);
    };
    const timing = { ...TIMING, stuckAfterMs: 1 };
    const relayer = await relayerOf(d, { timing, observer });
    const id = await relayer.claim(claimOf(0));
    for (let look = 0; look < 3; look++) {
      await relayer.advance();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.variants).to.be.greaterThan(1);
    const offers = signed.map((change) => (change.t === "sign" ? change.variant : undefined)!);
    for (const [i, { maxFeePerGas, maxPriorityFeePerGas, raw }] of offers.entries()) {
      expect(Transaction.from(raw).nonce).to.equal(0);
      if (i === 0) continue;
      expect(maxFeePerGas * 100n >= offers[i - 1]!.maxFeePerGas * 110n, "a tenth more").to.equal(true);
      expect(maxPriorityFeePerGas * 100n >= offers[i - 1]!.maxPriorityFeePerGas * 110n, "a tenth more").to.equal(true);
    }
    expect(await mempool()).to.deep.equal([offers[offers.length - 1]!.hash]);
    await mine();
    await settle(relayer);
    expect(await sentBy(d.provider, PAYER.address)).to.have.length(1);
    expect((await eventsOf(d, sdk.claimedEvent)).map(({ paidUMor }) => paidUMor)).to.deep.equal([1n]);
  });

  it("above the cap nothing is sent, and nothing is replaced", async () => {
    const { d, claimOf } = await claims();
    const relayer = await relayerOf(d, { fees: { maxFeePerGasWei: 1n } });
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.failure).to.include({ code: "RelayFeeAboveCap", retry: "later" });
    expect(await mempool()).to.deep.equal([]);
  });

  it("what the contracts would refuse by now gives its nonce to a transfer of nothing", async () => {
    const { d, claimOf } = await claims();
    const timing = { ...TIMING, stuckAfterMs: 1 };
    const relayer = await relayerOf(d, { timing });
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    const { hash } = (await relayer.status(id)).parts[0]!;
    await ethers.provider.send("hardhat_dropTransaction", [hash]);
    await ethers.provider.send("evm_setAutomine", [true]);
    await sdk.claim.sendAndWait(d, claimOf(0));
    await ethers.provider.send("evm_setAutomine", [false]);
    for (let look = 0; look < 4; look++) {
      await relayer.advance();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 0n, phase: "already" }]);
    const sent = await sentBy(d.provider, PAYER.address);
    expect(sent.map(({ nonce, status }) => [nonce, status])).to.deep.equal([[0, 1]]);
    expect((await d.provider.getTransaction(sent[0]!.hash))?.to).to.equal(PAYER.address);
  });

  it("a nonce that something else of the same key used is seen, and the part goes with the next one", async () => {
    const { d, claimOf } = await claims();
    const relayer = await relayerOf(d);
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    const { hash } = (await relayer.status(id)).parts[0]!;
    await ethers.provider.send("hardhat_dropTransaction", [hash]);
    await PAYER.connect(d.provider).sendTransaction({ to: PAYER.address, nonce: 0 });
    await mine();
    await settle(relayer, 3);
    expect((await relayer.status(id)).parts[0]?.nonce).to.equal(1);
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).items[0]).to.include({ phase: "done", paidUMor: 1n });
    expect(await eventsOf(d, sdk.claimedEvent)).to.have.length(1);
  });

  it("a gap left by a lost store is closed: the waiting transaction above it gets through", async () => {
    const { d, claimOf } = await claims();
    const store = createMemoryStorage();
    const relayer = await relayerOf(d, { store });
    const first = await relayer.claim(claimOf(0));
    const second = await relayer.claim(claimOf(1));
    await relayer.advance();
    for (const id of [first, second]) {
      await ethers.provider.send("hardhat_dropTransaction", [(await relayer.status(id)).parts[0]!.hash]);
    }
    // Of both only the second is known again: as if the first had been freed on the word of a chain that was reorganised.
    const kept = store.reopen();
    const taken = await relayerOf(d, { store: kept, timing: { ...TIMING, stuckAfterMs: 1 } });
    await PAYER.connect(d.provider).sendTransaction({ to: PAYER.address, nonce: 0 });
    const snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
    await mine();
    await taken.advance();
    expect((await taken.status(first)).parts[0]?.nonce, "its nonce was used by another one").to.equal(2);
    await ethers.provider.send("evm_revert", [snapshot]);
    for (const pending of await mempool()) await ethers.provider.send("hardhat_dropTransaction", [pending]);
    for (let look = 0; look < 6; look++) {
      await taken.advance();
      await mine();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await settle(taken);
    for (const id of [first, second]) expect((await taken.status(id)).phase).to.equal("done");
    const sent = await sentBy(d.provider, PAYER.address);
    expect(sent.map(({ nonce, status }) => [nonce, status])).to.deep.equal([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(await eventsOf(d, sdk.claimedEvent)).to.have.length(2);
  });

  it("a transaction counts only with its confirmations; one that a reorganisation takes back is sent again", async () => {
    const { d, claimOf } = await claims();
    const relayer = await relayerOf(d, { limits: { confirmations: 3 } });
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    const { hash } = (await relayer.status(id)).parts[0]!;
    const snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
    await mine();
    await mine();
    await relayer.advance();
    expect((await relayer.status(id)).phase, "two blocks are not three").to.equal("sent");
    await ethers.provider.send("evm_revert", [snapshot]);
    for (const pending of await mempool()) await ethers.provider.send("hardhat_dropTransaction", [pending]);
    await mine();
    await relayer.advance();
    expect(await mempool()).to.deep.equal([hash]);
    for (let block = 0; block < 3; block++) await mine();
    await settle(relayer);
    expect((await relayer.status(id)).parts[0]).to.include({ phase: "done", hash });
    expect(await eventsOf(d, sdk.claimedEvent)).to.have.length(1);
  });

  it("a transaction that fails in its block is judged anew and sent with more gas", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 5n]]));
    await ethers.provider.send("evm_setAutomine", [false]);
    const relayer = await relayerOf(d);
    const id = await relayer.post(post);
    await relayer.advance();
    // Somebody else's comes into the same block, before it.
    const dear = { gasLimit: 1_000_000n, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n };
    const other = await sdk.postAttestation.send(d, post, dear);
    await mine();
    await settle(relayer);
    const sent = await sentBy(d.provider, PAYER.address);
    expect(sent.map(({ status }) => status)).to.deep.equal([0]);
    expect((await other.wait())?.status).to.equal(1);
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 1n, phase: "already" }]);
  });
});
