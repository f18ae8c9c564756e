import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import {
  ACTIVATION_DELAY,
  attestationOf,
  BOND_WEI,
  deploySuite,
  deployWithProviders,
  ethers,
  failureOf,
  metadata,
  networkHelpers,
  payoutOf,
} from "./fixture.js";

const MOR = 10n ** 18n;
const running = () => deployWithProviders();

/** One attestation accepted and active. */
async function credited() {
  const suite = await running();
  const { post, after } = await attestationOf(
    suite.d,
    sdk.LedgerTree.empty(),
    new Map([
      [0, 5_000_000n],
      [5, 7_000_000n],
    ]),
  );
  const { outcome } = await sdk.postAttestation.sendAndWait(suite.d, post);
  return { ...suite, post, outcome, tree: after };
}

describe("actions", () => {
  it("intake: books what arrived; the returned sum, the events and the state agree", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    expect((await sdk.readState(d)).pool.unbookedWei).to.equal(1000n * MOR);
    expect(await sdk.intake.simulate(d, {})).to.equal(1000n * MOR);
    const { outcome, receipt } = await sdk.intake.sendAndWait(d, {});
    expect(outcome.booked).to.include({ amountWei: 1000n * MOR, unusedWei: 1000n * MOR, bootstrapShareWei: 0n });
    expect(sdk.intake.fromReceipt(d, receipt)).to.deep.equal(outcome);
    const { pool } = await sdk.readState(d);
    expect(pool).to.include({ unusedWei: 1000n * MOR, heldWei: 1000n * MOR, unbookedWei: 0n, owedWei: 0n });
    expect((await sdk.intake.sendAndWait(d, {})).outcome.booked).to.equal(undefined);
  });

  it("intake: a new day is opened and read back", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    await networkHelpers.time.increase(86_400);
    const { outcome } = await sdk.intake.sendAndWait(d, {});
    expect(outcome.opened).to.include({ openingWei: 1000n * MOR, scheduledWei: 3456n * MOR });
    expect((await sdk.readState(d)).pool.day).to.equal(outcome.opened?.day);
  });

  it("call: gives an unsigned call that anyone can send", async () => {
    const { d, sender } = await networkHelpers.loadFixture(deploySuite);
    const call = sdk.intake.call(d, {});
    expect(call).to.deep.equal({
      to: d.addresses.compute,
      data: d.compute.interface.getFunction("intake").selector,
      value: 0n,
    });
    await (await sender.sendTransaction(call)).wait();
    expect(await d.compute.unusedWei()).to.equal(1000n * MOR);
  });

  it("registerProvider: gives dense ids, the record can be read", async () => {
    const { d, sender } = await networkHelpers.loadFixture(running);
    const registration = { owner: payoutOf(9), payout: payoutOf(6), bondWei: sdk.wei(2n * BOND_WEI), metadata };
    expect(await sdk.approveBond.simulate(d, { bondWei: registration.bondWei })).to.equal(true);
    expect(await sdk.registerProvider.simulate(d, registration)).to.equal(6n);
    const { outcome } = await sdk.registerProvider.sendAndWait(d, registration);
    expect(outcome).to.deep.equal({ id: 6n, ...registration });
    expect(await sdk.readProvider(d, 6)).to.deep.equal({
      id: 6n,
      owner: registration.owner,
      payout: registration.payout,
      bondWei: registration.bondWei,
      debtUMor: 0n,
      exitAt: undefined,
      exited: false,
      pendingOwner: undefined,
      pendingPayout: undefined,
    });
    const tooSmall = { ...registration, bondWei: sdk.wei(1n) };
    const refused = await failureOf(sdk.registerProvider.send(d, tooSmall));
    expect(refused).to.be.instanceOf(sdk.RegistryBondTooSmall);
    expect((refused as sdk.RegistryBondTooSmall).data).to.deep.equal({ bondWei: 1n, minBondWei: BOND_WEI });
    expect(await failureOf(sdk.readProvider(d, 99))).to.be.instanceOf(sdk.RegistryProviderUnknown);
    const tooMuch = { ...registration, bondWei: sdk.wei(100n * BOND_WEI), owner: sdk.address(sender.address) };
    expect(await failureOf(sdk.registerProvider.simulate(d, tooMuch))).to.be.instanceOf(sdk.ERC20InsufficientAllowance);
  });

  it("readRouterSet: gives the set as it was deployed", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const { threshold, routers } = await sdk.readRouterSet(d);
    expect(threshold).to.equal(2);
    expect(routers.map(({ isContract }) => isContract)).to.deep.equal([false, false, false]);
    expect((await sdk.readState(d)).head.threshold).to.equal(2n);
  });

  it("postAttestation: the event says what was attested, deltas included", async () => {
    const { d, outcome, post, tree } = await networkHelpers.loadFixture(credited);
    expect(outcome).to.include({ seq: 1n, creditedUMor: 12_000_000n, attestedUMor: 12_000_000n });
    expect(outcome.newRoot).to.equal(post.attestation.newRoot);
    expect(sdk.deltasById(outcome.deltas)).to.deep.equal(
      new Map([
        [0, 5_000_000n],
        [5, 7_000_000n],
      ]),
    );
    const { head, pool } = await sdk.readState(d);
    expect(head).to.include({ headSeq: 1n, activeSeq: 0n, providerCount: 6n, headRoot: sdk.bytesToHex(tree.root()) });
    expect(pool.owedWei).to.equal(12n * MOR);
    expect(await failureOf(sdk.postAttestation.send(d, post))).to.be.instanceOf(sdk.AttestationSeqInvalid);
  });

  it("postAttestation: refusals decode, those of the router set too", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const empty = sdk.LedgerTree.empty();
    const tooMuch = await attestationOf(d, empty, new Map([[0, 999_999_999_999n]]));
    expect(await failureOf(sdk.postAttestation.simulate(d, tooMuch.post))).to.be.instanceOf(
      sdk.ReserveAllowanceExceeded,
    );
    const { post } = await attestationOf(d, empty, new Map([[0, 1n]]));
    const changed = { ...post, attestation: { ...post.attestation, reportsRoot: metadata.contentHash } };
    expect(await failureOf(sdk.postAttestation.simulate(d, changed))).to.be.instanceOf(sdk.RouterSignatureInvalid);
    const foreign = await attestationOf(d, empty, new Map([[6, 1n]]));
    expect(await failureOf(sdk.postAttestation.simulate(d, foreign.post))).to.be.instanceOf(
      sdk.LedgerProviderUnregistered,
    );
  });

  it("claim: pays one or many, and only what is due", async () => {
    const { d, tree, token } = await networkHelpers.loadFixture(credited);
    const pending = await failureOf(sdk.claim.simulate(d, sdk.claimFor(1n, tree, [0])));
    expect(pending).to.be.instanceOf(sdk.LedgerAttestationPending).and.have.property("retry", "later");
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await networkHelpers.mine();
    expect((await sdk.readState(d)).head.activeSeq).to.equal(1n);
    expect(await sdk.claimableOf(d, sdk.claimFor(1n, tree, [0, 1, 5]))).to.deep.equal([
      { id: 0n, payout: payoutOf(0), amountUMor: 5_000_000n, nettedUMor: 0n },
      { id: 5n, payout: payoutOf(5), amountUMor: 7_000_000n, nettedUMor: 0n },
    ]);
    const one = await sdk.claim.sendAndWait(d, sdk.claimFor(1n, tree, [5]));
    expect(one.outcome).to.deep.equal({
      seq: 1n,
      paidUMor: 7_000_000n,
      payments: [{ id: 5n, amountUMor: 7_000_000n }],
      failed: [],
    });
    expect(await token.balanceOf(payoutOf(5))).to.equal(7n * MOR);
    const many = sdk.claimFor(1n, tree, [0, 1, 2, 3, 4, 5]);
    expect(await sdk.claim.simulate(d, many)).to.equal(5n * MOR);
    expect((await sdk.claim.sendAndWait(d, many)).outcome.payments).to.deep.equal([{ id: 0n, amountUMor: 5_000_000n }]);
    expect(await failureOf(sdk.claim.send(d, many))).to.be.instanceOf(sdk.ClaimNothingDue);
  });

  it("rebuildLedger: gives every ledger from the events, from scratch or from a point", async () => {
    const { d, tree } = await networkHelpers.loadFixture(credited);
    const first = await sdk.rebuildLedger(d, { blocksPerRequest: 5 });
    expect(first.seq).to.equal(1n);
    expect(first.tree.lane(5)).to.equal(7_000_000n);
    const second = await attestationOf(d, tree, new Map([[1, 3n]]));
    await sdk.postAttestation.sendAndWait(d, second.post);
    const whole = await sdk.rebuildLedger(d);
    expect(await sdk.rebuildLedger(d, { from: first })).to.deep.include({ seq: 2n, root: whole.root });
    expect(first.tree.lane(1)).to.equal(0n);
    expect((await sdk.rebuildLedger(d, { untilSeq: 1n })).root).to.equal(first.root);
    const late = await d.provider.getBlockNumber();
    expect(await failureOf(sdk.rebuildLedger(d, { fromBlock: late }))).to.be.instanceOf(sdk.LedgerDiverged);
    expect(await failureOf(sdk.rebuildLedger(d, { untilSeq: 3n }))).to.be.instanceOf(sdk.LedgerDiverged);
  });

  it("sendAndWait: a mined failure keeps the decoded cause", async () => {
    const { d, tree, sender } = await networkHelpers.loadFixture(credited);
    const args = sdk.claimFor(1n, tree, [0]);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const gasLimit = 300_000n;
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const won = await sdk.claim.send(d, args, { gasLimit });
      const lost = failureOf(sdk.claim.sendAndWait(d, args, { gasLimit }));
      while ((await d.provider.getTransactionCount(sender, "pending")) < won.nonce + 2) await setTimeout(5);
      await networkHelpers.mine();
      const error = await lost;
      expect(error).to.be.instanceOf(sdk.TransactionReverted);
      expect((error as Error).cause).to.be.instanceOf(sdk.ClaimNothingDue);
      expect((await won.wait())?.status).to.equal(1);
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  });

  it("needs a signer to send, none to read", async () => {
    const { addresses } = await networkHelpers.loadFixture(deploySuite);
    const d = await sdk.connect({ runner: ethers.provider, addresses });
    expect(await sdk.intake.simulate(d, {})).to.equal(1000n * MOR);
    expect(await failureOf(sdk.intake.send(d, {}))).to.be.instanceOf(sdk.SignerMissing);
  });

  it("fromReceipt: refuses the receipt of another verb", async () => {
    const { d } = await networkHelpers.loadFixture(deploySuite);
    const { receipt } = await sdk.intake.sendAndWait(d, {});
    expect(() => sdk.claim.fromReceipt(d, receipt)).to.throw(sdk.EventMissing);
  });
});
