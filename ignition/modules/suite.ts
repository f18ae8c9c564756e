import {
  ADMIN_ROLE,
  GOVERNANCE_ROLE,
  GUARDIAN_ROLE,
  selectorsOf,
  type RestrictedContract,
} from "@yellowstone-compute/sdk";
import type {
  ArgumentType,
  CallableContractFuture,
  ContractFuture,
  Future,
  IgnitionModuleBuilder,
} from "@nomicfoundation/ignition-core";
import Access from "./Access.js";
import Lens from "./Lens.js";
import Routers from "./Routers.js";
import Schedule from "./Schedule.js";

type Contract = CallableContractFuture<string>;

/**
 * Deploy the suite over `token` and hand it to guardian and governance. The compute contract deploys its own registry and bootstrap pool.
 * Each transaction of a deployment waits for the one before: wherever it is interrupted, at most one is in doubt, and the addresses come
 * out the same.
 */
export function deploySuite(m: IgnitionModuleBuilder, token: ArgumentType) {
  const { authority } = m.useModule(Access);
  const { schedule } = m.useModule(Schedule);
  const { routers } = m.useModule(Routers);
  const { lens } = m.useModule(Lens);
  const rules = {
    minBondWei: m.getParameter<bigint>("minBondWei"),
    changeDelay: m.getParameter<bigint>("changeDelaySeconds"),
    unbondingDelay: m.getParameter<bigint>("unbondingDelaySeconds"),
  };
  const window = {
    startAt: m.getParameter<bigint>("bootstrapStartAt"),
    endAt: m.getParameter<bigint>("bootstrapEndAt"),
    seasonLength: m.getParameter<bigint>("seasonSeconds"),
    entryWindow: m.getParameter<bigint>("entryWindowSeconds"),
  };
  const activationDelay = m.getParameter<bigint>("activationDelaySeconds");
  const parameters = [token, schedule, routers, authority, activationDelay, rules, window];
  const compute = m.contract("ComputeContract", parameters, { after: [lens] });
  const registry = m.contractAt("ProviderRegistry", m.staticCall(compute, "REGISTRY"));
  const bootstrap = m.contractAt("BootstrapPool", m.staticCall(compute, "BOOTSTRAP"));
  handOver(m, authority, { compute, registry, routers });
  return { authority, bootstrap, compute, lens, registry, routers, schedule };
}

/** Every restricted function gets its role, every role its holder; then the deployer gives up what it has. */
function handOver(
  m: IgnitionModuleBuilder,
  authority: Contract,
  contracts: Readonly<Record<RestrictedContract, ContractFuture<string>>>,
): void {
  const roles = { guardian: GUARDIAN_ROLE, governance: GOVERNANCE_ROLE };
  let last: Future = contracts.compute;
  const step = (id: string, method: string, args: ArgumentType[]) => {
    last = m.call(authority, method, args, { id, after: [last] });
  };
  for (const [role, roleId] of Object.entries(roles)) {
    step(`label_${role}`, "labelRole", [roleId, role.toUpperCase()]);
    for (const name of ["compute", "registry", "routers"] as const) {
      const selectors = selectorsOf(name, roleId);
      step(`${role}_of_${name}`, "setTargetFunctionRole", [contracts[name], selectors, roleId]);
    }
  }
  const governance = m.getParameter<string>("governance");
  const delay = m.getParameter<bigint>("governanceDelaySeconds");
  step("grant_guardian", "grantRole", [GUARDIAN_ROLE, m.getParameter<string>("guardian"), 0n]);
  step("grant_governance", "grantRole", [GOVERNANCE_ROLE, governance, delay]);
  step("grant_admin", "grantRole", [ADMIN_ROLE, governance, delay]);
  step("renounce_admin", "renounceRole", [ADMIN_ROLE, m.getAccount(0)]);
}
