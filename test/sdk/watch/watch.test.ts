import { expect } from "chai";
import { deserialize, serialize } from "node:v8";
import * as sdk from "@yellowstone-compute/sdk";
import { ACTIVATION_DELAY, GOVERNANCE_DELAY, ROUTERS, networkHelpers, quorumOf } from "../actions/fixture.js";
import { chainAtPoint } from "../provider/world.js";
import { attested, findingsOf, forged, lastPost, stepsOf, watcherOf } from "./world.js";

describe("watcher", () => {
  it("finds nothing wrong with honest attestations, and says how long they can be vetoed and who signed", async () => {
    const world = await attested();
    const watcher = await watcherOf(world);
    const steps = await stepsOf(watcher);
    expect(findingsOf(steps)).to.deep.equal({ 1: [], 2: [] });
    const last = steps[steps.length - 1] as Extract<sdk.WatchStep, { kind: "caughtUp" }>;
    expect(last.pending).to.have.length(1);
    const [pending] = last.pending;
    expect(pending).to.deep.include({ seq: 2n, creditedUMor: 80n, secondsLeft: 600n });
    expect(pending!.line).to.equal("attestation 2 holds; 600 seconds left");
    expect(pending!.signers).to.deep.equal(ROUTERS.slice(0, 2).map(({ address }) => address));
    await networkHelpers.time.increase(90);
    await networkHelpers.mine();
    const [later] = (await stepsOf(watcher)).slice(-1) as Extract<sdk.WatchStep, { kind: "caughtUp" }>[];
    expect(later!.pending[0]!.secondsLeft < 511n).to.equal(true);
  });

  it("says in one line who is credited what no report earned", async () => {
    const world = await attested();
    await forged(world, [
      [4, 900n],
      [0, 80n],
    ]);
    const watcher = await watcherOf(world);
    const steps = await stepsOf(watcher);
    const { 3: lies } = findingsOf(steps);
    expect(lies).to.deep.equal([
      "attestation 3: provider 0 is credited 80 uMOR, its reports earn 0 uMOR",
      "attestation 3: provider 4 is credited 900 uMOR, its reports earn 0 uMOR",
    ]);
    const [said] = steps.flatMap((step) => (step.kind === "attestation" && step.seq === 3n ? [step] : []));
    expect(said!.line).to.equal(`${lies![0]} (and 1 more); ${said!.secondsLeft} seconds left`);
    // What stands on it is named, until it is vetoed; then honest work goes on.
    await forged(world, [[5, 1n]]);
    expect(findingsOf(await stepsOf(watcher))[4]).to.include(
      "attestation 4: stands on attestation 3, which does not hold",
    );
    await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: 3n });
    await world.serve(1);
    await world.publish();
    await world.attest();
    const after = await stepsOf(watcher);
    expect(findingsOf(after)).to.deep.equal({ 5: [] });
    const alarms = after.flatMap((step) => (step.kind === "alarm" ? [step.alarm.line] : []));
    expect(alarms).to.deep.equal(["attestations 3 to 4 were vetoed: 0.000981 MOR are reserved no longer"]);
  });

  it("finds reports that were left out, paid twice or changed, and debits that nobody approved", async () => {
    const world = await attested();
    await world.serve(0, 2);
    await world.publish();
    const back = await chainAtPoint();
    await forged(world, [[0, 160n]]);
    const root = findingsOf(await stepsOf(await watcherOf(world)))[3];
    expect(root).to.have.length(1);
    expect(root![0]).to.match(
      /attestation 3: reportsRoot is 0x[0-9a-f]{64}, of no reports that wait in published blocks/,
    );
    await back();
    const debit = { providerId: sdk.providerId(1), amountUMor: sdk.uMor(50n), reasonHash: sdk.keccak256Text("late") };
    await world.attest({}, [debit]);
    const unapproved = findingsOf(await stepsOf(await watcherOf(world)))[3];
    expect(unapproved).to.deep.equal([
      `attestation 3: debits 50 uMOR from provider 1, for ${debit.reasonHash}: not approved here`,
    ]);
    const approving = await watcherOf(world, { approvesDebit: (one) => one.amountUMor === 50n });
    expect(findingsOf(await stepsOf(approving))[3]).to.deep.equal([]);
    // The reports of attestation 3 once more.
    await forged(world, [[0, 160n]]);
    expect(findingsOf(await stepsOf(approving))[4]).to.deep.equal([
      "attestation 4: provider 0 is credited 160 uMOR, its reports earn 0 uMOR",
    ]);
  });

  it("looks again when blocks that could not be had are published", async () => {
    const world = await attested();
    const { address } = world.routers[2]!;
    world.silent.add(address);
    const watcher = await watcherOf(world);
    const open = await stepsOf(watcher);
    const [said] = open.flatMap((step) => (step.kind === "attestation" && step.seq === 2n ? [step] : []));
    expect(said).to.include({ isOpen: true });
    expect(findingsOf(open)[2]).to.deep.equal([
      "attestation 2: provider 0 is credited 80 uMOR, its reports earn 0 uMOR",
      `router ${address}: its blocks cannot be reviewed: router ${address} did not answer: no answer`,
    ]);
    expect(findingsOf(await stepsOf(watcher)), "nothing is new").to.deep.equal({});
    world.silent.delete(address);
    expect(findingsOf(await stepsOf(watcher))).to.deep.equal({ 2: [] });
    await world.serve(2);
    await world.publish();
    await world.attest();
    expect(findingsOf(await stepsOf(watcher))).to.deep.equal({ 3: [] });
  });

  it("names the block and the step where a router credited what it should not", async () => {
    const world = await attested();
    const { address } = world.routers[2]!;
    const lying = (world.published.get(address) ?? []).map((evidence) => ({
      ...evidence,
      steps: evidence.steps.map((step) => (step.kind === "report" ? { ...step, creditWei: sdk.wei(1n) } : step)),
    }));
    world.published.set(address, lying);
    const { 2: found } = findingsOf(await stepsOf(await watcherOf(world)));
    expect(found![0]).to.equal("attestation 2: provider 0 is credited 80 uMOR, its reports earn 0 uMOR");
    expect(found![1]).to.match(/^block \d+ of 0x\w+, step \d+: 1 wei credited, recomputed 80000000000000 wei: served$/);
  });

  it("knows an attestation whose makers had not heard of a late block", async () => {
    const world = await attested();
    await world.serve(0);
    await world.publish();
    await world.serve(1);
    // Router 0 closes a block that the proposer hears of after it has proposed.
    await networkHelpers.time.increase(24);
    const late = world.routers[0]!;
    await world.serve(0);
    await networkHelpers.time.increase(24);
    const closed = await late.router.closeBlocks(await world.now());
    world.published.set(late.address, [...world.published.get(late.address)!, ...late.recorder.take()]);
    await world.publish();
    await world.attest();
    for (const block of closed) world.proposer.take(block);
    await world.attest();
    expect(findingsOf(await stepsOf(await watcherOf(world)))).to.deep.equal({ 1: [], 2: [], 3: [], 4: [] });
  });

  it("is right through a reorganisation, and after a restart", async () => {
    const world = await attested();
    const watcher = await watcherOf(world, { keepBlocks: 6 });
    await stepsOf(watcher);
    const back = await chainAtPoint();
    await forged(world, [[4, 900n]]);
    await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: 2n });
    expect(findingsOf(await stepsOf(watcher))[3]).to.have.length(1);
    await back();
    await networkHelpers.mine(3, { interval: 7 });
    await world.serve(0);
    await world.publish();
    await world.attest();
    const steps = await stepsOf(watcher);
    expect(steps[0]).to.have.property("kind", "steppedBack");
    expect(findingsOf(steps)).to.deep.equal({ 3: [] });
    await networkHelpers.mine(8);
    await stepsOf(watcher);
    const from = deserialize(serialize(watcher.snapshot())) as sdk.WatchSnapshot;
    await world.serve(1);
    await world.publish();
    await world.attest();
    const resumed = await watcherOf(world, { from });
    expect(findingsOf(await stepsOf(resumed))).to.deep.equal({ 4: [] });
    await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: 3n });
    await forged(world, [[0, 80n]]);
    expect(findingsOf(await stepsOf(resumed))[5]).to.have.length(1);
  });

  it("raises alarms: pause, router set, slashes, roles, operations, the day's room, equivocation", async () => {
    const world = await attested();
    const { d, suite } = world;
    const { asGuardian, asGovernance } = suite;
    const watcher = await watcherOf(world, { allowancePercent: 0n });
    const alarms = async () => {
      const steps = await stepsOf(watcher);
      return steps.flatMap((step) => (step.kind === "alarm" ? [step.alarm] : []));
    };
    const kinds = async () => (await alarms()).map(({ kind }) => kind);
    const before = await kinds();
    expect(before).to.include.members(["routersChanged", "roleGranted", "allowance"]);
    expect(await kinds(), "the day's room is told once a day").to.deep.equal([]);
    await sdk.pauseAttestations.sendAndWait(asGuardian, { durationSeconds: 1_000n });
    const [paused] = await alarms();
    const until = BigInt(await networkHelpers.time.latest()) + 1_000n;
    expect(paused).to.include({ kind: "paused", actBefore: until });
    expect(paused!.line).to.equal(`attestations are paused until ${until}; claims are not`);
    await sdk.resumeAttestations.sendAndWait(asGuardian, {});
    await sdk.scheduleCall.sendAndWait(asGovernance, { call: sdk.rearmPause.call(d, {}) });
    await networkHelpers.time.increase(GOVERNANCE_DELAY);
    await sdk.rearmPause.sendAndWait(asGovernance, {});
    expect(await kinds()).to.deep.equal(["resumed", "operationScheduled", "pauseRearmed"]);
    const routerSet = sdk.routerSetDigest(await sdk.readRouterSet(d));
    const order = (nth: number, deadline: bigint): sdk.SlashOrder => ({
      eventId: sdk.keccak256Text(`event ${nth}`),
      providerId: sdk.providerId(2),
      amountWei: sdk.wei(10n ** 17n),
      reasonHash: sdk.keccak256Text("reason"),
      routerSet,
      deadline: sdk.unixSeconds(deadline),
    });
    for (const nth of [0, 1]) {
      const one = order(nth, until + 86_400n);
      await sdk.postSlash.sendAndWait(d, { order: one, quorum: await quorumOf("SlashOrder", one, d.registryDomain) });
    }
    await sdk.vetoSlash.sendAndWait(asGuardian, { eventId: order(0, 0n).eventId });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await sdk.executeSlash.sendAndWait(d, { eventId: order(1, 0n).eventId });
    const slashes = await alarms();
    expect(slashes.map(({ kind }) => kind)).to.deep.equal([
      "slashPosted",
      "slashPosted",
      "slashVetoed",
      "slashExecuted",
    ]);
    expect(slashes[0]!.line).to.include("0.1 MOR of provider 2's bond");
    expect(slashes[3]!.line).to.equal("0.1 MOR of provider 2 were slashed, 0.9 MOR are left");
    await sdk.removeRouter.sendAndWait(asGuardian, { account: ROUTERS[2]!.address });
    const [routers] = await alarms();
    expect(routers!.line).to.include("router set 2 is in force: 2 of 2 sign");
  });

  it("keeps two messages of which a router may have signed one, posted or not", async () => {
    const world = await attested();
    const evidence = sdk.memoryEvidence();
    const watcher = await watcherOf(world, { evidence });
    await stepsOf(watcher);
    const [block] = world.published.get(world.routers[0]!.address)!;
    const { value, signer } = block!.block;
    const other = { ...value, creditWei: sdk.wei(1n) };
    await watcher.see(await sdk.signMessage(ROUTERS[0]!, "InferenceBlock", other, world.d.domain));
    const [posted] = (await sdk.readSignatures(world.d, await lastPost(world.d)))!;
    const unposted = { ...posted!.value, credited: sdk.uMor(1n) };
    await watcher.see(await sdk.signMessage(ROUTERS[0]!, "Attestation", unposted, world.d.domain));
    const lines = (await stepsOf(watcher)).flatMap((step) => (step.kind === "alarm" ? [step.alarm.line] : []));
    const kept = "both are kept as evidence";
    expect(lines).to.deep.equal([
      `router ${signer} signed two InferenceBlock messages for block ${value.height}: ${kept}`,
      `router ${signer} signed two Attestation messages for attestation 2: ${kept}`,
    ]);
    expect(await evidence.all()).to.have.length(2);
    const rules = { domain: world.d.domain, attestationSeconds: 3_600n };
    for (const one of await evidence.all()) expect(await sdk.verifyEvidence(one, rules)).to.equal(signer);
  });

  it("reads the signers of what was posted, and nothing of what was not", async () => {
    const world = await attested();
    const signed = (await sdk.readSignatures(world.d, await lastPost(world.d)))!;
    for (const one of signed) {
      expect(await sdk.verifyMessage(one, world.d.domain, sdk.unixSeconds(0))).to.equal(one.signer);
    }
    const { receipt } = await sdk.intake.sendAndWait(world.d, {});
    expect(await sdk.readSignatures(world.d, receipt.hash)).to.equal(undefined);
    expect(await sdk.readSignatures(world.d, sdk.ZERO_HASH), "a transaction that nobody knows").to.equal(undefined);
    const quorum = sdk.hexToBytes(await quorumOf("Attestation", signed[0]!.value, world.d.domain));
    const { set, signatures } = sdk.readQuorum(quorum);
    expect(sdk.bytesToHex(sdk.packQuorum(set, signatures))).to.equal(sdk.bytesToHex(quorum));
    for (const cut of [0, 5, 30, quorum.length - 1]) {
      expect(() => sdk.readQuorum(quorum.slice(0, cut))).to.throw(sdk.InvalidField);
    }
  });
});
