import { expect } from "chai";
import { Interface } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import {
  BOND_WEI,
  GOVERNANCE_DELAY,
  ROUTERS,
  attestationOf,
  deployWithProviders,
  ethers,
  failureOf,
  networkHelpers,
} from "./fixture.js";

const running = () => deployWithProviders(1);
const DAY = 86_400n;

/** Schedule a call, wait out the delay, send it. */
async function govern<Args, Outcome>(d: sdk.Deployment, verb: sdk.Write<Args, void, Outcome>, args: Args) {
  expect(await failureOf(verb.send(d, args))).to.be.instanceOf(sdk.AccessManagerNotScheduled);
  const { outcome } = await sdk.scheduleCall.sendAndWait(d, { call: verb.call(d, args) });
  expect(outcome.target).to.equal(verb.call(d, args).to);
  expect(await failureOf(verb.send(d, args))).to.be.instanceOf(sdk.AccessManagerNotReady);
  await networkHelpers.time.increase(GOVERNANCE_DELAY);
  return (await verb.sendAndWait(d, args)).outcome;
}

describe("guardian and governance", () => {
  it("pause: attestations only, once, until governance allows another", async () => {
    const { d, asGuardian, asGovernance } = await networkHelpers.loadFixture(running);
    const week = { durationSeconds: 7n * DAY };
    const tooLong = sdk.pauseAttestations.send(asGuardian, { durationSeconds: 7n * DAY + 1n });
    expect(await failureOf(tooLong)).to.be.instanceOf(sdk.PauseTooLong);
    const { outcome } = await sdk.pauseAttestations.sendAndWait(asGuardian, week);
    expect(outcome.pausedUntil).to.equal(BigInt(await networkHelpers.time.latest()) + 7n * DAY);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 1n]]));
    expect(await failureOf(sdk.postAttestation.send(d, post))).to.be.instanceOf(sdk.AttestationPaused);
    expect((await sdk.resumeAttestations.sendAndWait(asGuardian, {})).outcome.pausedUntil).to.equal(0n);
    expect((await sdk.postAttestation.sendAndWait(d, post)).outcome.seq).to.equal(1n);
    expect(await failureOf(sdk.pauseAttestations.send(asGuardian, week))).to.be.instanceOf(sdk.PauseSpent);
    expect(await failureOf(sdk.rearmPause.send(asGuardian, {}))).to.be.instanceOf(sdk.AccessManagedUnauthorized);
    expect(await govern(asGovernance, sdk.rearmPause, {})).to.deep.equal({});
    await sdk.pauseAttestations.sendAndWait(asGuardian, week);
  });

  it("routers: the guardian removes at once, governance replaces; old signatures die with the old set", async () => {
    const { d, asGuardian, asGovernance } = await networkHelpers.loadFixture(running);
    const { post } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 1n]]));
    const stranger = { account: sdk.address(`0x${"99".repeat(20)}`) };
    expect(await failureOf(sdk.removeRouter.send(asGuardian, stranger))).to.be.instanceOf(sdk.RouterUnknown);
    expect(await sdk.removeRouter.simulate(asGuardian, { account: ROUTERS[2]!.address })).to.equal(undefined);
    const { outcome } = await sdk.removeRouter.sendAndWait(asGuardian, { account: ROUTERS[2]!.address });
    expect(outcome).to.deep.include({ threshold: 2 });
    expect(outcome.digest).to.equal(sdk.routerSetDigest(await sdk.readRouterSet(d)));
    expect(await failureOf(sdk.postAttestation.send(d, post))).to.be.instanceOf(sdk.RouterSetStale);
    const next = sdk.removeRouter.send(asGuardian, { account: ROUTERS[1]!.address });
    expect(await failureOf(next)).to.be.instanceOf(sdk.RouterRemovalBlocked);
    const set = { epoch: 3, threshold: 1, routers: [{ account: ROUTERS[1]!.address, isContract: false }] };
    expect(await govern(asGovernance, sdk.setRouters, set)).to.deep.equal({ ...set, digest: sdk.routerSetDigest(set) });
  });

  it("cancelCall, grantRole, revokeRole: governance takes a call back, and replaces the guardian", async () => {
    const { d, asGuardian, asGovernance, asStranger } = await networkHelpers.loadFixture(running);
    const of = async ({ runner }: sdk.Deployment) =>
      sdk.address(await (runner as unknown as { getAddress(): Promise<string> }).getAddress());
    const [caller, guardian, stranger] = await Promise.all([asGovernance, asGuardian, asStranger].map(of));
    const call = sdk.rearmPause.call(d, {});
    const foreseen = await sdk.scheduleCall.simulate(asGovernance, { call });
    const { outcome: scheduled } = await sdk.scheduleCall.sendAndWait(asGovernance, { call });
    expect(foreseen).to.deep.equal({ operationId: scheduled.operationId, nonce: scheduled.nonce });
    const cancelled = { call, caller: caller! };
    expect(await failureOf(sdk.cancelCall.send(asGuardian, cancelled))).to.be.instanceOf(
      sdk.AccessManagerUnauthorizedCancel,
    );
    expect(await sdk.cancelCall.simulate(asGovernance, cancelled)).to.equal(scheduled.nonce);
    const { operationId, nonce } = scheduled;
    expect((await sdk.cancelCall.sendAndWait(asGovernance, cancelled)).outcome).to.deep.equal({ operationId, nonce });
    await networkHelpers.time.increase(GOVERNANCE_DELAY);
    expect(await failureOf(sdk.rearmPause.send(asGovernance, {}))).to.be.instanceOf(sdk.AccessManagerNotScheduled);

    const replaced = { roleId: sdk.GUARDIAN_ROLE, account: stranger!, delaySeconds: 0n };
    expect(await failureOf(sdk.grantRole.send(asGuardian, replaced))).to.be.instanceOf(
      sdk.AccessManagerUnauthorizedAccount,
    );
    // In this fixture the deployer is still the admin.
    expect((await sdk.grantRole.sendAndWait(d, replaced)).outcome).to.include({ account: stranger });
    const old = { roleId: sdk.GUARDIAN_ROLE, account: guardian! };
    expect((await sdk.revokeRole.sendAndWait(d, old)).outcome).to.deep.equal(old);
    await sdk.pauseAttestations.sendAndWait(asStranger, { durationSeconds: DAY });
    expect(await failureOf(sdk.resumeAttestations.send(asGuardian, {}))).to.be.instanceOf(
      sdk.AccessManagedUnauthorized,
    );
  });

  it("setMinBond, rescue: governance only; MOR is never rescued", async () => {
    const { d, asGovernance, asGuardian, sender } = await networkHelpers.loadFixture(running);
    const minBondWei = sdk.wei(2n * BOND_WEI);
    expect(await failureOf(sdk.setMinBond.send(asGuardian, { minBondWei }))).to.be.instanceOf(
      sdk.AccessManagedUnauthorized,
    );
    expect(await govern(asGovernance, sdk.setMinBond, { minBondWei })).to.deep.equal({ minBondWei });
    const other = await ethers.deployContract("TestMor");
    const stray = sdk.address(await other.getAddress());
    const to = sdk.address(sender.address);
    await other.mint(d.addresses.compute, 7n);
    await other.mint(d.addresses.registry, 7n);
    for (const verb of [sdk.rescueToken, sdk.rescueRegistryToken]) {
      const rescued = { token: stray, to, amount: 7n };
      expect(await govern(asGovernance, verb, rescued)).to.deep.equal(rescued);
    }
    expect(await other.balanceOf(to)).to.equal(14n);
    const mor = { token: d.addresses.token, to, amount: 1n };
    for (const [verb, refusal] of [
      [sdk.rescueToken, sdk.ReserveTokenNotRescuable],
      [sdk.rescueRegistryToken, sdk.RegistryTokenNotRescuable],
    ] as const) {
      await sdk.scheduleCall.sendAndWait(asGovernance, { call: verb.call(d, mor) });
      await networkHelpers.time.increase(GOVERNANCE_DELAY);
      expect(await failureOf(verb.send(asGovernance, mor))).to.be.instanceOf(refusal);
    }
  });

  it("readRoles: gives holders, delays and the role of every restricted function from the chain", async () => {
    const { d, asGuardian, asGovernance, sender } = await networkHelpers.loadFixture(running);
    const { holders, functions } = await sdk.readRoles(d);
    const of = async ({ runner }: sdk.Deployment) =>
      (runner as unknown as { getAddress(): Promise<string> }).getAddress();
    expect(holders).to.deep.equal([
      { roleId: sdk.ADMIN_ROLE, account: sender.address, delaySeconds: 0n },
      { roleId: sdk.GUARDIAN_ROLE, account: await of(asGuardian), delaySeconds: 0n },
      { roleId: sdk.GOVERNANCE_ROLE, account: await of(asGovernance), delaySeconds: BigInt(GOVERNANCE_DELAY) },
    ]);
    expect(functions).to.deep.equal(sdk.RESTRICTED_FUNCTIONS);
  });

  it("the role table holds every function that an outsider without a role is refused", async () => {
    const { d, asStranger } = await networkHelpers.loadFixture(running);
    const from = await (asStranger.runner as unknown as { getAddress(): Promise<string> }).getAddress();
    const listed = new Set(sdk.RESTRICTED_FUNCTIONS.map(({ contract, selector }) => `${contract} ${selector}`));
    const abis = {
      compute: sdk.computeContractAbi,
      registry: sdk.providerRegistryAbi,
      routers: sdk.routerSetAbi,
    } as const;
    for (const [contract, abi] of Object.entries(abis) as [keyof typeof abis, (typeof abis)[keyof typeof abis]][]) {
      for (const fragment of Interface.from(abi).fragments) {
        // Who the authority is, only the authority itself changes.
        if (fragment.type !== "function" || fragment.format().startsWith("setAuthority(")) continue;
        const { selector } = Interface.from(abi).getFunction(fragment.format())!;
        // Zeros are arguments enough: the role is checked before anything else.
        const data = `${selector}${"00".repeat(32 * 12)}`;
        const failure = await failureOf(d.provider.call({ to: d.addresses[contract], data, from }));
        const refused = failure !== undefined && sdk.decodeError(failure) instanceof sdk.AccessManagedUnauthorized;
        expect(refused, `${contract}.${fragment.format()}`).to.equal(listed.has(`${contract} ${selector}`));
      }
    }
  });
});
