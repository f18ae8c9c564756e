import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { readGovernanceDelays, renderRoles, withRoles } from "../../scripts/tools/rolesPage.js";
import { deployWithProviders, failureOf, networkHelpers } from "../sdk/actions/fixture.js";

const ABIS = {
  compute: sdk.computeContractAbi,
  registry: sdk.providerRegistryAbi,
  routers: sdk.routerSetAbi,
  bootstrap: sdk.bootstrapPoolAbi,
  authority: sdk.accessManagerAbi,
} as const;
const running = () => deployWithProviders(1);

/** What a stranger meets at a function that is not open to it, by who may call it. */
const REFUSALS: Readonly<Record<string, new (...args: never[]) => Error>> = {
  role: sdk.AccessManagedUnauthorized,
  admin: sdk.AccessManagerUnauthorizedAccount,
  "the provider's owner": sdk.RegistryNotOwner,
  "the proposed owner": sdk.RegistryNothingPending,
  "the compute contract": sdk.RegistryNotCompute,
  "the bootstrap pool": sdk.ComputeNotBootstrap,
  "the AccessManager": sdk.AccessManagedUnauthorized,
};

describe("permissions", () => {
  it("hold every function that changes something, once", () => {
    const changing = Object.entries(ABIS).flatMap(([contract, abi]) =>
      Interface.from(abi)
        .fragments.filter((each) => each.type === "function")
        .map((each) => JSON.parse(each.format("json")) as { name: string; stateMutability: string })
        .filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure")
        .map(({ name }) => `${contract}.${name}`),
    );
    expect(sdk.PERMISSIONS.map(({ contract, method }) => `${contract}.${method}`)).to.have.members(changing);
  });

  it("are those of the chain: the role of each function, and who is refused", async () => {
    const { d, asStranger } = await networkHelpers.loadFixture(running);
    const from = await (asStranger.runner as unknown as { getAddress(): Promise<string> }).getAddress();
    for (const { contract, method, caller, roleId } of sdk.PERMISSIONS) {
      const { selector } = Interface.from(ABIS[contract]).getFunction(method)!;
      if (caller === "role") {
        expect(await d.authority.getTargetFunctionRole(d.addresses[contract], selector), method).to.equal(roleId);
      }
      // Zeros are arguments enough: who calls is checked before anything else.
      const data = `${selector}${"00".repeat(32 * 12)}`;
      const failure = await failureOf(d.provider.call({ to: d.addresses[contract], data, from }));
      const refused = failure === undefined ? undefined : sdk.decodeError(failure);
      const expected = REFUSALS[caller];
      if (expected !== undefined) expect(refused, `${contract}.${method}`).to.be.instanceOf(expected);
      else expect(refused, `${contract}.${method}`).not.to.be.instanceOf(sdk.AccessManagedUnauthorized);
    }
  });

  it("are the page in SECURITY.md", () => {
    const page = readFileSync("SECURITY.md", "utf8");
    expect(withRoles(page, renderRoles(readGovernanceDelays())), "run `npm run roles`").to.equal(page);
  });
});
