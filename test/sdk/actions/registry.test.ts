import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import {
  ACTIVATION_DELAY,
  BOND_WEI,
  CHANGE_DELAY,
  PACKED_SET,
  deployWithProviders,
  failureOf,
  networkHelpers,
  payoutOf,
  quorumOf,
} from "./fixture.js";

const running = () => deployWithProviders(2);
const id = sdk.providerId(0);
const eventId = sdk.keccak256Text("event");

async function orderOf(change: Partial<sdk.SlashOrder> = {}): Promise<sdk.SlashOrder> {
  return {
    eventId,
    providerId: id,
    amountWei: sdk.wei(BOND_WEI / 2n),
    reasonHash: sdk.keccak256Text("reason"),
    routerSet: sdk.keccak256Hex(sdk.hexToBytes(PACKED_SET)),
    deadline: sdk.unixSeconds((await networkHelpers.time.latest()) + 3_600),
    ...change,
  };
}

describe("provider registry verbs", () => {
  it("addBond, setMetadata: anyone adds, only the owner publishes", async () => {
    const { d, asStranger } = await networkHelpers.loadFixture(running);
    const { outcome } = await sdk.addBond.sendAndWait(d, { id, amountWei: sdk.wei(5n) });
    expect(outcome).to.include({ id: 0n, amountWei: 5n, bondWei: BOND_WEI + 5n });
    expect(await failureOf(sdk.addBond.send(d, { id, amountWei: sdk.wei(0n) }))).to.be.instanceOf(
      sdk.RegistryAmountZero,
    );
    const metadata = { uri: "ipfs://y", contentHash: eventId };
    expect((await sdk.setMetadata.sendAndWait(d, { id, metadata })).outcome).to.deep.equal({ id: 0n, metadata });
    expect(await failureOf(sdk.setMetadata.send(asStranger, { id, metadata }))).to.be.instanceOf(sdk.RegistryNotOwner);
  });

  it("proposeOwner, acceptOwner: after the delay, by the proposed one, or taken back", async () => {
    const { d, asStranger } = await networkHelpers.loadFixture(running);
    const newOwner = sdk.address(
      await (asStranger.runner as unknown as { getAddress(): Promise<string> }).getAddress(),
    );
    const { outcome } = await sdk.proposeOwner.sendAndWait(d, { id, newOwner });
    expect((await sdk.readProvider(d, id)).pendingOwner).to.deep.equal({
      to: newOwner,
      effectiveAt: outcome.effectiveAt,
    });
    expect(await failureOf(sdk.acceptOwner.send(d, { id }))).to.be.instanceOf(sdk.RegistryNothingPending);
    expect(await failureOf(sdk.acceptOwner.send(asStranger, { id }))).to.be.instanceOf(sdk.RegistryTooEarly);
    await networkHelpers.time.increase(CHANGE_DELAY);
    const accepted = await sdk.acceptOwner.sendAndWait(asStranger, { id });
    expect(accepted.outcome.to).to.equal(newOwner);
    expect((await sdk.readProvider(d, id)).owner).to.equal(newOwner);
  });

  it("proposePayout, applyPayout: the old address is paid until it is applied", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const forbidden = { id, newPayout: d.addresses.authority };
    expect(await failureOf(sdk.proposePayout.send(d, forbidden))).to.be.instanceOf(sdk.RegistryPayoutForbidden);
    await sdk.proposePayout.sendAndWait(d, { id, newPayout: payoutOf(9) });
    const { pendingPayout, payout } = await sdk.readProvider(d, id);
    expect(pendingPayout?.to).to.equal(payoutOf(9));
    expect(payout).to.equal(payoutOf(0));
    const account = await sdk.readAccount(d, id, { headUMor: 0n, activeUMor: 0n });
    expect(sdk.explainClaim(account)).to.include("Nothing can be claimed now").and.include(payoutOf(9));
    await networkHelpers.time.increase(CHANGE_DELAY);
    const { outcome } = await sdk.applyPayout.sendAndWait(d, { id });
    expect(outcome).to.deep.equal({ id: 0n, from: payoutOf(0), to: payoutOf(9) });
    expect(await failureOf(sdk.applyPayout.send(d, { id }))).to.be.instanceOf(sdk.RegistryNothingPending);
  });

  it("postSlash, executeSlash: signed under the registry's domain, delayed, once for each event", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const order = await orderOf();
    const foreign = await quorumOf("SlashOrder", order, d.domain);
    expect(await failureOf(sdk.postSlash.send(d, { order, quorum: foreign }))).to.be.instanceOf(
      sdk.RouterSignatureInvalid,
    );
    const quorum = await quorumOf("SlashOrder", order, d.registryDomain);
    expect(await d.registry.hashSlashOrder(order)).to.equal(sdk.hashMessage("SlashOrder", order, d.registryDomain));
    const { outcome } = await sdk.postSlash.sendAndWait(d, { order, quorum });
    expect(outcome).to.include({ eventId, id: 0n, amountWei: BOND_WEI / 2n });
    expect(await failureOf(sdk.postSlash.send(d, { order, quorum }))).to.be.instanceOf(sdk.RegistrySlashState);
    expect(await failureOf(sdk.executeSlash.send(d, { eventId }))).to.be.instanceOf(sdk.RegistryTooEarly);
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const executed = await sdk.executeSlash.sendAndWait(d, { eventId });
    expect(executed.outcome).to.include({ takenWei: BOND_WEI / 2n, bondWei: BOND_WEI / 2n });
    expect((await sdk.readState(d)).pool.unbookedWei, "a gift").to.equal(BOND_WEI / 2n);
  });

  it("vetoSlash: the guardian drops a slash for ever", async () => {
    const { d, asGuardian } = await networkHelpers.loadFixture(running);
    const order = await orderOf();
    await sdk.postSlash.sendAndWait(d, { order, quorum: await quorumOf("SlashOrder", order, d.registryDomain) });
    expect(await failureOf(sdk.vetoSlash.send(d, { eventId }))).to.be.instanceOf(sdk.AccessManagedUnauthorized);
    expect((await sdk.vetoSlash.sendAndWait(asGuardian, { eventId })).outcome).to.deep.equal({ eventId });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const refused = await failureOf(sdk.executeSlash.send(d, { eventId }));
    expect(refused).to.be.instanceOf(sdk.RegistrySlashState);
    expect((refused as Error).message).to.include("is vetoed");
    const expired = await orderOf({ deadline: sdk.unixSeconds(1n) });
    const late = { order: expired, quorum: await quorumOf("SlashOrder", expired, d.registryDomain) };
    expect(await failureOf(sdk.postSlash.send(d, late))).to.be.instanceOf(sdk.RegistrySlashExpired);
    const empty = await orderOf({ amountWei: sdk.wei(0n) });
    const nothing = { order: empty, quorum: await quorumOf("SlashOrder", empty, d.registryDomain) };
    expect(await failureOf(sdk.postSlash.send(d, nothing))).to.be.instanceOf(sdk.RegistrySlashEmpty);
  });

  it("recordPossession: the owner's signature under the registry's domain, nobody else's", async () => {
    const { d, sender, asStranger } = await networkHelpers.loadFixture(running);
    const modelId = sdk.modelId(eventId);
    const value = { providerId: id, modelId };
    const mine = await sdk.signMessage(sender, "ModelPossession", value, d.registryDomain);
    const { outcome } = await sdk.recordPossession.sendAndWait(asStranger, { id, modelId, signature: mine.signature });
    expect(outcome).to.deep.equal({ id: 0n, modelId, signer: sdk.address(sender.address) });
    expect(await d.registry.hasModel(id, modelId)).to.equal(true);
    const foreign = await sdk.signMessage(sdk.localSigner(eventId), "ModelPossession", value, d.registryDomain);
    const args = { id, modelId, signature: foreign.signature };
    expect(await failureOf(sdk.recordPossession.send(d, args))).to.be.instanceOf(sdk.RegistryPossessionInvalid);
  });
});
