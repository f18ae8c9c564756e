import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { addressesAmong, publishedOn } from "../../../sdk/dist/deployment/addresses.js";
import { deploySuite, deploySuiteWith, ethers, failureOf, networkHelpers } from "./fixture.js";

const NOBODY = sdk.address("0x00000000000000000000000000000000000000aa");

describe("connect", () => {
  it("reads the whole wiring from the compute contract", async () => {
    const { d, token } = await networkHelpers.loadFixture(deploySuite);
    expect(d.chainId).to.equal(31_337n);
    expect(d.addresses.token).to.equal(await token.getAddress());
    expect(d.addresses.registry).to.equal(await d.compute.REGISTRY());
    expect(d.addresses.bootstrap).to.equal(await d.compute.BOOTSTRAP());
    expect(d.domain).to.deep.equal(sdk.createDomain(d.chainId, d.addresses.compute));
    expect(d.emissionStart).to.equal(await d.schedule.startAt());
    expect(d.codeHash).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("reads the bootstrap window, if there is one", async () => {
    const window = { inSeconds: 500, length: 9_000, seasonLength: 3_600, entryWindow: 600 };
    const { d } = await deploySuiteWith({ window });
    const startAt = await d.bootstrap.WINDOW_START();
    const expected = { startAt, endAt: startAt + 9_000n, seasonSeconds: 3_600n, entrySeconds: 600n };
    expect(d.bootstrapWindow).to.deep.equal(expected);
    expect(sdk.seasonCount(expected)).to.equal(await d.bootstrap.SEASON_COUNT());
  });

  it("accepts what is given twice if it is the same", async () => {
    const { d, addresses, sender } = await networkHelpers.loadFixture(deploySuite);
    const known = { ...d.addresses, ...addresses, codeHash: d.codeHash, deployedInBlock: 3 };
    expect((await sdk.connect({ runner: sender, addresses: known })).deployedInBlock).to.equal(3);
  });

  const refusals: [string, Partial<sdk.KnownAddresses>, abstract new (...args: never[]) => Error][] = [
    ["no compute contract", { compute: NOBODY }, sdk.NoCode],
    ["no lens", { lens: NOBODY }, sdk.NoCode],
    ["other code", { codeHash: sdk.hash32(`0x${"00".repeat(32)}`) }, sdk.CodeMismatch],
    ["another bootstrap pool", { bootstrap: NOBODY }, sdk.WiringMismatch],
    ["another registry", { registry: NOBODY }, sdk.WiringMismatch],
    ["another token", { token: NOBODY }, sdk.WiringMismatch],
  ];
  for (const [name, change, Class] of refusals) {
    it(`refuses ${name}`, async () => {
      const { addresses, sender } = await networkHelpers.loadFixture(deploySuite);
      const error = await failureOf(sdk.connect({ runner: sender, addresses: { ...addresses, ...change } }));
      expect(error).to.be.instanceOf(Class);
    });
  }

  it("refuses a contract that is no compute contract", async () => {
    const { addresses, sender, token } = await networkHelpers.loadFixture(deploySuite);
    const compute = sdk.address(await token.getAddress());
    const error = await failureOf(sdk.connect({ runner: sender, addresses: { ...addresses, compute } }));
    expect(error).to.be.instanceOf(sdk.VersionMismatch);
  });

  it("refuses a chain without a published deployment, and a runner without a chain", async () => {
    expect(await failureOf(sdk.connect({ runner: ethers.provider }))).to.be.instanceOf(sdk.UnknownChain);
    const offline = ethers.Wallet.createRandom();
    expect(await failureOf(sdk.connect({ runner: offline }))).to.be.instanceOf(sdk.ProviderMissing);
  });

  it("takes the deployment that is published for the chain, and names those there are", () => {
    const published = [8_453n, 42_161n].map((chainId) => ({ chainId }) as sdk.PublishedDeployment);
    expect(publishedOn(42_161n, published)).to.equal(published[1]);
    expect(addressesAmong(published, 8453)).to.equal(published[0]);
    expect(publishedOn(1n, published)).to.equal(undefined);
    expect(() => addressesAmong(published, 1))
      .to.throw(sdk.UnknownChain)
      .with.property("data")
      .that.deep.equals({ chainId: 1n, known: [8_453n, 42_161n] });
  });

  it("knows MOR on its chains", () => {
    expect(sdk.morAddressOf(8453)).to.equal("0x7431aDa8a591C955a994a21710752EF9b882b8e3");
    expect(sdk.morAddressOf(84_532n)).to.equal("0x5C80Ddd187054E1E4aBBfFCD750498e81d34FfA3");
    expect(() => sdk.morAddressOf(1)).to.throw(sdk.UnknownChain);
    expect(() => sdk.addressesOf(8453)).to.throw(sdk.UnknownChain);
  });
});
