import { expect } from "chai";
import { FallbackProvider, JsonRpcProvider, Transaction, type TransactionReceipt } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { serve } from "../../utils/face.js";
import {
  claimsOnHold,
  credited,
  ethers,
  eventsOf,
  mine,
  networkHelpers,
  PAYER,
  relayerOf,
  sentBy,
  settle,
  through,
  TIMING,
  world,
  type Verbs,
} from "./world.js";

/** Refuse the first transactions in these words, one after the other. */
const refusing = (words: readonly string[], refused: string[] = []) => {
  const left = [...words];
  return (own: JsonRpcProvider): Verbs => ({
    broadcastTransaction: (raw: string) => {
      const message = left.shift();
      if (message === undefined) return own.broadcastTransaction(raw);
      refused.push(raw);
      return Promise.reject(Object.assign(new Error(message), { error: { message } }));
    },
  });
};

describe("relayer: a node with a mind of its own", () => {
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));

  it("asks again for a receipt that lacks the events of its own call", async () => {
    const { d, claimOf } = await claimsOnHold();
    let isWhole = false;
    const bare = async (own: JsonRpcProvider, hash: string) => {
      const receipt = await own.getTransactionReceipt(hash);
      if (isWhole || receipt === null) return receipt;
      return Object.create(receipt, { logs: { value: [] } }) as TransactionReceipt;
    };
    const relayer = await relayerOf(
      through(d, (own) => ({ getTransactionReceipt: (hash: string) => bare(own, hash) })),
    );
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    await mine();
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]).to.include({ phase: "sent" });
    expect((await relayer.status(id)).parts[0]?.failure?.code).to.equal("EventMissing");
    isWhole = true;
    await relayer.advance();
    expect((await relayer.status(id)).items).to.deep.equal([{ item: 0n, phase: "done", paidUMor: 1n }]);
  });

  it("a nonce that is used is freed only when it is shown by what, signed by the sender", async () => {
    const { d, claimOf } = await claimsOnHold();
    const fields = { type: 2, nonce: 0, gasLimit: 21_000n, to: PAYER.address };
    const foreign = Transaction.from(await PAYER.signTransaction({ ...fields, chainId: 1n }));
    let shows: "nothing" | "another chain's" | "all" = "nothing";
    const blockOf = async (own: JsonRpcProvider, tag: string, full?: boolean) => {
      const block = await own.getBlock(tag, full);
      if (block === null || full !== true || shows === "all") return block;
      return Object.create(block, {
        prefetchedTransactions: { value: shows === "nothing" ? [] : [foreign] },
      }) as object;
    };
    const relayer = await relayerOf(
      through(d, (own) => ({ getBlock: (tag: string, full?: boolean) => blockOf(own, tag, full) })),
    );
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    await ethers.provider.send("hardhat_dropTransaction", [(await relayer.status(id)).parts[0]!.hash]);
    await PAYER.connect(d.provider).sendTransaction({ to: PAYER.address, nonce: 0 });
    await mine();
    for (shows of ["nothing", "another chain's"] as const) {
      await relayer.advance();
      const [part] = (await relayer.status(id)).parts;
      expect(part, shows).to.include({ phase: "sent", nonce: 0 });
      expect(part?.failure, shows).to.include({ code: "RelayNonceUncertain", retry: "later" });
    }
    shows = "all";
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.nonce).to.equal(1);
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
  });

  it("a transaction that is too cheap is replaced at once, at the same nonce", async () => {
    const { d, claimOf } = await claimsOnHold();
    const refused: string[] = [];
    const relayer = await relayerOf(through(d, refusing(["transaction underpriced"], refused)));
    const id = await relayer.claim(claimOf(0));
    await relayer.advance();
    await relayer.advance();
    const { nonce, variants, hash } = (await relayer.status(id)).parts[0]!;
    expect([nonce, variants]).to.deep.equal([0, 2]);
    const [cheap, better] = [ethers.Transaction.from(refused[0]), await d.provider.getTransaction(hash!)];
    expect(better!.maxFeePerGas! * 100n >= cheap.maxFeePerGas! * 110n, "a tenth more").to.equal(true);
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
  });

  it("what it refuses three times gives way to something else; what lacks funds waits for them", async () => {
    const { d, claimOf } = await claimsOnHold();
    const words = ["insufficient funds for gas", "insufficient funds for gas", "bad", "bad", "bad"];
    const relayer = await relayerOf(through(d, refusing(words)));
    const id = await relayer.claim(claimOf(0));
    for (let look = 0; look < words.length; look++) {
      await relayer.advance();
      const [part] = (await relayer.status(id)).parts;
      expect(part, `look ${look}`).to.include({ phase: "sent", nonce: 0, variants: 1 });
      expect(part?.failure?.message).to.include(words[look]);
    }
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]?.variants).to.equal(2);
    await mine();
    await settle(relayer);
    expect((await relayer.status(id)).phase).to.equal("done");
    expect(await sentBy(d.provider, PAYER.address)).to.have.length(1);
  });

  it("a call that passes and whose transactions fail five times is given up, and divided where it can be", async () => {
    const { d, claimOf } = await claimsOnHold();
    // It estimates so little that transactions run out of gas, whatever is added to it.
    const lying = through(d, (own) => ({
      send: (method: string, params: unknown[]) => {
        if (method !== "eth_estimateGas") return own.send(method, params);
        const [{ data }] = params as [{ data: string }];
        return Promise.resolve(`0x${(21_000 + 16 * (data.length / 2)).toString(16)}`);
      },
    }));
    const relayer = await relayerOf(lying, { limits: { confirmations: 1, gasMarginPercent: 0 } });
    const id = await relayer.claim(claimOf(0, 1));
    for (let look = 0; look < 80 && (await relayer.status(id)).endedAtMs === undefined; look++) {
      await relayer.advance();
      await mine();
      await new Promise((resolve) => setTimeout(resolve, 6));
    }
    const { parts, phase } = await relayer.status(id);
    expect(phase).to.equal("failed");
    expect(parts.map(({ items }) => items)).to.deep.equal([[0n], [1n]]);
    expect(parts.map(({ failure }) => failure?.code)).to.deep.equal(["TransactionReverted", "TransactionReverted"]);
    const sent = await sentBy(d.provider, PAYER.address);
    expect(
      sent.map(({ status }) => status),
      "five of the whole, five of each half",
    ).to.deep.equal(Array<number>(15).fill(0));
    expect(await eventsOf(d, sdk.claimedEvent)).to.deep.equal([]);
  });

  it("one that shows no block, or counts otherwise each time, is believed in nothing", async () => {
    const { d, claimOf } = await claimsOnHold();
    let isBlind = true;
    let counted = 0;
    const strange = through(d, (own) => ({
      getBlock: (tag: string, full?: boolean) =>
        isBlind && tag === "latest" ? Promise.resolve(null) : own.getBlock(tag, full),
      getTransactionCount: () => Promise.resolve(counted++),
    }));
    const relayer = await relayerOf(strange, { timing: { ...TIMING, attempts: 2 } });
    const id = await relayer.claim(claimOf(0));
    const blind = await relayer.advance().catch((reason: unknown) => reason);
    expect(blind)
      .to.be.instanceOf(sdk.ChainRequestFailed)
      .and.have.property("message")
      .that.includes("no latest block");
    isBlind = false;
    await relayer.advance();
    expect((await relayer.status(id)).parts[0]).to.include({ phase: "waiting", variants: 0 });
    expect((await relayer.status(id)).parts[0]?.failure?.message).to.match(/counts \d+ transactions, then \d+/);
  });

  it("a chain without a base fee is paid by one price", async () => {
    const { d, claimOf } = await claimsOnHold();
    const plain = through(d, (own) => ({
      getBlock: async (tag: string, full?: boolean) => {
        const block = await own.getBlock(tag, full);
        return block && (Object.create(block, { baseFeePerGas: { value: null } }) as object);
      },
    }));
    const relayer = await relayerOf(plain);
    const id = await relayer.claim(claimOf(0));
    const { gasPrice } = await d.provider.getFeeData();
    await relayer.advance();
    await mine();
    await settle(relayer);
    const [part] = (await relayer.status(id)).parts;
    expect(part?.phase).to.equal("done");
    expect(await d.provider.getTransaction(part!.hash!)).to.include({ type: 0, gasPrice });
  });

  it("needs no requests of its own: one of several nodes, through ethers' FallbackProvider", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [4n]);
    const face = await serve((method, params) => ethers.provider.send(method, [...params]));
    const node = new JsonRpcProvider(face.url, 31_337, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    const several = new FallbackProvider([node], 31_337, { quorum: 1, cacheTimeout: -1 });
    try {
      const far = await sdk.connect({ runner: several, addresses: d.addresses });
      const relayer = await relayerOf(far);
      const id = await relayer.claim(sdk.claimFor(seq, tree, [0]));
      await settle(relayer);
      expect((await relayer.status(id)).items).to.deep.equal([{ item: 0n, phase: "done", paidUMor: 4n }]);
    } finally {
      await several.destroy();
      node.destroy();
      await face.stop();
    }
  });
});
