import { expect } from "chai";
import { Transaction } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { lookUp } from "../../../sdk/dist/relayer/lookUp.js";
import {
  attestationOf,
  claimsOnHold,
  ethers,
  eventsOf,
  mempool,
  mine,
  networkHelpers,
  PAYER,
  relayerOf,
  world,
  sentBy,
  settle,
  TIMING,
} from "./world.js";

describe("relayer: nonces", () => {
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));

  it("several transactions are under way at once, with nonces in a row", async () => {
    const { d, claimOf } = await claimsOnHold();
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

  it("what used a nonce is found in whatever block it stands, also before the nonce was taken", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const payer = PAYER.connect(d.provider);
    await mine();
    const hashes: string[] = [];
    for (const nonce of [0, 1]) hashes.push((await payer.sendTransaction({ to: PAYER.address, nonce })).hash);
    // One by one: the chain of this process tells no counts for blocks that it mined at once.
    for (let i = 0; i < 20; i++) await mine();
    const blockNumber = await d.provider.getBlockNumber();
    const sender = sdk.address(PAYER.address);
    const context = { provider: d.provider, sender, chainId: d.chainId, confirmations: 1, blockNumber, count: 2 };
    for (const nonce of [0, 1]) {
      for (const sinceBlock of [blockNumber - 1, blockNumber - 15, 1]) {
        const fate = await lookUp(context, { nonce, variants: [], sinceBlock });
        expect(fate, `${nonce} since ${sinceBlock}`).to.deep.equal({ is: "taken", hash: hashes[nonce] });
      }
    }
    expect(await lookUp(context, { nonce: 2, variants: [], sinceBlock: 1 })).to.deep.equal({ is: "open" });
  });

  it("what vanished from the pool is sent again, byte by byte", async () => {
    const { d, claimOf } = await claimsOnHold();
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
    const { d, claimOf } = await claimsOnHold();
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
    const { d, claimOf } = await claimsOnHold();
    const relayer = await relayerOf(d, { fees: { maxFeePerGasWei: 1n } });
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.failure).to.include({ code: "RelayFeeAboveCap", retry: "later" });
    expect(await mempool()).to.deep.equal([]);
    const { baseFeePerGas } = (await d.provider.getBlock("latest"))!;
    const fees = { maxFeePerGasWei: 2n * baseFeePerGas! + 2n, priorityFeePerGasWei: 1n };
    const tight = await relayerOf(d, { fees, timing: { ...TIMING, stuckAfterMs: 1 } });
    const late = await tight.claim(claimOf(1));
    for (let look = 0; look < 3; look++) {
      await tight.advance();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const [part] = (await tight.status(late)).parts;
    expect(part).to.include({ phase: "sent", variants: 1 });
    expect(part?.failure).to.include({ code: "RelayFeeAboveCap", retry: "later" });
    expect(await mempool()).to.deep.equal([part?.hash]);
  });

  it("what the contracts would refuse by now gives its nonce to a transfer of nothing", async () => {
    const { d, claimOf } = await claimsOnHold();
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
    const { d, claimOf } = await claimsOnHold();
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

  it("a transaction counts only with its confirmations; one that a reorganisation takes back is sent again", async () => {
    const { d, claimOf } = await claimsOnHold();
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
