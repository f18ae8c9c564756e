import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import {
  ACTIVATION_DELAY,
  BOND_WEI,
  UNBONDING_DELAY,
  attestationOf,
  deployWithProviders,
  failureOf,
  networkHelpers,
  payoutOf,
} from "./fixture.js";

const MOR = 1_000_000n;
const reasonHash = sdk.keccak256Text("late failures");
const debit = (id: number, amountUMor: bigint): sdk.Debit => ({
  providerId: sdk.providerId(id),
  amountUMor: sdk.uMor(amountUMor),
  reasonHash,
});

async function post(
  d: sdk.Deployment,
  tree: sdk.LedgerTree,
  deltas: sdk.Deltas,
  debits: readonly sdk.Debit[] = [],
): Promise<sdk.LedgerTree> {
  const packed = sdk.packDebits(debits);
  const built = await attestationOf(d, tree, deltas, { debitsHash: sdk.debitsHash(packed) });
  await sdk.postAttestation.sendAndWait(d, { ...built.post, debits: packed });
  return built.after;
}

async function accountOf(d: sdk.Deployment, id: number): Promise<sdk.Account> {
  await networkHelpers.mine();
  const { head } = await sdk.readState(d);
  const [all, active] = await Promise.all([sdk.rebuildLedger(d), sdk.rebuildLedger(d, { untilSeq: head.activeSeq })]);
  const account = await sdk.readAccount(d, id, { headUMor: all.tree.lane(id), activeUMor: active.tree.lane(id) });
  expect(account.creditedUMor).to.equal(account.paidUMor + account.absorbedUMor + account.unsettledUMor);
  return account;
}

const running = () => deployWithProviders();

describe("debits and vetoes", () => {
  it("a debit is attested, booked once and netted; the account adds up at every step", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const tree = await post(d, sdk.LedgerTree.empty(), new Map([[0, 5n * MOR]]), [debit(0, 2n * MOR)]);
    const pending = await accountOf(d, 0);
    expect(pending).to.include({ creditedUMor: 5n * MOR, pendingUMor: 5n * MOR, claimableUMor: 0n, debtUMor: 0n });
    expect(sdk.explainClaim(pending)).to.include(
      `5 MOR is pending: all of it can be claimed from ${pending.pendingUntil}`,
    );
    const booking = { seq: 1n, debits: [debit(0, 2n * MOR)] };
    expect(await failureOf(sdk.bookDebits.send(d, booking))).to.be.instanceOf(sdk.LedgerAttestationPending);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const others = { seq: 1n, debits: [debit(0, 1n)] };
    expect(await failureOf(sdk.bookDebits.send(d, others))).to.be.instanceOf(sdk.LedgerDebitsUnknown);
    const { outcome } = await sdk.bookDebits.sendAndWait(d, booking);
    expect(outcome).to.deep.equal([{ seq: 1n, id: 0n, amountUMor: 2n * MOR, reasonHash }]);
    expect(await failureOf(sdk.bookDebits.send(d, booking))).to.be.instanceOf(sdk.LedgerDebitsUnknown);
    const due = await accountOf(d, 0);
    expect(due).to.include({ claimableUMor: 3n * MOR, debtUMor: 2n * MOR, pendingUMor: 0n, pendingUntil: undefined });
    expect(sdk.explainClaim(due)).to.include("3 MOR can be claimed now").and.include("debited 2 MOR");
    const args = sdk.claimFor(1n, tree, [0]);
    expect(await sdk.claimableOf(d, args)).to.deep.equal([
      { id: 0n, payout: payoutOf(0), amountUMor: 3n * MOR, nettedUMor: 2n * MOR },
    ]);
    expect((await sdk.claim.sendAndWait(d, args)).outcome.paidUMor).to.equal(3n * MOR);
    const paid = await accountOf(d, 0);
    expect(paid).to.include({ paidUMor: 3n * MOR, absorbedUMor: 2n * MOR, debtUMor: 0n, unsettledUMor: 0n });
    const wrong = failureOf(sdk.readAccount(d, 0, { headUMor: 1n, activeUMor: 1n }));
    expect(await wrong).to.be.instanceOf(sdk.AccountDiverged);
  });

  it("an attestation may carry debits alone, and other debits than the signed ones are refused", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const packed = sdk.packDebits([debit(1, MOR)]);
    const { post: built } = await attestationOf(d, sdk.LedgerTree.empty(), new Map(), {
      debitsHash: sdk.debitsHash(packed),
    });
    expect(await failureOf(sdk.postAttestation.send(d, built))).to.be.instanceOf(sdk.AttestationDebitsMismatch);
    const { outcome } = await sdk.postAttestation.sendAndWait(d, { ...built, debits: packed });
    expect(outcome.debits).to.deep.equal({ seq: 1n, sumUMor: MOR, debits: [debit(1, MOR)] });
    const tooMuch = post(d, sdk.LedgerTree.empty(), new Map(), [debit(1, 10n ** 15n)]);
    expect(await failureOf(tooMuch)).to.be.instanceOf(sdk.ReserveDebitRoomExceeded);
  });

  it("a veto drops pending attestations; the ledger is rebuilt without them, and they are attested again", async () => {
    const { d, asGuardian } = await networkHelpers.loadFixture(running);
    const first = await post(d, sdk.LedgerTree.empty(), new Map([[0, 5n * MOR]]));
    const point = await sdk.rebuildLedger(d);
    const second = await post(d, first, new Map([[1, MOR]]), [debit(0, MOR)]);
    await post(d, second, new Map([[2, MOR]]));
    const dropped = await sdk.rebuildLedger(d);
    expect(await failureOf(sdk.vetoAttestation.send(d, { seq: 2n }))).to.be.instanceOf(sdk.AccessManagedUnauthorized);
    const { outcome } = await sdk.vetoAttestation.sendAndWait(asGuardian, { seq: 2n });
    expect(outcome).to.deep.equal({
      seq: 2n,
      lastDroppedSeq: 3n,
      headSeq: 1n,
      releasedUMor: 2n * MOR,
      attestedUMor: 5n * MOR,
    });
    expect(await sdk.rebuildLedger(d)).to.deep.include({ seq: 1n, root: point.root });
    expect(await failureOf(sdk.vetoAttestation.send(asGuardian, { seq: 2n }))).to.be.instanceOf(
      sdk.LedgerAttestationUnknown,
    );
    const again = await post(d, first, new Map([[1, MOR]]));
    const rebuilt = await sdk.rebuildLedger(d);
    expect(rebuilt.seq).to.equal(4n);
    expect(rebuilt.tree.root()).to.deep.equal(again.root());
    expect(await sdk.rebuildLedger(d, { from: point })).to.deep.include({ seq: 4n, root: rebuilt.root });
    expect((await sdk.rebuildLedger(d, { untilSeq: 3n })).seq, "the last that stands").to.equal(1n);
    expect(await failureOf(sdk.rebuildLedger(d, { from: dropped }))).to.be.instanceOf(sdk.LedgerDiverged);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    expect(await failureOf(sdk.vetoAttestation.send(asGuardian, { seq: 4n }))).to.be.instanceOf(
      sdk.LedgerAttestationActive,
    );
    expect(await accountOf(d, 0)).to.include({ claimableUMor: 5n * MOR, debitedUMor: 0n });
  });

  it("an exit pays the bond less the debt, and the credits stay claimable", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const tree = await post(d, sdk.LedgerTree.empty(), new Map([[3, MOR]]), [debit(4, MOR / 4n)]);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await sdk.bookDebits.sendAndWait(d, { seq: 1n, debits: [debit(4, MOR / 4n)] });
    for (const id of [3, 4].map((one) => sdk.providerId(one))) {
      expect(await failureOf(sdk.withdrawBond.send(d, { id }))).to.be.instanceOf(sdk.RegistryExitState);
      const { outcome } = await sdk.announceExit.sendAndWait(d, { id });
      expect((await sdk.readProvider(d, id)).exitAt).to.equal(outcome.exitAt);
      expect(await failureOf(sdk.announceExit.send(d, { id }))).to.be.instanceOf(sdk.RegistryExitState);
      expect(await failureOf(sdk.withdrawBond.send(d, { id }))).to.be.instanceOf(sdk.RegistryTooEarly);
    }
    expect(sdk.explainClaim(await accountOf(d, 3))).to.include("It is exiting: the bond of 1 MOR");
    await networkHelpers.time.increase(UNBONDING_DELAY);
    const { outcome } = await sdk.withdrawBond.sendAndWait(d, { id: sdk.providerId(4) });
    expect(outcome).to.include({ paidWei: (BOND_WEI * 3n) / 4n, coveredWei: BOND_WEI / 4n });
    await sdk.withdrawBond.sendAndWait(d, { id: sdk.providerId(3) });
    const covered = await accountOf(d, 4);
    expect(covered).to.include({ coveredByBondUMor: MOR / 4n, absorbedUMor: 0n, debtUMor: 0n });
    expect(sdk.explainClaim(covered)).to.include(
      "0 MOR were kept back from credits, 0.25 MOR were covered by the bond",
    );
    expect(sdk.explainClaim(await accountOf(d, 3)))
      .to.include("It has left")
      .and.include("1 MOR can be claimed now");
    expect((await sdk.claim.sendAndWait(d, sdk.claimFor(1n, tree, [3]))).outcome.paidUMor).to.equal(MOR);
  });
});
