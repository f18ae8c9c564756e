import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Contract, ContractFactory, type InterfaceAbi } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { testArtifact } from "../../utils/testArtifact.js";
import { ACTIVATION_DELAY, ethers, networkHelpers, payoutOf } from "../actions/fixture.js";
import { ENTRY, SeasonWorld, wei } from "../actions/seasonWorld.js";
import { serveChain, type Served } from "./served.js";
import { jsonOf, outcomesOf, runHere, SENDER_KEY } from "./yellowstone.js";

describe("command line: a provider whose payout address takes no tokens", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-unpayable-"));
  let node: Served;
  let world: SeasonWorld;
  let env: Record<string, string>;

  before(async () => {
    world = await SeasonWorld.deploy(3, 2);
    node = await serveChain(ethers.provider);
    const { compute, lens, token } = world.d.addresses;
    env = {
      YELLOWSTONE_RPC: node.url,
      YELLOWSTONE_COMPUTE: compute,
      YELLOWSTONE_LENS: lens,
      YELLOWSTONE_KEY: SENDER_KEY,
      YELLOWSTONE_SNAPSHOT: join(scratch, "ledger.json"),
    };
    await world.to(world.window.startAt);
    await world.attest(
      new Map([
        [0, 3_000_000n],
        [2, 9_000_000n],
      ]),
    );
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    // The token as it is, and with a list of those it refuses.
    const { abi, bytecode } = await testArtifact("test/mocks/HookToken.sol", "HookToken");
    const [sender] = await ethers.getSigners();
    const hook = await new ContractFactory(abi as InterfaceAbi, bytecode, sender).deploy();
    await networkHelpers.setCode(token, await ethers.provider.getCode(await hook.getAddress()));
    const refuse = new Contract(token, abi as InterfaceAbi, sender).getFunction("setRefused");
    await refuse(payoutOf(2), true);
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  it("keeps its credit when others are claimed for with it, and is named", async () => {
    const claim = ["provider", "claim", "--id", "0,1,2", "--yes"];
    const { out, err, code } = await runHere(claim, env);
    expect(code, err).to.equal(0);
    expect(err, "what is left out is said before").to.include("provider 1: nothing is due");
    expect(out).to.match(/^paid 3 MOR\n {2}provider 0 {2}3 MOR\n/);
    expect(out).to.include(`provider 2  9 MOR cannot be paid at ${payoutOf(2)}: it stays owed`);
    const again = await runHere(["provider", "credit", "--id", "2", "--json"], env);
    expect(jsonOf(again)).to.include({ paidMor: "0", claimableMor: "9" });
  });

  it("is named in JSON too", async () => {
    await world.attest(new Map([[0, 1_000_000n]]));
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    const json = jsonOf(await runHere(["provider", "claim", "--id", "0,2", "--yes", "--json"], env));
    expect(outcomesOf(json)[0]).to.include({ paidMor: "1" });
    const [one] = outcomesOf(json)[0]?.["failed"] as object[];
    expect(one).to.include({ id: "2", payout: payoutOf(2), amountMor: "9" });
  });

  it("keeps its share of a season", async () => {
    await world.toEndOf(0n);
    await world.arrive(10n ** 18n);
    await runHere(["season", "enter", "--season", "0", "--yes"], env);
    await world.toEndOf(0n, ENTRY);
    await runHere(["season", "close", "--yes"], env);
    const { shares } = await sdk.readSeason(world.d, 0);
    const share = shares.find(({ id }) => id === 2n)!.shareUMor;
    const award = ["season", "award", "--season", "0", "--yes"];
    const json = jsonOf(await runHere([...award, "--json", "--id", "0", "--id", "2"], env));
    const [one] = outcomesOf(json)[0]?.["failed"] as object[];
    expect(one).to.include({ id: "2", payout: payoutOf(2), amountWei: wei(share).toString() });
    expect((await sdk.readSeason(world.d, 0)).awarded).to.deep.equal([shares.findIndex(({ id }) => id === 0n)]);
  });
});
