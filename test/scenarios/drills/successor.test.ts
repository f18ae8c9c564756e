import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { ACTIVATION_DELAY, ethers, networkHelpers, payoutOf, metadata, BOND_WEI } from "../../sdk/actions/fixture.js";
import { drill, refusalOf, type Drill } from "./world.js";

const DAY = 86_400;

/** Deploy the contracts a second time over the same token, routers, schedule and authority; two providers register anew. */
async function deploySuccessor({ d, suite }: Drill): Promise<sdk.Deployment> {
  const { token, schedule, routers, authority } = d.addresses;
  const rules = { minBondWei: BOND_WEI, changeDelay: 3_600, unbondingDelay: 7_200 };
  const window = { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const parts = [token, schedule, routers, authority, ACTIVATION_DELAY, rules, window];
  const compute = await ethers.deployContract("ComputeContract", parts, suite.sender);
  const addresses = { compute: sdk.address(await compute.getAddress()), lens: d.addresses.lens };
  const next = await sdk.connect({ runner: suite.sender, addresses });
  await sdk.approveBond.sendAndWait(next, { bondWei: sdk.wei(2n * BOND_WEI) });
  for (let id = 0; id < 2; id++) {
    const owner = sdk.address(suite.sender.address);
    await sdk.registerProvider.sendAndWait(next, {
      owner,
      payout: payoutOf(50 + id),
      bondWei: sdk.wei(BOND_WEI),
      metadata,
    });
  }
  return next;
}

drill("Moving to a successor contract", async (begin) => {
  const one = await begin();
  const old = one.d;
  const next = await deploySuccessor(one);
  const daily = 100n * 10n ** 18n;
  // A message for one deployment is none for the other.
  const message = await one.signed([[1, 5n]], { d: next });
  expect(await refusalOf(sdk.postAttestation.send(old, message))).to.be.instanceOf(sdk.YellowstoneError);

  // Emission goes to the successor from now on. The old pool drains under its own guard: a day's 1 % and what had arrived before.
  let drawn = 0n;
  for (let day = 0; day < 12; day++) {
    await one.pass(DAY);
    await (await one.suite.token.mint(next.addresses.compute, daily)).wait();
    await sdk.intake.sendAndWait(next, {});
    const { pool } = await sdk.readState(old);
    const credit = BigInt(pool.allowanceWei) / sdk.WEI_PER_UMOR;
    expect(pool.budgetWei <= pool.openingWei / 100n + pool.scheduledWei).to.equal(true);
    await one.attest([[0, credit]]);
    drawn += credit;
  }
  const last = (await sdk.readState(old)).pool;
  expect([...(await one.firing())]).to.include("YellowstoneEmissionPointsElsewhere");
  expect(last.budgetWei).to.equal(last.openingWei / 100n);
  expect(last.unusedWei > 0n).to.equal(true);

  // The successor credits from its own pool, with the same routers, from its own first seq.
  const post = await one.signed([[1, 9n]], { d: next });
  expect((await sdk.postAttestation.sendAndWait(next, post)).outcome.seq).to.equal(1n);
  await one.pass(old.activationDelaySeconds);

  // Claims are open on both, for whoever asks; bonds leave the old registry by their own exit.
  expect(await one.claimAll()).to.equal(40n + drawn);
  const { tree, seq } = await sdk.rebuildLedger(next);
  const { outcome } = await sdk.claim.sendAndWait(next, sdk.claimFor(seq, tree, [1]));
  expect(outcome.paidUMor).to.equal(9n);
  const id = sdk.providerId(5);
  await sdk.announceExit.sendAndWait(old, { id });
  await networkHelpers.time.increase(7_200);
  const { outcome: left } = await sdk.withdrawBond.sendAndWait(old, { id });
  expect(left.paidWei).to.equal(BOND_WEI);
  for (const d of [old, next]) {
    const { pool } = await sdk.readState(d);
    expect(pool.heldWei).to.equal(pool.unusedWei + pool.owedWei + pool.bootstrapWei);
  }
});
