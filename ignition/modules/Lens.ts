import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The views. Holds nothing, serves every deployment. */
export default buildModule("Lens", (m) => ({ lens: m.contract("ComputeLens") }));
