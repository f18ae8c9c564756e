import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Lens from "./Lens.js";
import Routers from "./Routers.js";
import Schedule from "./Schedule.js";

/** The suite over the MOR of its chain. The compute contract deploys its own registry. */
export default buildModule("Yellowstone", (m) => {
  const { schedule } = m.useModule(Schedule);
  const { routers } = m.useModule(Routers);
  const { lens } = m.useModule(Lens);
  const compute = m.contract("ComputeContract", [
    m.getParameter<string>("token"),
    schedule,
    routers,
    m.getParameter<bigint>("activationDelaySeconds"),
    m.getParameter<bigint>("minBondWei"),
  ]);
  return { compute, lens, routers, schedule };
});
