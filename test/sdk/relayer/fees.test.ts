import { expect } from "chai";
import { Contract, Transaction, concat, toBeHex, type ContractRunner, type Provider } from "ethers";
import { network } from "hardhat";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import { buildClaim } from "@yellowstone-compute/sdk/ledger";
import { readNitroL1Gas } from "../../../sdk/dist/relayer/dataFee.js";
import { bumpedPrice, expectedPrice, readGasPrice } from "../../../sdk/dist/relayer/fees.js";
import { fillerOf } from "../../../sdk/dist/relayer/prepare.js";
import { relaySettings } from "../../../sdk/dist/relayer/settings.js";
import { serve } from "../../utils/face.js";
import { failureOf } from "../actions/fixture.js";
import { deployAnywhere } from "./suite.js";
import { credited, ethers, LIMITS, networkHelpers, PAYER, relayerOf, settle, through, TIMING, world } from "./world.js";

const L1_BLOCK = "0x4200000000000000000000000000000000000015";
const ORACLE = "0x420000000000000000000000000000000000000F";
const ARB_SYS = "0x0000000000000000000000000000000000000064";
const NODE_INTERFACE = "0x00000000000000000000000000000000000000C8";
const GWEI = 10n ** 9n;

describe("relayer: fees", () => {
  it("a replacement offers a tenth more of both, rounded up, and never more than the cap", () => {
    const now = { maxFeePerGas: 21n, maxPriorityFeePerGas: 1n, hasBaseFee: true };
    expect(expectedPrice(now)).to.equal(11n);
    expect(bumpedPrice(now, undefined, { bumpPercent: 12 })).to.deep.equal(now);
    const before = { maxFeePerGas: 101n, maxPriorityFeePerGas: 3n };
    const bumped = bumpedPrice(now, before, { bumpPercent: 12 });
    expect(bumped).to.deep.equal({ maxFeePerGas: 114n, maxPriorityFeePerGas: 4n, hasBaseFee: true });
    expect(bumpedPrice(now, undefined, { bumpPercent: 12, maxFeePerGasWei: 15n }).maxFeePerGas).to.equal(15n);
    const cheap = { bumpPercent: 12, maxFeePerGasWei: 10n };
    expect(() => bumpedPrice(now, undefined, cheap)).to.throw(/gas costs \d+ wei, the cap is/);
    expect(() => bumpedPrice(now, before, { bumpPercent: 12, maxFeePerGasWei: 113n })).to.throw(
      /gas costs \d+ wei, the cap is/,
    );
    const plain = { maxFeePerGas: 7n, maxPriorityFeePerGas: 7n, hasBaseFee: false };
    expect(expectedPrice(plain)).to.equal(7n);
  });

  it("are read as the chain has them: two prices or one, and the policy's where the node says none", async () => {
    const told = (gasPrice: bigint | null, maxPriorityFeePerGas: bigint | null) =>
      ({ getFeeData: () => Promise.resolve({ gasPrice, maxPriorityFeePerGas }) }) as unknown as Provider;
    const read = async (provider: Provider, baseFee: bigint | null, policy = {}) => {
      const { maxFeePerGas, maxPriorityFeePerGas, hasBaseFee } = await readGasPrice(provider, baseFee, policy);
      return [maxFeePerGas, maxPriorityFeePerGas, hasBaseFee];
    };
    expect(await read(told(9n, 3n), 10n)).to.deep.equal([23n, 3n, true]);
    expect(await read(told(9n, 3n), 10n, { priorityFeePerGasWei: 5n })).to.deep.equal([25n, 5n, true]);
    expect(await read(told(9n, null), 10n)).to.deep.equal([20n, 0n, true]);
    expect(await read(told(9n, null), null)).to.deep.equal([9n, 9n, false]);
    expect(await read(told(null, null), null, { priorityFeePerGasWei: 5n })).to.deep.equal([5n, 5n, false]);
    expect(await read(told(null, null), null)).to.deep.equal([1n, 1n, false]);
  });

  it("a filler pays one price where there is one, and on Nitro for L1 within its gas", () => {
    const gasPrice = { maxFeePerGas: 7n, maxPriorityFeePerGas: 7n, hasBaseFee: false };
    const view = { blockNumber: 1, blockGas: 30_000_000n, timestamp: 1n, gasPrice, dataFee: "nitro" } as const;
    const d = { chainId: 42_161n } as sdk.Deployment;
    const filler = fillerOf({ d, sender: sdk.address(PAYER.address), settings: relaySettings(), view }, 3);
    expect(filler).to.include({ type: 0, gasPrice: 7n, gasLimit: 210_000n, nonce: 3, to: PAYER.address, value: 0n });
  });

  it("functions that a chain lacks cost nothing; a node that fails is another thing", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const call = { to: PAYER.address, data: "0x01" };
    const face = await serve((method, params) => ethers.provider.send(method, [...params]));
    const node = sdk.relayProvider(face.url, d.chainId);
    await networkHelpers.setCode(ORACLE, answering("0x49948e0e", 500n));
    expect(await sdk.readOpDataFee(node, "0x02", 21_000n)).to.deep.equal({ feeWei: 500n, mostWei: 500n });
    await networkHelpers.setCode(NODE_INTERFACE, constantCode([30n, 20n, 10n, 1n]));
    expect(await readNitroL1Gas(node, call)).to.equal(20n);
    expect(await sdk.readNitroDataGas(node, call)).to.equal(30n);
    expect(await sdk.readNitroDataGas(node, { data: "0x6000" }), "without a receiver").to.equal(30n);
    await networkHelpers.setCode(NODE_INTERFACE, "0xfe");
    expect(await readNitroL1Gas(node, call)).to.equal(0n);
    expect(await sdk.readNitroDataGas(node, call)).to.equal(0n);
    const dead = sdk.relayProvider("http://127.0.0.1:1", 31_337);
    expect(await failureOf(readNitroL1Gas(dead, call))).to.have.property("code", "ECONNREFUSED");
    expect(await failureOf(sdk.readOpDataFee(dead, "0x02", 1n))).to.have.property("code", "ECONNREFUSED");
    for (const each of [dead, node]) each.destroy();
    await face.stop();
  });

  it("a node that finds no funds where there are enough is told, and nobody is called poor", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n]);
    let isWrong = true;
    const odd = through(d, (own) => ({
      send: (method: string, params: unknown[]) =>
        isWrong && method === "eth_estimateGas"
          ? Promise.reject(Object.assign(new Error("insufficient funds for transfer"), { code: -32_000 }))
          : own.send(method, params),
    }));
    const relayer = await relayerOf(odd);
    const id = await relayer.claim(sdk.claimFor(seq, tree, [0]));
    await relayer.advance();
    const { failure } = (await relayer.status(id)).parts[0]!;
    expect(failure).to.include({ code: "ChainRequestFailed" });
    expect(failure?.message).to.include("insufficient funds");
    isWrong = false;
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
  });

  it("OP stack: the L1 data fee is foreseen, weighed, and reported as it was charged", async () => {
    const { ethers, helpers, d, seq, tree } = await opWorld();
    const word = (value: bigint) => toBeHex(value, 32);
    await helpers.setStorageAt(L1_BLOCK, 1, word(5_000n * GWEI));
    await helpers.setStorageAt(L1_BLOCK, 7, word(1_000n * GWEI));
    await helpers.setStorageAt(L1_BLOCK, 3, word((2269n << 96n) | (1_055_762n << 64n)));
    const ranges = buildClaim(tree, [0]);
    const options = { sender: PAYER, deployment: d, timing: TIMING, limits: LIMITS };
    const store = createMemoryStorage();
    // 1 MOR is due. Gas alone would be a small part of this; the data is what makes it not worth it.
    const l1FeeWei = await l1FeeOf(ethers.provider, sdk.claim.call(d, { seq, ranges }));
    expect(l1FeeWei).to.be.greaterThan(10n ** 12n);
    const weigh = async (weiPerMor: bigint) => {
      const relayer = await sdk.createRelayer({
        ...options,
        store: createMemoryStorage(),
        fees: { profit: { weiPerMor } },
      });
      const id = await relayer.claim({ seq, ranges });
      await relayer.advance();
      return (await relayer.status(id)).parts[0]!;
    };
    const { failure } = await weigh(l1FeeWei);
    expect(failure?.code).to.equal("RelayUnprofitable");
    const feeWei = BigInt(/the fee is (\d+) wei/.exec(failure!.message)![1]!);
    expect(feeWei > l1FeeWei, "data and gas").to.equal(true);
    const before = await ethers.provider.getBalance(PAYER.address);
    const relayer = await sdk.createRelayer({ ...options, store });
    const id = await relayer.claim({ seq, ranges });
    await settle(relayer);
    const { result } = (await relayer.status(id)).parts[0]!;
    const spent = before - (await ethers.provider.getBalance(PAYER.address));
    expect(result?.feeWei, "what the sender paid, to the wei").to.equal(spent);
    expect(spent > l1FeeWei - l1FeeWei / 50n).to.equal(true);
    // What was foreseen is near what was paid: the oracle's figure is for the very bytes that were sent.
    expect(feeWei > spent - spent / 20n && feeWei < spent + spent / 20n, `${feeWei} for ${spent}`).to.equal(true);
  });

  it("OP stack: a sender that cannot pay the data fee on top of its gas waits for funds", async () => {
    const { helpers, d, seq, tree } = await opWorld();
    await helpers.setStorageAt(L1_BLOCK, 1, toBeHex(50_000_000n * GWEI, 32));
    await helpers.setStorageAt(L1_BLOCK, 3, toBeHex(2269n << 96n, 32));
    await helpers.setBalance(PAYER.address, 10n ** 16n);
    const store = createMemoryStorage();
    const relayer = await sdk.createRelayer({ sender: PAYER, deployment: d, timing: TIMING, limits: LIMITS, store });
    const id = await relayer.claim({ seq, ranges: buildClaim(tree, [0]) });
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.failure).to.include({ code: "RelaySenderPoor", retry: "later" });
    await helpers.setBalance(PAYER.address, 10n ** 20n);
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
  });

  it("Nitro: gas that pays for L1 is the node's to know, and does not count against the limit of a transaction", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n]);
    // As Nitro shows itself: code at ArbSys, and a node interface that says how much of the estimate is for L1.
    const components = [900_000n, 850_000n, GWEI, 20n * GWEI];
    await networkHelpers.setCode(ARB_SYS, "0xfe");
    await networkHelpers.setCode(NODE_INTERFACE, constantCode(components));
    const ranges = buildClaim(tree, [0, 1]);
    const estimate = await d.provider.estimateGas({ ...sdk.claim.call(d, { seq, ranges }), from: PAYER.address });
    const limits = { ...LIMITS, maxGas: 50_000 };
    const relayer = await relayerOf(d, { limits });
    const id = await relayer.claim({ seq, ranges });
    await settle(relayer);
    const status = await relayer.status(id);
    expect(status.phase, JSON.stringify(status.parts[0]?.failure)).to.equal("done");
    expect(status.parts, "in one transaction").to.have.length(1);
    const sent = await d.provider.getTransaction(status.parts[0]!.hash!);
    expect(sent!.gasLimit > estimate && sent!.gasLimit <= 900_000n).to.equal(true);
    // A node of another kind does not know the interface: the whole estimate counts then.
    await networkHelpers.setCode(NODE_INTERFACE, "0xfe");
    const plain = await relayerOf(d, { limits, store: createMemoryStorage() });
    const late = await plain.claim({ seq, ranges: buildClaim(tree, [0]) });
    await settle(plain);
    expect((await plain.status(late)).items[0]?.phase).to.equal("already");
  });
});

/** An OP-stack chain with a provider that is due 1 MOR, and a payer that has coins. */
async function opWorld() {
  const { ethers, networkHelpers: helpers } = await network.create("op");
  const [signer] = await ethers.getSigners();
  const suite = await deployAnywhere(signer!, [1_000_000n], async (seconds) => {
    await helpers.time.increase(seconds);
    await helpers.mine();
  });
  await helpers.setBalance(PAYER.address, 10n ** 20n);
  return { ethers, helpers, ...suite };
}

/** Code that answers the calls of one function with a word, and reverts for all others. */
function answering(selector: string, word: bigint): string {
  const jump = concat(["0x5f3560e01c63", selector, "0x14601157", "0x5f5ffd"]);
  return concat([jump, "0x5b", "0x7f", toBeHex(word, 32), "0x5f52", "0x60205ff3"]);
}

/** Code that answers every call with these words. */
function constantCode(words: readonly bigint[]): string {
  const stores = words.map((word, i) => concat(["0x7f", toBeHex(word, 32), "0x60", toBeHex(i * 32, 1), "0x52"]));
  return concat([...stores, "0x60", toBeHex(words.length * 32, 1), "0x6000f3"]);
}

/** What the oracle of the chain says of a transaction with this data. */
async function l1FeeOf(provider: ContractRunner, call: sdk.UnsignedCall): Promise<bigint> {
  const { unsignedSerialized } = Transaction.from({ ...call, type: 2, chainId: 31_337n, nonce: 0, gasLimit: 100_000n });
  const abi = ["function getL1Fee(bytes) view returns (uint256)"];
  const oracle = new Contract("0x420000000000000000000000000000000000000F", abi, provider);
  return (await oracle.getFunction("getL1Fee")(unsignedSerialized)) as bigint;
}
