import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { ethers } from "../actions/fixture.js";
import { SeasonWorld } from "../actions/seasonWorld.js";
import { serveChain, type Served } from "./served.js";
import { callsOf, failureOf, jsonOf, outcomesOf, runHere, SENDER_KEY, yellowstone, type Json } from "./yellowstone.js";

describe("command line: seasons", function () {
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
    await world.to(world.window.startAt);
    await world.attest(
      new Map([
        [0, 3_000_000n],
        [2, 9_000_000n],
      ]),
    );
    await world.toEndOf(0n);
    await world.arrive(10n ** 18n);
  });
  after(() => node.close());

  const ranksOf = (json: Json) => json["ranking"] as { id: string; isEntered: boolean; shareMor?: string }[];

  it("ranking and status: before anybody is entered", async () => {
    const ranking = jsonOf(await yellowstone(["season", "ranking", "--season", "0", "--json"], env));
    expect(ranking).to.include({ phase: "entering", competing: 2 });
    expect(ranksOf(ranking).map(({ id, isEntered }) => [id, isEntered])).to.deep.equal([
      ["2", false],
      ["0", false],
    ]);
    const words = await runHere(["season", "status", "--id", "0", "--season", "0"], env);
    expect(words.out).to.include("rank 2 of 2").and.include("not entered yet");
  });

  it("enter: a dry run, then all who belong there, then nobody", async () => {
    const enter = ["season", "enter", "--json"];
    const dry = jsonOf(await runHere([...enter, "--dry-run"], env));
    expect(dry).to.include({ season: "0" });
    expect(callsOf(dry)[0]).to.include({ contract: "bootstrap", failure: null });
    expect((await sdk.readSeason(world.d, 0)).list).to.deep.equal([]);
    const json = jsonOf(await yellowstone([...enter, "--yes"], env));
    expect((outcomesOf(json)[0]?.["entered"] as { id: string }[]).map(({ id }) => id)).to.have.members(["0", "2"]);
    expect(jsonOf(await runHere([...enter, "--yes"], env))["transactions"]).to.deep.equal([]);
  });

  it("close and award: in order, each once", async () => {
    const close = ["season", "close", "--yes", "--json"];
    expect(failureOf(await runHere(close, env), EXIT.refused)["code"]).to.equal("BootstrapSeasonOpen");
    await world.to((await sdk.readSeason(world.d, 0)).entryEndAt);
    const closed = outcomesOf(jsonOf(await runHere(close, env)))[0];
    expect(closed).to.include({ season: "0" });
    const award = ["season", "award", "--json"];
    expect(callsOf(jsonOf(await runHere([...award, "--dry-run", "--id", "2"], env)))[0]).to.include({ failure: null });
    expect((await runHere([...award, "--id", "1", "--yes"], env)).code, "not in the list").to.equal(EXIT.usage);
    const paid = outcomesOf(jsonOf(await yellowstone([...award, "--yes"], env)))[0];
    expect(paid?.["paidWei"]).to.equal(closed?.["sharesWei"]);
    expect(failureOf(await runHere([...award, "--yes"], env), EXIT.refused)["code"]).to.equal("BootstrapNothingDue");
    const { out } = await runHere(["season", "ranking", "--season", "0"], env);
    expect(out)
      .to.include("season 0: closed")
      .and.match(/2 +9 +yes +\S+ +yes/);
  });

  it("refuses a season that there is none of", async () => {
    const { code } = await runHere(["season", "ranking", "--season", "9"], env);
    expect(code).to.equal(EXIT.refused);
  });
});
