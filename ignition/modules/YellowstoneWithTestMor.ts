import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Lens from "./Lens.js";
import Routers from "./Routers.js";
import Schedule from "./Schedule.js";

/** The suite where there is no MOR: over a test token of its own. Takes the same parameters, without `token`. */
export default buildModule("Yellowstone", (m) => {
  const { schedule } = m.useModule(Schedule);
  const { routers } = m.useModule(Routers);
  const { lens } = m.useModule(Lens);
  const token = m.contract("TestMor");
  const compute = m.contract("ComputeContract", [
    token,
    schedule,
    routers,
    m.getParameter<bigint>("activationDelaySeconds"),
    m.getParameter<bigint>("minBondWei"),
  ]);
  return { compute, lens, routers, schedule, token };
});
