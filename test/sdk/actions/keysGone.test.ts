import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { BOND_WEI, UNBONDING_DELAY, attestationOf, deployWithProviders, networkHelpers } from "./fixture.js";

const running = () => deployWithProviders(5);

describe("with every key gone", () => {
  it("a stranger with the SDK alone pays every active credit, and every owner gets its bond back", async () => {
    const { d, asGuardian, asGovernance, asStranger, sender } = await networkHelpers.loadFixture(running);
    const first = await attestationOf(d, sdk.LedgerTree.empty(), new Map([0, 1, 2, 3].map((id) => [id, 10n])));
    await sdk.postAttestation.sendAndWait(d, first.post);
    const second = await attestationOf(d, first.after, new Map([1, 4].map((id) => [id, 7n])));
    await sdk.postAttestation.sendAndWait(d, second.post);
    for (const [of, roleId] of [
      [asGuardian, sdk.GUARDIAN_ROLE],
      [asGovernance, sdk.GOVERNANCE_ROLE],
      [d, sdk.ADMIN_ROLE],
    ] as const) {
      const account = await (of.runner as unknown as { getAddress(): Promise<string> }).getAddress();
      await (await of.authority.renounceRole(roleId, account)).wait();
    }
    expect((await sdk.readRoles(d)).holders).to.deep.equal([]);
    await networkHelpers.time.increase(10 * 365 * 86_400);

    // Nothing but the chain: the ledger is rebuilt from its events.
    const { tree, seq } = await sdk.rebuildLedger(asStranger);
    expect(seq).to.equal(2n);
    const due = [10n, 17n, 10n, 10n, 7n];
    for (const [id, dueUMor] of due.entries()) {
      const lane = tree.lane(id);
      const account = await sdk.readAccount(asStranger, id, { headUMor: lane, activeUMor: lane });
      expect(account.claimableUMor).to.equal(dueUMor);
    }
    const { outcome } = await sdk.claim.sendAndWait(asStranger, sdk.claimFor(seq, tree, due.keys()));
    expect(outcome.payments.map(({ amountUMor }) => amountUMor)).to.deep.equal(due);
    expect((await sdk.readState(d)).pool.owedWei).to.equal(0n);

    const before = await d.token.balanceOf(sender.address);
    const ids = due.map((_, id) => sdk.providerId(id));
    for (const id of ids) await sdk.announceExit.sendAndWait(d, { id });
    await networkHelpers.time.increase(UNBONDING_DELAY);
    for (const id of ids) await sdk.withdrawBond.sendAndWait(d, { id });
    expect(await d.token.balanceOf(sender.address)).to.equal(before + 5n * BOND_WEI);
  });
});
