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

/** Deploy the suite over `token` and hand it to guardian and governance. The compute contract deploys its own registry and bootstrap pool. */
export function deploySuite(m: IgnitionModuleBuilder, token: ArgumentType) {
  const { authority } = m.useModule(Access);
  const { schedule } = m.useModule(Schedule);
  const { routers } = m.useModule(Routers);
  const { lens } = m.useModule(Lens);
  const compute = m.contract("ComputeContract", [
    token,
    schedule,
    routers,
    authority,
    m.getParameter<bigint>("activationDelaySeconds"),
    {
      minBondWei: m.getParameter<bigint>("minBondWei"),
      changeDelay: m.getParameter<bigint>("changeDelaySeconds"),
      unbondingDelay: m.getParameter<bigint>("unbondingDelaySeconds"),
    },
    {
      startAt: m.getParameter<bigint>("bootstrapStartAt"),
      endAt: m.getParameter<bigint>("bootstrapEndAt"),
      seasonLength: m.getParameter<bigint>("seasonSeconds"),
      entryWindow: m.getParameter<bigint>("entryWindowSeconds"),
    },
  ]);
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
  const steps: Future[] = [];
  const step = (id: string, method: string, args: ArgumentType[]) => {
    steps.push(m.call(authority, method, args, { id }));
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
  const deployer = m.getAccount(0);
  m.call(authority, "renounceRole", [ADMIN_ROLE, deployer], { id: "renounce_admin", after: steps });
}
