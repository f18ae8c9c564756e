import { expect } from "chai";
import { toBeHex } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkHelpers, ROUTERS } from "../../sdk/actions/fixture.js";
import { WatchWorld, stepsOf } from "../../sdk/watch/world.js";
import { drill, refusalOf } from "./world.js";

const DAY = 86_400;

/** What stands at a router's address: it says whether it is ready. */
async function routerFace() {
  const face = { isReady: true };
  const server = createServer((_request, response) => void response.writeHead(face.isReady ? 200 : 503).end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => server.close().closeAllConnections();
  return Object.assign(face, { url: `http://127.0.0.1:${port}`, close });
}

drill("Quorum lost", async (begin) => {
  const faces = await Promise.all(ROUTERS.map(routerFace));
  const routers = Object.fromEntries(ROUTERS.map(({ address }, i) => [address, faces[i]!.url]));
  const one = await begin({ routers });
  expect(one.metric("yellowstone_chain_live_routers")).to.equal(3);
  faces[0]!.isReady = false;
  expect([...(await one.firing())]).to.deep.equal(["YellowstoneQuorumWithoutSpare"]);
  faces[1]!.isReady = false;
  expect([...(await one.firing())]).to.deep.equal(["YellowstoneQuorumLost"]);
  await one.pass(3 * 3_600 + 1);
  expect((await one.firing()).has("YellowstoneNoAttestation")).to.equal(true);

  // Nothing can be credited; what was credited is paid; the guardian cannot lower the threshold by removing.
  expect(await refusalOf(one.signed([[0, 1n]], { signers: [ROUTERS[2]!] }))).to.be.instanceOf(sdk.QuorumMissing);
  expect(await one.claimAll()).to.equal(40n);
  await sdk.removeRouter.sendAndWait(one.guardian, { account: ROUTERS[0]!.address });
  const next = sdk.removeRouter.send(one.guardian, { account: ROUTERS[1]!.address });
  expect(await refusalOf(next)).to.be.instanceOf(sdk.RouterRemovalBlocked);

  // Governance names another set, of which the router that is left is one.
  const fresh = [21, 22].map((key) => sdk.localSigner(toBeHex(key, 32)));
  const signers = [ROUTERS[2]!, ...fresh].sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  const set = {
    epoch: 0,
    threshold: 2,
    routers: signers.map(({ address }) => ({ account: address, isContract: false })),
  };
  await one.govern(sdk.setRouters, set);
  const { seq } = await one.attest([[0, 7n]], { signers: signers.slice(0, 2) });
  expect(seq).to.equal(2n);
  await one.pass(3_601);
  const firing = await one.firing();
  expect(firing.has("YellowstoneNoAttestation")).to.equal(false);
  expect(await one.claimAll()).to.equal(7n);
  for (const face of faces) face.close();
});

drill("Sequencer down", async (begin) => {
  const one = await begin();
  const signed = await one.signed([[0, 5n]]);
  const pending = await one.attest([[1, 5n]]);
  // The wall goes on, the chain does not.
  one.ahead = 8 * 3_600;
  expect([...(await one.firing())]).to.include("YellowstoneSequencerDown");
  expect(one.metric("yellowstone_chain_last_block_age_seconds")).to.be.greaterThan(8 * 3_600 - 5);
  one.ahead = 0;
  await networkHelpers.time.increase(8 * 3_600);
  await networkHelpers.mine();
  // What was signed before is void by then, and what was pending became active while nobody could veto it.
  expect(await refusalOf(sdk.postAttestation.send(one.d, signed))).to.be.instanceOf(sdk.AttestationExpired);
  const veto = sdk.vetoAttestation.send(one.guardian, { seq: pending.seq });
  expect(await refusalOf(veto)).to.be.instanceOf(sdk.LedgerAttestationActive);
  // Days that were skipped give no room: the day is opened once.
  const { pool } = await sdk.readState(one.d);
  expect(pool.budgetWei <= pool.openingWei / 100n + pool.scheduledWei).to.equal(true);
  await one.attest([[0, 5n]]);
  expect([...(await one.firing())]).to.deep.equal([]);
  expect(await one.claimAll()).to.equal(45n);
});

drill("Emission late", async (begin) => {
  const one = await begin();
  // The fixture's arrivals are ten days of its schedule; with that used up, no emission is there to be spent.
  for (let day = 0; day < 12; day++) {
    await one.pass(DAY);
    await one.attest([[0, 1n]]);
  }
  expect([...(await one.firing())]).to.include("YellowstoneEmissionLate");
  const poor = (await sdk.readState(one.d)).pool;
  expect([poor.freshWei, poor.budgetWei]).to.deep.equal([0n, poor.openingWei / 100n]);
  const room = BigInt(poor.allowanceWei) / sdk.WEI_PER_UMOR;
  expect(await refusalOf(one.attest([[0, room + 1n]]))).to.be.instanceOf(sdk.ReserveAllowanceExceeded);

  // A late lump of five days is booked by anyone and spent at the schedule's pace, a day's room at a time.
  const daily = 100n * 10n ** 18n;
  await (await one.suite.token.mint(one.d.addresses.compute, 5n * daily)).wait();
  expect([...(await one.firing())]).to.deep.equal(["YellowstoneArrivalsUnbooked"]);
  const { outcome } = await sdk.intake.sendAndWait(one.suite.asStranger, {});
  expect(outcome.booked).to.deep.include({ amountWei: 5n * daily });
  const rich = (await sdk.readState(one.d)).pool;
  expect(rich.budgetWei).to.equal(rich.openingWei / 100n + rich.scheduledWei);
  expect(rich.scheduledWei).to.equal(daily);
  await one.attest([[0, room + 1n]]);
  expect([...(await one.firing())]).to.deep.equal([]);
});

drill("Wrong attestation", async (begin) => {
  const one = await begin();
  // Routers at work on a chain of their own: their blocks are what the watcher makes each attestation again from.
  const world = await WatchWorld.deploy();
  const watcher = await sdk.createWatcher(world.d, world.options);
  const look = async () => {
    const steps = await stepsOf(watcher);
    for (const step of steps) one.exporter.note(step);
    return steps;
  };
  await world.serve(0, 2);
  await world.publish();
  await world.attest();
  await look();
  expect((await one.firing()).has("YellowstoneWrongAttestation")).to.equal(false);
  await world.serve(1);
  await world.publish();
  await world.attest({ reportsRoot: sdk.keccak256Text("other reports") });
  const said = (await look()).flatMap((step) => (step.kind === "attestation" ? [step] : []));
  expect((await one.firing()).has("YellowstoneWrongAttestation")).to.equal(true);
  const wrong = said.find(({ findings }) => findings.length > 0)!;
  expect(wrong.seq).to.equal(2n);
  expect(wrong.secondsLeft > 0n && wrong.signers?.length === 2).to.equal(true);

  const { head } = await sdk.readState(world.d);
  await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: wrong.seq });
  const after = (await sdk.readState(world.d)).head;
  expect([after.lastSeq, after.headSeq]).to.deep.equal([head.lastSeq, 1n]);
  const alarms = (await look()).flatMap((step) => (step.kind === "alarm" ? [step.alarm.kind] : []));
  expect(alarms).to.deep.equal(["vetoed"]);
  expect((await one.firing()).has("YellowstoneWrongAttestation")).to.equal(false);
});
