import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { deploySuite, ethers, failureOf, metadata, networkHelpers } from "./fixture.js";

/** Until a transaction waits for a block. */
async function waitsForBlock(): Promise<void> {
  while (((await ethers.provider.send("eth_pendingTransactions", [])) as unknown[]).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const mine = () => ethers.provider.send("evm_mine", []);

describe("actions: a transaction on its way", () => {
  beforeEach(() => ethers.provider.send("evm_setAutomine", [false]));
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));
  /** A suite in which nothing is mined by itself. */
  async function still() {
    await ethers.provider.send("evm_setAutomine", [true]);
    const suite = await networkHelpers.loadFixture(deploySuite);
    await ethers.provider.send("evm_setAutomine", [false]);
    return suite;
  }

  it("is given up after a while, and may still be mined", async () => {
    const { d } = await still();
    const sent = await sdk.intake.send(d, {});
    const nonce = await ethers.provider.getTransactionCount(sent.from);
    const failure = await failureOf(sdk.intake.sendAndWait(d, {}, { nonce: nonce + 1, timeoutMs: 50 }));
    expect(failure).to.be.instanceOf(sdk.TransactionUnconfirmed);
    expect((failure as sdk.TransactionUnconfirmed).data).to.include({ reason: "timeout" });
    await mine();
    expect((await ethers.provider.getTransactionReceipt(sent.hash))?.status).to.equal(1);
  });

  it("is not there yet for who does not wait", async () => {
    const { d } = await still();
    const failure = await failureOf(sdk.intake.sendAndWait(d, {}, { confirmations: 0 }));
    expect(failure).to.be.instanceOf(sdk.TransactionUnconfirmed);
    expect((failure as Error).message).to.include("not mined yet");
    await mine();
  });

  it("that ran out of gas failed for no reason of the contract's", async () => {
    const { d } = await still();
    const waiting = failureOf(sdk.intake.sendAndWait(d, {}, { gasLimit: 40_000n, timeoutMs: 20_000 }));
    await waitsForBlock();
    await mine();
    const failure = await waiting;
    expect(failure).to.be.instanceOf(sdk.TransactionReverted).and.not.have.property("cause");
    expect((failure as sdk.TransactionReverted).data.gasUsed).to.equal(40_000n);
  });

  it("that another one replaced is said to be", async () => {
    const { d, sender } = await still();
    const nonce = await ethers.provider.getTransactionCount(sender.address);
    const waiting = failureOf(sdk.intake.sendAndWait(d, {}, { nonce, maxFeePerGas: 10n ** 10n, timeoutMs: 20_000 }));
    await waitsForBlock();
    await sender.sendTransaction({
      to: sender.address,
      nonce,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 10n,
    });
    await mine();
    const failure = await waiting;
    expect(failure).to.be.instanceOf(sdk.TransactionUnconfirmed);
    expect((failure as sdk.TransactionUnconfirmed).data.reason).to.match(/replaced|cancelled/);
  });
});

describe("actions: a simulation", () => {
  it("runs on the block that is named", async () => {
    const { d, token } = await networkHelpers.loadFixture(deploySuite);
    const before = await ethers.provider.getBlockNumber();
    const amountWei = await sdk.intake.simulate(d, {});
    await (await token.mint(d.addresses.compute, 5n)).wait();
    expect(await sdk.intake.simulate(d, {}, { blockTag: before })).to.equal(amountWei);
    expect(await sdk.intake.simulate(d, {})).to.equal(amountWei + 5n);
  });

  it("and a call of arguments that fit no function name the argument", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const wrong = () => sdk.acceptOwner.call(d, { id: (2n ** 32n) as sdk.ProviderId });
    expect(wrong).to.throw(sdk.InvalidField, /acceptOwner/);
    const negative = () => sdk.approveBond.call(d, { bondWei: -1n as sdk.Wei });
    expect(negative).to.throw(sdk.InvalidField, /approveBond/);
    const owner = sdk.address(`0x${"5a".repeat(20)}`);
    const id = await sdk.registerProvider
      .simulate(d, { owner, payout: owner, bondWei: sdk.wei(1n), metadata })
      .catch((error: unknown) => error);
    expect(id, "a bond too small").to.be.instanceOf(sdk.YellowstoneError);
  });

  it("of a contract that is not there is no success", async () => {
    const { d, sender } = await networkHelpers.loadFixture(deploySuite);
    const elsewhere = { ...d, addresses: { ...d.addresses, compute: sdk.address(sender.address) } };
    expect(await failureOf(sdk.intake.simulate(elsewhere, {}))).to.be.instanceOf(sdk.YellowstoneError);
  });
});
