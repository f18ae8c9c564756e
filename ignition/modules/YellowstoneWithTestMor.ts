import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Lens from "./Lens.js";
import { deploySuite } from "./suite.js";

/** The suite where there is no MOR: over a test token of its own. Takes the same parameters, without `token`. */
export default buildModule("Yellowstone", (m) => {
  const { lens } = m.useModule(Lens);
  const token = m.contract("TestMor", [], { after: [lens] });
  return { ...deploySuite(m, token), token };
});
