import { expect } from "chai";
import fc from "fast-check";
import * as sdk from "@yellowstone-compute/sdk";
import { concat } from "ethers";
import { payoutOf } from "../actions/fixture.js";
import {
  credited,
  eventsOf,
  LIMITS,
  networkHelpers,
  PAYER,
  relayerOf,
  world,
  sentBy,
  settle,
  through,
} from "./world.js";

/** Pieces of a claim, cut down to single providers. */
function pieces(claim: Uint8Array): Uint8Array[] {
  const halves = sdk.splitClaim(claim);
  return halves === undefined ? [claim] : halves.flatMap(pieces);
}

describe("relayer: claims in parts", () => {
  it("splitClaim: any claim falls into claims of one provider, each as the tree itself would write it", () => {
    const lanes = fc.array(fc.bigInt(0n, (1n << 40n) - 1n), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(lanes, fc.array(fc.nat(79), { minLength: 1, maxLength: 40 }), (amounts, picked) => {
        const tree = sdk.LedgerTree.from(amounts);
        const ids = [...new Set(picked.map((id) => id % amounts.length))].sort((a, b) => a - b);
        const claim = sdk.buildClaim(tree, ids);
        expect(sdk.packProven(sdk.unpackClaim(claim)), "packed as it was").to.deep.equal(claim);
        expect([...sdk.claimedIds(claim)].sort((a, b) => a - b)).to.deep.equal(ids);
        const single = pieces(claim).map((piece) => [sdk.claimedIds(piece), piece] as const);
        expect(single.map(([[id]]) => id).sort((a, b) => Number(a) - Number(b))).to.deep.equal(ids);
        for (const [[id], piece] of single) expect(piece, `provider ${id}`).to.deep.equal(sdk.buildClaim(tree, [id!]));
      }),
      { numRuns: 150 },
    );
  });

  it("a claim too large for a transaction goes in several, by gas and by size; everyone is paid once", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const amounts = Array.from({ length: 12 }, (_, i) => BigInt(i + 1));
    const { seq, tree } = await credited(d, amounts);
    for (const [limits, ids] of [
      [{ ...LIMITS, maxGas: 200_000 }, [0, 1, 2, 3, 4, 5]],
      [{ ...LIMITS, maxBytes: 420 }, [6, 7, 8, 9, 10, 11]],
    ] as const) {
      const relayer = await relayerOf(d, { limits });
      const id = await relayer.claim(sdk.claimFor(seq, tree, ids));
      await settle(relayer);
      const { parts, items, phase } = await relayer.status(id);
      expect(phase).to.equal("done");
      expect(parts.length).to.be.greaterThan(1);
      expect(
        items.map((each) => [each.item, each.phase, each.paidUMor]).sort((a, b) => Number(a[0]) - Number(b[0])),
      ).to.deep.equal(ids.map((each) => [BigInt(each), "done", BigInt(each + 1)]));
    }
    for (const { hash } of await sentBy(d.provider, PAYER.address)) {
      const transaction = (await d.provider.getTransaction(hash))!;
      expect((transaction.data.length - 2) / 2 <= 220 || transaction.gasLimit <= 200_000n).to.equal(true);
    }
  });

  it("one bad range does not keep the others back: it is cut out, and reported", async () => {
    const { d, token } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    const lying = sdk.LedgerTree.from(tree.lanes(0, 3));
    lying.apply(new Map([[5, 1n]]));
    const ranges = concat([
      sdk.buildClaim(tree, [0, 2]),
      sdk.buildClaim(lying, [5]),
      sdk.buildClaim(tree, [7]),
    ]) as sdk.Hex;
    const relayer = await relayerOf(d);
    const id = await relayer.claim({ seq, ranges });
    await settle(relayer);
    const { items, phase } = await relayer.status(id);
    expect(phase).to.equal("failed");
    expect(items.map((each) => [each.item, each.phase])).to.deep.equal([
      [0n, "done"],
      [2n, "done"],
      [5n, "failed"],
      [7n, "done"],
    ]);
    expect(items[2]?.failure?.code).to.equal("LedgerRootMismatch");
    expect(await token.balanceOf(payoutOf(5))).to.equal(0n);
    const sent = await sentBy(d.provider, PAYER.address);
    expect(
      sent.every(({ status }) => status === 1),
      "nothing that fails is sent",
    ).to.equal(true);
  });

  it("goes in several where a block holds less than is allowed", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n, 3n, 4n]);
    const narrow = through(d, (own) => ({
      getBlock: async (tag: string, full?: boolean) => {
        const block = await own.getBlock(tag, full);
        return block && (Object.create(block, { gasLimit: { value: 150_000n } }) as object);
      },
    }));
    const relayer = await relayerOf(narrow);
    const id = await relayer.claim(sdk.claimFor(seq, tree, [0, 1, 2, 3]));
    await settle(relayer);
    const { parts, phase } = await relayer.status(id);
    expect(phase).to.equal("done");
    expect(parts.length).to.be.greaterThan(1);
    for (const { hash } of parts) {
      expect((await d.provider.getTransaction(hash!))!.gasLimit <= 150_000n, "within a block").to.equal(true);
    }
  });

  it("what cannot be divided any more and does not fit is not sent, and says so", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [1n, 2n, 3n]);
    const relayer = await relayerOf(d, { limits: { ...LIMITS, maxGas: 10_000 } });
    const id = await relayer.claim(sdk.claimFor(seq, tree, [0]));
    await settle(relayer);
    expect((await relayer.status(id)).parts[0]?.failure?.code).to.equal("RelayTooLarge");
    expect(await eventsOf(d, sdk.claimedEvent)).to.deep.equal([]);
  });

  it("waits until a claim is worth its fee", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const { seq, tree } = await credited(d, [2_000_000n, 3_000_000n]);
    const args = sdk.claimFor(seq, tree, [0, 1]);
    const price = await sdk.claim.simulate(d, args);
    expect(price).to.equal(5n * 10n ** 18n);
    const poor = await relayerOf(d, { fees: { profit: { weiPerMor: 1n } } });
    const id = await poor.claim(args);
    await settle(poor, 4);
    expect((await poor.status(id)).parts[0]).to.include({ phase: "waiting" });
    expect((await poor.status(id)).parts[0]?.failure).to.include({ code: "RelayUnprofitable", retry: "later" });
    expect(await sentBy(d.provider, PAYER.address)).to.deep.equal([]);
    const rich = await relayerOf(d, { fees: { profit: { weiPerMor: 10n ** 18n, percent: 300 } } });
    const worth = await rich.claim(args);
    await settle(rich);
    expect((await rich.status(worth)).phase).to.equal("done");
  });
});
