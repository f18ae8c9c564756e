import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Knows who may do what, and after which delay. The deployer is its admin until the last step of the deployment. */
export default buildModule("Access", (m) => ({ authority: m.contract("AccessManager", [m.getAccount(0)]) }));
