import { expect } from "chai";
import { toBeHex } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { GOVERNANCE_DELAY, networkHelpers, ROUTERS } from "../../sdk/actions/fixture.js";
import { accountOf, drill, refusalOf } from "./world.js";

const [thief, newcomer] = [11, 12].map((key) => sdk.localSigner(toBeHex(key, 32)));

/** A set in ascending order of addresses. */
function setOf(threshold: number, epoch: number, signers: readonly sdk.LocalSigner[]): sdk.RouterSet {
  const routers = signers.map(({ address }) => ({ account: address, isContract: false }));
  routers.sort((a, b) => (a.account.toLowerCase() < b.account.toLowerCase() ? -1 : 1));
  return { threshold, epoch, routers };
}

drill("Router key stolen", async (begin) => {
  const one = await begin();
  const [stolen] = ROUTERS;
  // One key signs nothing alone, and what two signed before the removal dies with the set.
  const set = await sdk.readRouterSet(one.d);
  expect(() => sdk.packQuorum(set, new Map())).to.throw(sdk.QuorumMissing);
  expect(await refusalOf(one.signed([[5, 9n]], { signers: [stolen!] }))).to.be.instanceOf(sdk.QuorumMissing);
  const before = await one.signed([[5, 9n]], { signers: ROUTERS.slice(0, 2) });

  const { outcome } = await sdk.removeRouter.sendAndWait(one.guardian, { account: stolen!.address });
  expect(outcome.routers.map(({ account }) => account)).to.not.include(stolen!.address);
  expect([...(await one.firing())]).to.include("YellowstoneRouterSetChanged");
  expect(one.metric("yellowstone_chain_routers")).to.equal(2);
  expect(await refusalOf(sdk.postAttestation.send(one.d, before))).to.be.instanceOf(sdk.RouterSetStale);

  // The two that are left go on; governance puts a third beside them.
  const left = ROUTERS.slice(1);
  await one.attest([[0, 5n]], { signers: left });
  const { routers } = await one.govern(sdk.setRouters, setOf(2, 0, [...left, newcomer!]));
  expect(routers).to.have.length(3);
  await one.pass(3_601);
  expect([...(await one.firing())]).to.deep.equal([]);
  expect(one.metric("yellowstone_chain_routers")).to.equal(3);
  await one.attest([[0, 5n]], { signers: [newcomer!, left[0]!] });
  await one.pass(one.d.activationDelaySeconds);
  expect(await one.claimAll()).to.equal(50n);
});

drill("Guardian key stolen", async (begin) => {
  const one = await begin();
  const { suite, guardian: stolen } = one;
  const pending = await one.attest([[0, 5n]]);
  await sdk.vetoAttestation.sendAndWait(stolen, { seq: pending.seq });
  await sdk.pauseAttestations.sendAndWait(stolen, { durationSeconds: 7n * 86_400n });
  const firing = await one.firing();
  expect([...firing]).to.include.members(["YellowstoneVetoed", "YellowstonePaused"]);
  // Claims go on, and a second pause is not to be had.
  expect(await one.claimAll()).to.equal(40n);
  expect(await refusalOf(one.attest([[0, 5n]]))).to.be.instanceOf(sdk.AttestationPaused);

  const [old, next] = await Promise.all([accountOf(stolen), accountOf(suite.asStranger)]);
  const grant = { roleId: sdk.GUARDIAN_ROLE, account: next, delaySeconds: 0n };
  const revoke = { roleId: sdk.GUARDIAN_ROLE, account: old };
  for (const call of [sdk.grantRole.call(one.d, grant), sdk.revokeRole.call(one.d, revoke)]) {
    await sdk.scheduleCall.sendAndWait(one.governance, { call });
  }
  await one.pass(GOVERNANCE_DELAY);
  await sdk.revokeRole.sendAndWait(one.governance, revoke);
  await sdk.grantRole.sendAndWait(one.governance, grant);
  expect(await refusalOf(sdk.vetoAttestation.send(stolen, { seq: 1n }))).to.be.instanceOf(
    sdk.AccessManagedUnauthorized,
  );
  await sdk.resumeAttestations.sendAndWait(suite.asStranger, {});
  await one.govern(sdk.rearmPause, {});
  // What was vetoed is signed anew, under the next seq.
  expect((await one.attest([[0, 5n]])).seq).to.equal(pending.seq + 1n);
  await one.pass(3_601);
  expect([...(await one.firing())]).to.deep.equal([]);
  expect(one.metric("yellowstone_chain_pause_armed")).to.equal(1);
  expect(await one.claimAll()).to.equal(5n);
  const { holders } = await sdk.readRoles(one.d);
  expect(holders.filter(({ roleId }) => roleId === sdk.GUARDIAN_ROLE).map(({ account }) => account)).to.deep.equal([
    next,
  ]);
});

drill("Governance key stolen", async (begin) => {
  const one = await begin();
  const { d, guardian, governance } = one;
  const own = setOf(1, 0, [thief!]);
  const call = sdk.setRouters.call(d, own);
  // Thief and owner hold the same key: what one schedules, the other takes back within the delay.
  await sdk.scheduleCall.sendAndWait(governance, { call });
  expect([...(await one.firing())]).to.deep.equal(["YellowstoneOperationScheduled"]);
  await sdk.cancelCall.sendAndWait(governance, { call, caller: await accountOf(governance) });
  await one.pass(GOVERNANCE_DELAY);
  expect(await refusalOf(sdk.setRouters.send(governance, own))).to.be.instanceOf(sdk.AccessManagerNotScheduled);

  // If the thief gets through all the same, its routers can credit: the guardian vetoes each, within the activation delay.
  await one.govern(sdk.setRouters, own);
  expect([...(await one.firing())]).to.include("YellowstoneRouterSetChanged");
  for (let i = 0; i < 2; i++) {
    const { seq } = await one.attest([[5, 1_000_000n]], { signers: [thief!] });
    const { outcome } = await sdk.vetoAttestation.sendAndWait(guardian, { seq });
    expect(outcome.releasedUMor).to.equal(1_000_000n);
  }
  // A day's room is all that one day can take; what was earned before is paid; MOR is never rescued.
  const { pool } = await sdk.readState(d);
  const room = BigInt(pool.allowanceWei) / sdk.WEI_PER_UMOR + 1n;
  expect(await refusalOf(one.attest([[5, room]], { signers: [thief!] }))).to.be.instanceOf(
    sdk.ReserveAllowanceExceeded,
  );
  expect(await one.claimAll()).to.equal(40n);
  const rescue = { token: d.addresses.token, to: thief!.address, amount: 1n };
  await sdk.scheduleCall.sendAndWait(governance, { call: sdk.rescueToken.call(d, rescue) });
  await networkHelpers.time.increase(GOVERNANCE_DELAY);
  expect(await refusalOf(sdk.rescueToken.send(governance, rescue))).to.be.instanceOf(sdk.ReserveTokenNotRescuable);

  // Who still has the key hands admin and governance to another account, and takes them from the stolen one.
  const next = await accountOf(one.suite.asStranger);
  const delaySeconds = BigInt(GOVERNANCE_DELAY);
  const stolen = await accountOf(governance);
  for (const roleId of [sdk.GOVERNANCE_ROLE, sdk.ADMIN_ROLE]) {
    await one.govern(sdk.grantRole, { roleId, account: next, delaySeconds });
  }
  for (const roleId of [sdk.GOVERNANCE_ROLE, sdk.ADMIN_ROLE])
    await one.govern(sdk.revokeRole, { roleId, account: stolen });
  expect([...(await one.firing())]).to.include("YellowstoneRoleChanged");
  expect((await sdk.readRoles(d)).holders.map(({ account }) => account)).to.not.include(stolen);
  expect(await refusalOf(sdk.scheduleCall.send(governance, { call }))).to.be.instanceOf(
    sdk.AccessManagerUnauthorizedCall,
  );
  await one.pass(3_601);
  expect((await one.firing()).has("YellowstoneRoleChanged")).to.equal(false);
});
