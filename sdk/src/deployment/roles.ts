import { FunctionFragment, type JsonFragment } from "ethers";
import { computeContractAbi } from "../abi/computeContract.js";
import { providerRegistryAbi } from "../abi/providerRegistry.js";
import { routerSetAbi } from "../abi/routerSet.js";
import type { Hex } from "../units/brands.js";

/** Role of the AccessManager itself: grants and revokes the others. Held by governance alone, with its delay. */
export const ADMIN_ROLE = 0n;
/** May delay, without delay of its own: veto, pause, removal of a router. Can neither take nor pay anything. */
export const GUARDIAN_ROLE = 1n;
/** May change what is left to change, after its delay. Can move no MOR and touch no credit, claim, debt or guard. */
export const GOVERNANCE_ROLE = 2n;

/** A contract of the suite with functions that need a role. */
export type RestrictedContract = "compute" | "registry" | "routers";

/** A function that needs a role (design 10). All others are open to anyone, or check a provider's owner or a quorum. */
export interface RestrictedFunction {
  readonly contract: RestrictedContract;
  readonly method: string;
  readonly selector: Hex;
  readonly roleId: bigint;
  /** What it is for, and what the role cannot do with it. */
  readonly cannot: string;
}

const ABIS: Readonly<Record<RestrictedContract, readonly JsonFragment[]>> = {
  compute: computeContractAbi,
  registry: providerRegistryAbi,
  routers: routerSetAbi,
};

/** Every function of the suite that needs a role. A test compares it with the ABIs and with the chain. */
export const RESTRICTED_FUNCTIONS: readonly RestrictedFunction[] = Object.freeze([
  restricted(
    "compute",
    "veto",
    GUARDIAN_ROLE,
    "touch an active attestation, or keep the credits from being attested again",
  ),
  restricted(
    "compute",
    "pauseAttestations",
    GUARDIAN_ROLE,
    "pause for more than 7 days, twice without governance, or claims",
  ),
  restricted("compute", "resumeAttestations", GUARDIAN_ROLE, "anything but end a pause early"),
  restricted("compute", "rearmPause", GOVERNANCE_ROLE, "pause by itself"),
  restricted("compute", "rescue", GOVERNANCE_ROLE, "move MOR"),
  restricted("registry", "vetoSlash", GUARDIAN_ROLE, "take a bond, or touch a payee, a debt or an exit"),
  restricted("registry", "setMinBond", GOVERNANCE_ROLE, "touch a bond that is there, or leave 1 wei to 100,000 MOR"),
  restricted("registry", "rescue", GOVERNANCE_ROLE, "move MOR"),
  restricted("routers", "removeRouter", GUARDIAN_ROLE, "lower the threshold, or leave fewer routers than it"),
  restricted("routers", "setRouters", GOVERNANCE_ROLE, "set a threshold of half or less"),
]);

/** Selectors of a contract's functions that belong to a role, as `setTargetFunctionRole` takes them. */
export function selectorsOf(contract: RestrictedContract, roleId: bigint): Hex[] {
  return RESTRICTED_FUNCTIONS.filter((each) => each.contract === contract && each.roleId === roleId).map(
    ({ selector }) => selector,
  );
}

function restricted(contract: RestrictedContract, method: string, roleId: bigint, cannot: string): RestrictedFunction {
  // The ABIs are constants of this package: the function is there.
  const entry = ABIS[contract].find(({ type, name }) => type === "function" && name === method);
  const selector = FunctionFragment.from(entry).selector as Hex;
  return Object.freeze({ contract, method, selector, roleId, cannot });
}
