import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { ethers, failureOf, networkHelpers } from "../actions/fixture.js";
import { chainAtPoint } from "../provider/world.js";
import { attested, findingsOf, forged, stepsOf, watcherOf, type WatchWorld } from "./world.js";

/** Honest work that is published and attested. */
async function attestMore(world: WatchWorld): Promise<void> {
  await world.serve(1);
  await world.publish();
  await world.attest();
}

describe("watcher, what it keeps", () => {
  it("goes through vetoes again when it verifies again", async () => {
    const world = await attested();
    const { address } = world.routers[2]!;
    world.silent.add(address);
    const watcher = await watcherOf(world);
    await stepsOf(watcher);
    await forged(world, [[4, 900n]]);
    await sdk.vetoAttestation.sendAndWait(world.suite.asGuardian, { seq: 3n });
    expect(findingsOf(await stepsOf(watcher))[3]).to.include(
      "attestation 3: stands on attestation 2, which does not hold",
    );
    world.silent.delete(address);
    expect(findingsOf(await stepsOf(watcher)), "what was vetoed is not said again").to.deep.equal({ 2: [] });
    await attestMore(world);
    expect(findingsOf(await stepsOf(watcher))).to.deep.equal({ 4: [] });
  });

  it("is taken up from where no reorganisation reaches: what came since is said again", async () => {
    const world = await attested();
    const watcher = await watcherOf(world);
    await stepsOf(watcher);
    const resumed = await watcherOf(world, { from: watcher.snapshot() });
    expect(findingsOf(await stepsOf(resumed))).to.deep.equal({ 1: [], 2: [] });
  });

  it("stays as it was in a reorganisation of blocks in which nothing happened", async () => {
    const world = await attested();
    const watcher = await watcherOf(world);
    const back = await chainAtPoint();
    await networkHelpers.mine(3);
    await stepsOf(watcher);
    await back();
    await networkHelpers.mine(4, { interval: 7 });
    const steps = await stepsOf(watcher);
    expect(steps.map(({ kind }) => kind)).to.deep.equal(["steppedBack", "caughtUp"]);
    const [last] = steps.slice(-1) as Extract<sdk.WatchStep, { kind: "caughtUp" }>[];
    expect(last!.pending.map(({ seq }) => seq)).to.deep.equal([2n]);
    await attestMore(world);
    expect(findingsOf(await stepsOf(watcher))).to.deep.equal({ 3: [] });
  });

  it("goes by the proposal where its makers publish it", async () => {
    const world = await attested();
    await world.serve(1);
    await world.publish();
    const proposal = await world.attest();
    const by = (through: sdk.Proposal["through"]) =>
      watcherOf(world, { proposalOf: (seq) => Promise.resolve(seq === 3n ? { through } : undefined) });
    expect(findingsOf(await stepsOf(await by(proposal.through)))).to.deep.equal({ 1: [], 2: [], 3: [] });
    const other = findingsOf(await stepsOf(await by([])));
    expect(other).to.deep.include({ 1: [], 2: [] });
    expect(other[3], "blocks that its makers did not name").to.have.length(1);
  });

  it("verifies what was posted by way of another contract, without naming who signed", async () => {
    const world = await attested();
    const authority = await ethers.getContractAt("AccessManager", world.d.addresses.authority);
    world.post = async (post) => {
      const { to, data } = sdk.postAttestation.call(world.d, post);
      return (await authority.execute(to, data)).wait();
    };
    await attestMore(world);
    const steps = await stepsOf(await watcherOf(world));
    const [said] = steps.flatMap((step) => (step.kind === "attestation" && step.seq === 3n ? [step] : []));
    expect(said).to.deep.include({ findings: [], signers: undefined });
  });

  it("takes a router that shows all its blocks each time, and no defect for the fault of one", async () => {
    const world = await attested();
    const fetchBlocks = (router: sdk.Address) => Promise.resolve(world.published.get(router) ?? []);
    const watcher = await watcherOf(world, { transport: { fetchBlocks } });
    expect(findingsOf(await stepsOf(watcher))).to.deep.equal({ 1: [], 2: [] });
    await attestMore(world);
    expect(findingsOf(await stepsOf(watcher)), "what is new behind what is known").to.deep.equal({ 3: [] });
    const defect = () => Promise.reject(new TypeError("defect"));
    const broken = await watcherOf(world, { transport: { fetchBlocks: defect } });
    expect(await failureOf(stepsOf(broken))).to.be.instanceOf(TypeError);
  });
});
