import { expect } from "chai";
import fc from "fast-check";
import * as sdk from "@yellowstone-compute/sdk";
import { ACTIVATION_DELAY, attestationOf, deployWithProviders, networkHelpers, payoutOf } from "../actions/fixture.js";
import { caughtUp } from "./world.js";

const PROVIDERS = 70;
const MOR = 10n ** 18n;
/** 20 gwei; 1 ether is worth 2,000 MOR: 1,000 gas are 0.04 MOR. */
const fee: sdk.ClaimFee = { gasPriceWei: 20n * 10n ** 9n, morPerEtherWei: 2_000n * MOR };
const feeOf = (gas: bigint) => (gas * fee.gasPriceWei * fee.morPerEtherWei) / MOR;

/** Everyone has credits, most are paid once, then everyone is credited again. */
async function fleet() {
  const suite = await deployWithProviders(PROVIDERS, { arrivedMor: 100_000n, dailyMor: 100_000n });
  const { d, token } = suite;
  const ids = Array.from({ length: PROVIDERS }, (_, id) => id);
  for (const id of ids) await token.mint(payoutOf(id), 1n);
  let tree = sdk.LedgerTree.empty();
  for (const round of [1n, 2n]) {
    const { post, after } = await attestationOf(
      d,
      tree,
      new Map(ids.map((id) => [id, round * BigInt(1_000_000 * (id + 1))])),
    );
    tree = after;
    await sdk.postAttestation.sendAndWait(d, post);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    if (round === 1n) await sdk.claim.sendAndWait(d, sdk.claimFor(1n, tree, ids.slice(0, 64)));
  }
  await networkHelpers.mine();
  return { ...suite, ids };
}

describe("claim plans", () => {
  it("pay exactly what they say, at nearly the gas they say, one, few or all", async () => {
    for (const ids of [[3], [9, 10], [0, 17, 18, 19, 40], [65, 69], Array.from({ length: PROVIDERS }, (_, id) => id)]) {
      const { d, token } = await networkHelpers.loadFixture(fleet);
      const { history } = await caughtUp(d);
      const plan = sdk.planClaims(ids, history, { fee });
      expect(plan.calls).to.have.length(1);
      const [call] = plan.calls;
      const before = await Promise.all(ids.map((id) => token.balanceOf(payoutOf(id))));
      const { outcome, receipt } = await sdk.claim.sendAndWait(d, call!.args);
      expect(outcome.paidUMor).to.equal(call!.dueUMor);
      const gas = Number(receipt.gasUsed);
      expect(call!.gas, `${ids.length} providers`).to.be.within(0.96 * gas, 1.04 * gas);
      expect(call!.bytes).to.be.at.least((sdk.claim.call(d, call!.args).data.length - 2) / 2);
      expect(plan.netWei).to.equal(call!.dueUMor * 10n ** 12n - plan.feeWei);
      for (const [i, id] of ids.entries()) {
        const paid = (await token.balanceOf(payoutOf(id))) - before[i]!;
        expect(paid, `provider ${id}`).to.equal(history.account(id).claimableUMor * 10n ** 12n);
      }
    }
  });

  it("join neighbours where that is cheaper than another path, and are never dearer than one range each", async () => {
    const { d } = await networkHelpers.loadFixture(fleet);
    const { history } = await caughtUp(d);
    // Lane 0 of one word and lane 1 of the next one: two paths, or one with two more providers looked at.
    const plan = sdk.planClaims([8, 13], history);
    const apart = await d.compute.claim.estimateGas(history.activeSeq, sdk.buildClaim(history.activeTree, [8, 13]));
    const chosen = await d.compute.claim.estimateGas(history.activeSeq, plan.calls[0]!.args.ranges);
    expect(chosen <= apart, `${chosen} and ${apart} gas`).to.equal(true);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(PROVIDERS - 1), { minLength: 1, maxLength: 30 }), async (ids) => {
        const { calls } = sdk.planClaims(ids, history);
        const naive = sdk.buildClaim(history.activeTree, ids);
        const [own, other] = await Promise.all(
          [calls[0]!.args.ranges, naive].map((ranges) => d.compute.claim.estimateGas(history.activeSeq, ranges)),
        );
        expect(Number(own!)).to.be.at.most(1.02 * Number(other!));
        expect([...calls[0]!.ids].map(Number)).to.deep.equal(ids.sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });

  it("leave out who is not worth the gas, and whole transactions below the threshold", async () => {
    const { d } = await networkHelpers.loadFixture(fleet);
    const { history } = await caughtUp(d);
    const all = Array.from({ length: PROVIDERS }, (_, id) => id);
    // Due is 2 MOR times id + 1: at 0.04 MOR for 1,000 gas the first are worth less than their 13k gas cost in a batch.
    const dear = { ...fee, gasPriceWei: 40n * fee.gasPriceWei };
    const { calls, left } = sdk.planClaims(all, history, { fee: dear });
    const out = left.map(({ id }) => Number(id));
    expect(out.length).to.be.within(4, 12);
    expect(out).to.deep.equal(all.slice(0, out.length));
    expect(left.every(({ reason }) => reason === "belowFee")).to.equal(true);
    expect(calls[0]!.others).to.deep.equal([]);
    // One more would cost more than it brings, one less would bring less.
    const net = (ids: readonly number[]) => {
      const due = ids.reduce((sum, id) => sum + history.account(id).claimableUMor, 0n) * 10n ** 12n;
      const gas = BigInt(Math.ceil(sdk.planClaims(ids, history).calls[0]!.gas));
      return due - 40n * feeOf(gas);
    };
    expect(net(all.slice(out.length)) >= net(all.slice(out.length - 4))).to.equal(true);
    expect(net(all.slice(out.length)) >= net(all.slice(out.length + 4))).to.equal(true);
    const [call] = calls;
    expect(sdk.planClaims(all, history, { fee: dear, minNetWei: call!.netWei }).calls).to.have.length(1);
    const none = sdk.planClaims(all, history, { fee: dear, minNetWei: call!.netWei + 1n });
    expect(none).to.deep.include({ calls: [], dueUMor: 0n, feeWei: 0n, netWei: 0n });
    expect(none.left).to.have.length(PROVIDERS);
    expect(sdk.planClaims([0], history, { fee: dear }).left[0]).to.include({ reason: "belowFee", dueUMor: 2_000_000n });
  });

  it("fill transactions up to the limits of the chain, and every one of them pays", async () => {
    const { d } = await networkHelpers.loadFixture(fleet);
    const { history } = await caughtUp(d);
    const all = Array.from({ length: PROVIDERS }, (_, id) => id);
    for (const limits of [
      { maxBytes: 131_072, maxGas: 400_000 },
      { maxBytes: 450, maxGas: 16_777_216 },
    ]) {
      const plan = sdk.planClaims(all, history, { limits });
      expect(plan.calls.length).to.be.greaterThan(1);
      expect(plan.left).to.deep.equal([]);
      for (const { gas, bytes, args } of plan.calls) {
        expect(gas).to.be.at.most(limits.maxGas);
        expect(bytes).to.be.at.most(limits.maxBytes);
        expect(await sdk.claim.simulate(d, args)).to.not.equal(0n);
      }
      expect(plan.calls.flatMap(({ ids }) => ids)).to.have.length(PROVIDERS);
    }
  });

  it("are sent one by one: what somebody else has claimed is done, what fails is named", async () => {
    const { d, asStranger } = await networkHelpers.loadFixture(fleet);
    const client = await sdk.createProvider({ deployment: d, ids: Array.from({ length: PROVIDERS }, (_, id) => id) });
    await client.sync();
    const plan = client.plan({ limits: { maxBytes: 131_072, maxGas: 400_000 } });
    const [first, second] = plan.calls;
    await sdk.claim.sendAndWait(asStranger, first!.args);
    const broken = { ...second!, args: { ...second!.args, seq: 77n } };
    const results = await client.claim({ calls: [first!, broken, ...plan.calls.slice(1)] });
    expect(results.map(({ status }) => status)).to.deep.equal([
      "alreadyClaimed",
      "failed",
      ...plan.calls.slice(1).map(() => "claimed"),
    ]);
    expect((results[1] as { error: unknown }).error).to.be.instanceOf(sdk.LedgerAttestationUnknown);
    const gone = Object.assign(new Error("connection refused"), { code: "NETWORK_ERROR" });
    const lost = { ...d, provider: { call: () => Promise.reject(gone) } } as unknown as sdk.Deployment;
    const [failed, ...others] = await sdk.claimAll(lost, plan);
    expect((failed as { error: unknown }).error).to.be.instanceOf(sdk.ChainRequestFailed);
    expect(others, "the rest is left alone without a node").to.deep.equal([]);
    await client.sync();
    expect(client.plan().left.every(({ reason }) => reason === "nothingDue")).to.equal(true);
    expect(client.plan().calls).to.deep.equal([]);
    expect(await client.claim(plan, { signal: AbortSignal.abort() })).to.deep.equal([]);
  });
});
