import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Routers from "./Routers.js";

/** The views. Holds nothing, serves every deployment. */
export default buildModule("Lens", (m) => {
  const { routers } = m.useModule(Routers);
  return { lens: m.contract("ComputeLens", [], { after: [routers] }) };
});
