import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage } from "@yellowstone-compute/sdk/journal";
import {
  attestationOf,
  claimsOnHold,
  ethers,
  eventsOf,
  mempool,
  mine,
  PAYER,
  relayerOf,
  sentBy,
  settle,
  TIMING,
} from "./world.js";

describe("relayer: gaps between nonces", () => {
  afterEach(() => ethers.provider.send("evm_setAutomine", [true]));

  /** Two claims that wait at the nonces 1 and 2, while nothing uses the nonce 0. */
  async function gap() {
    const { d, claimOf } = await claimsOnHold();
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
    return { d, taken, first, second };
  }

  it("a gap left by a lost store is closed: the waiting transaction above it gets through", async () => {
    const { d, taken, first, second } = await gap();
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

  it("what closes a gap is replaced too when no block takes it, and is in nobody's way", async () => {
    const { d, taken } = await gap();
    const { post } = await attestationOf(d, (await sdk.rebuildLedger(d)).tree, new Map([[5, 9n]]));
    for (let look = 0; look < 4; look++) {
      await taken.advance();
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const id = await taken.post(post);
    await taken.advance();
    expect((await taken.status(id)).parts[0]).to.include({ phase: "sent", nonce: 3 });
    await mine();
    await settle(taken);
    expect((await taken.jobs()).map(({ phase }) => phase)).to.deep.equal(["done", "done", "done"]);
    const [filler] = await sentBy(d.provider, PAYER.address);
    const { to, maxFeePerGas } = (await d.provider.getTransaction(filler!.hash))!;
    expect(to).to.equal(PAYER.address);
    const { maxFeePerGas: first } = await d.provider.getFeeData();
    expect(maxFeePerGas! > first!, "it was raised more than once").to.equal(true);
  });
});
