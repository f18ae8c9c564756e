import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { Owners, readSets } from "../../../sdk/dist/service/chainAccess.js";
import { Clocks } from "../../utils/clocks.js";
import { unsteady } from "../../utils/unsteady.js";
import { CHANGE_DELAY, ROUTERS, deployWithProviders, failureOf, networkHelpers } from "../actions/fixture.js";

const running = () => deployWithProviders(1);
const id = sdk.providerId(0);

describe("service: what a router asks its chain", () => {
  const clocks = new Clocks();
  afterEach(() => clocks.reset());

  it("knows owners for a while, and those before them for as long as it runs", async () => {
    const { d, asStranger, sender } = await networkHelpers.loadFixture(running);
    const [before, after] = [sender.address, await (asStranger.runner as typeof sender).getAddress()].map((each) =>
      sdk.address(each),
    ) as [sdk.Address, sdk.Address];
    const node = unsteady(d);
    const owners = new Owners(node.d, 1_000);
    expect(await owners.ownerOf(id)).to.equal(before);
    await sdk.proposeOwner.sendAndWait(d, { id, newOwner: after });
    await networkHelpers.time.increase(CHANGE_DELAY);
    await sdk.acceptOwner.sendAndWait(asStranger, { id });
    const { asked } = node;
    expect(await owners.ownerOf(id), "as it was a moment ago").to.equal(before);
    expect(node.asked).to.equal(asked);
    clocks.ahead(1_001);
    expect(await owners.ownerOf(id)).to.equal(after);
    expect(await Promise.all([before, after].map((owner) => owners.isOwner(id, owner)))).to.deep.equal([true, true]);
    expect(await owners.isOwner(id, sdk.address(`0x${"11".repeat(20)}`)), "never").to.equal(false);
    expect(await new Owners(d).isOwner(id, before), "for whoever comes later").to.equal(false);
  });

  it("reads the set in force and those before it, or says that the chain does not show when they ended", async () => {
    const { d, asGuardian } = await networkHelpers.loadFixture(running);
    const [first, ...rest] = ROUTERS.map(({ address }) => address);
    expect((await readSets(d)).earlierSets).to.deep.equal([]);
    await sdk.removeRouter.sendAndWait(asGuardian, { account: first! });
    const untilMs = BigInt(await networkHelpers.time.latest()) * 1_000n + 300_000n;
    const { set, earlierSets } = await readSets(d);
    expect(set.routers.map(({ account }) => account)).to.deep.equal(rest);
    expect(earlierSets).to.deep.equal([{ routers: [first, ...rest], untilMs }]);
    const pruned = new Proxy(d.provider, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name === "getBlock") return () => Promise.resolve(null);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const failure = await failureOf(readSets({ ...d, provider: pruned }));
    expect(failure).to.be.instanceOf(sdk.ChainRequestFailed);
    expect(failure).to.include({ retry: "later" });
  });
});
