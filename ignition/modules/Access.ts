import { ADMIN_ROLE, GOVERNANCE_ROLE, GUARDIAN_ROLE } from "@yellowstone-compute/sdk";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Who may do what, and after which delay. The deployer is its admin until the last step of the deployment. */
export default buildModule("Access", (m) => {
  const governance = m.getParameter<string>("governance");
  const delay = m.getParameter<bigint>("governanceDelaySeconds");
  const authority = m.contract("AccessManager", [m.getAccount(0)]);
  m.call(authority, "labelRole", [GUARDIAN_ROLE, "GUARDIAN"], { id: "labelGuardian" });
  m.call(authority, "labelRole", [GOVERNANCE_ROLE, "GOVERNANCE"], { id: "labelGovernance" });
  m.call(authority, "grantRole", [GUARDIAN_ROLE, m.getParameter<string>("guardian"), 0n], { id: "grantGuardian" });
  m.call(authority, "grantRole", [GOVERNANCE_ROLE, governance, delay], { id: "grantGovernance" });
  // Must be mined before the deployer renounces.
  const admin = m.call(authority, "grantRole", [ADMIN_ROLE, governance, delay], { id: "grantAdmin" });
  return { authority, admin };
});
