import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { ethers, networkHelpers } from "../actions/fixture.js";
import { SeasonWorld } from "../actions/seasonWorld.js";
import { serveChain, type Served } from "./served.js";
import { jsonOf, runHere, SENDER_KEY } from "./yellowstone.js";

describe("command line: what the moment changes", function () {
  this.timeout(60_000);
  let node: Served;
  let world: SeasonWorld;
  let env: Record<string, string>;

  before(async () => {
    world = await SeasonWorld.deploy(3, 2);
    node = await serveChain(ethers.provider);
    const { compute, lens } = world.d.addresses;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      YELLOWSTONE_KEY: SENDER_KEY,
    };
  });
  after(() => node.close());
  const said = async (...args: string[]) => (await runHere(args, env)).out;

  it("before the first season that one is meant, and nobody is in it", async () => {
    const ranking = await said("season", "ranking");
    expect(ranking).to.include("season 0: ahead").and.include("nobody was credited");
    expect(jsonOf(await runHere(["season", "status", "--id", "0", "--json"], env))).to.deep.include({
      season: "0",
      rank: null,
    });
    expect(await said("season", "enter", "--yes")).to.include("nobody is to be entered");
    expect(await said("status")).to.match(/season +none runs/);
  });

  it("while one runs, what waits can be vetoed, and a pause is shown until it is over", async () => {
    await world.to(world.window.startAt + 10n);
    await world.attest(new Map([[0, 3_000_000n]]));
    await sdk.pauseAttestations.sendAndWait(world.suite.asGuardian, { durationSeconds: 3_600n });
    const status = await said("status");
    expect(status)
      .to.match(/season +0/)
      .and.match(/paused +until .* UTC; claims are not/);
    expect(status)
      .to.include("1 can still be vetoed")
      .and.match(/attestation +active at +veto within/);
    const json = jsonOf(await runHere(["status", "--json"], env));
    expect(json["pending"]).to.have.length(1);
    expect(json["pausedUntil"]).to.match(/^\d+$/);
    const watched = await said("watch", "--once");
    expect(watched).to.match(/can be vetoed for \d+ min/);
    await networkHelpers.time.increase(3_601);
    await networkHelpers.mine();
    expect(jsonOf(await runHere(["status", "--json"], env))).to.deep.include({ pausedUntil: null, pending: [] });
  });

  it("after the last one that one is meant; a share is shown only when its season is closed", async () => {
    await world.toEndOf(0n);
    expect(await said("season", "enter", "--id", "0", "--yes")).to.include("provider 0 is entered with 3 MOR");
    await world.to((await sdk.readSeason(world.d, 0)).entryEndAt);
    const early = jsonOf(
      await runHere(["season", "award", "--season", "0", "--id", "0", "--dry-run", "--json"], env),
      EXIT.refused,
    );
    expect(early).to.deep.include({ season: "0" });
    expect(await said("season", "close", "--yes"))
      .to.include("season 0 is closed")
      .and.not.include("became free");
    expect(await said("season", "ranking", "--season", "0")).to.match(/1 +0 +3 +yes +\S+ +no/);
    await world.toEndOf(1n, 10_000);
    expect(await said("season", "ranking")).to.include("season 1: ");
    expect(await said("season", "enter", "--yes")).to.include("nobody is to be entered");
    expect(await said("season", "close", "--yes")).to.match(
      /season 1 is closed: .* became free behind the last season/,
    );
  });
});
